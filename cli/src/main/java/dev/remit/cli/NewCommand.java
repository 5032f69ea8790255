package dev.remit.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes the folder of a new agent or workflow.
@Command(
        name = "new",
        sortOptions = false,
        description = {"Make a folder with a new agent that runs at once.", ""},
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit new my-agent && ./remit run my-agent",
            "  ./remit new my-workflow --workflow"
        })
final class NewCommand extends RemitCommand {
    private static final List<String> AGENT =
            List.of(
                    "agent.yaml",
                    "instructions.md",
                    "answer.example.yaml",
                    "rehearsal.yaml",
                    "README.md");
    private static final List<String> WORKFLOW =
            List.of(
                    "workflow.yaml",
                    "agents/draft/agent.yaml",
                    "agents/draft/instructions.md",
                    "agents/draft/answer.example.yaml",
                    "agents/draft/rehearsal.yaml",
                    "agents/risks/agent.yaml",
                    "agents/risks/instructions.md",
                    "agents/risks/answer.example.yaml",
                    "agents/risks/rehearsal.yaml",
                    "README.md");

    @Parameters(paramLabel = "FOLDER", description = "The folder to make; its name is the agent's.")
    String folder = "";

    @Option(names = "--workflow", description = "Make a workflow of two agents instead.")
    boolean workflow;

    @Override
    public Integer call() {
        var target = target();
        var name = target.getFileName() == null ? "" : target.getFileName().toString();
        if (!name.matches("[a-z][a-z0-9-]{0,62}")) {
            throw Failure.usage(
                    "an agent's name is lower-case letters, digits and hyphens, not " + name,
                    "Such as ./remit new on-call-triage");
        }
        if (Files.exists(target)) {
            throw Failure.usage(folder + " exists already", "Choose another name.");
        }
        var kind = workflow ? "workflow" : "agent";
        try {
            for (var file : workflow ? WORKFLOW : AGENT) {
                var path = target.resolve(file);
                Files.createDirectories(path.getParent());
                Files.writeString(path, template(kind + "/" + file).replace("@NAME@", name));
            }
        } catch (IOException e) {
            throw Failure.usage("cannot make " + folder + ": " + e.getMessage());
        }
        console().print("made " + folder + ":");
        (workflow ? WORKFLOW : AGENT).forEach(file -> console().print("  " + file));
        console().print("");
        console()
                .print(
                        "try it:  ./remit run "
                                + folder
                                + " --input '"
                                + (workflow
                                        ? "{\"proposal\": \"Raise the cache\u2019s limit.\"}"
                                        : "{\"question\": \"What changed?\"}")
                                + "'");
        return good();
    }

    private Path target() {
        try {
            return shell().folder().resolve(folder).normalize();
        } catch (InvalidPathException e) {
            throw Failure.usage("not a name for a folder: " + folder);
        }
    }

    private static String template(String name) throws IOException {
        try (var in = NewCommand.class.getResourceAsStream("new/" + name)) {
            if (in == null) {
                throw new IOException("this build lacks the template " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
