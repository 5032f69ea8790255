package dev.remit.cli;

import dev.remit.client.ApiException;
import java.nio.file.InvalidPathException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes a folder known to the server.
@Command(
        name = "apply",
        sortOptions = false,
        description = {
            "Make an immutable version of an agent's or a workflow's folder.",
            "",
            "All faults of the files are shown at once, one a line, and nothing is applied then. Sessions that",
            "run stay on the version they began with.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {"  ./remit apply my-agent", "  ./remit apply my-agent --dry-run"})
final class ApplyCommand extends RemitCommand {
    @Parameters(paramLabel = "FOLDER", description = "With agent.yaml or workflow.yaml in it.")
    String folder = "";

    @Option(names = "--dry-run", description = "Only check, and say what would change.")
    boolean dryRun;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        var files = Folder.read(path(), folder);
        try (var client = server().connect()) {
            var applied = client.apply(files, dryRun);
            if (format.json()) {
                console().json(applied);
                return good();
            }
            for (var item : applied.path("applied")) {
                boolean changed = item.path("changed").asBoolean(false);
                console()
                        .print(
                                item.path("name").asString("")
                                        + "  "
                                        + brief(item.path("version").asString(""))
                                        + "  "
                                        + (changed
                                                ? (dryRun ? "would change" : "applied")
                                                : "unchanged"));
            }
            return good();
        } catch (ApiException e) {
            throw Faults.inFiles(e, folder);
        }
    }

    private java.nio.file.Path path() {
        try {
            return shell().folder().resolve(folder);
        } catch (InvalidPathException e) {
            throw Failure.usage("not the name of a folder: " + folder);
        }
    }

    private static String brief(String version) {
        return version.length() > 12 ? version.substring(0, 12) : version;
    }
}
