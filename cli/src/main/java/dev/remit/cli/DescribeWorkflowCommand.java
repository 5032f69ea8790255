package dev.remit.cli;

import dev.remit.core.agent.Applied;
import dev.remit.core.agent.FolderReader;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.drawing.WorkflowSvg;
import dev.remit.core.drawing.WorkflowText;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Draws a workflow.
@Command(
        name = "workflow",
        sortOptions = false,
        description = {
            "Draw a workflow: what it does, in which order, and when.",
            "",
            "A folder is read as it is, without a server.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit describe workflow examples/ship-safely",
            "  ./remit describe workflow ship-safely -o svg > ship-safely.svg"
        })
final class DescribeWorkflowCommand extends RemitCommand {
    @Parameters(
            paramLabel = "WORKFLOW",
            description = "A folder with workflow.yaml, or the name of an applied one.")
    String name = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, svg or json (default: text).")
    String output = "text";

    @Override
    public Integer call() {
        if (!List.of("text", "svg", "json").contains(output)) {
            throw Failure.usage("the format is text, svg or json, not " + output);
        }
        var drawn = drawn();
        switch (output) {
            case "json" -> console().json(drawn);
            case "svg" -> console().print(drawn.path("svg").asString("").stripTrailing());
            default -> console().print(drawn.path("text").asString("").lines().toList());
        }
        return good();
    }

    private JsonNode drawn() {
        var folder = folder();
        if (folder == null) {
            try (var client = server().connect()) {
                return client.drawing(name);
            }
        }
        var reading = FolderReader.read(Folder.read(folder, name), new Anything());
        var bundle = reading.bundle();
        if (bundle == null) {
            var advice = new ArrayList<String>();
            reading.faults().forEach(fault -> advice.add("  " + fault));
            throw Failure.usage(name + " has faults", advice.toArray(String[]::new));
        }
        if (!(bundle.root() instanceof WorkflowDefinition workflow)) {
            throw Failure.usage(name + " is an agent; only a workflow can be drawn");
        }
        return Json.object()
                .put("name", workflow.name())
                .put("text", WorkflowText.draw(workflow))
                .put("svg", WorkflowSvg.draw(workflow));
    }

    private @Nullable Path folder() {
        try {
            var folder = shell().folder().resolve(name);
            return Files.isDirectory(folder) ? folder : null;
        } catch (java.nio.file.InvalidPathException notAPath) {
            return null;
        }
    }

    /// Without a server nobody knows which workflows were applied: each may have been.
    private static final class Anything implements Applied {
        @Override
        public Optional<WorkflowDefinition> find(String name, @Nullable Hash version) {
            return Optional.of(
                    new WorkflowDefinition(
                            name,
                            Hash.of(name),
                            "",
                            null,
                            List.of(),
                            List.of(),
                            null,
                            null,
                            Map.of(),
                            Map.of()));
        }
    }
}
