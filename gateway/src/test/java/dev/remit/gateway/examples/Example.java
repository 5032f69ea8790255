package dev.remit.gateway.examples;

import static java.util.Objects.requireNonNull;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Bundle;
import dev.remit.core.agent.FolderReader;
import dev.remit.core.agent.OutcomeCheck;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.json.Json;
import dev.remit.core.json.Schema;
import dev.remit.core.json.SchemaFault;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.gateway.Requests;
import dev.remit.gateway.rehearsal.RehearsalProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// A folder under `examples/`, read as the server reads it.
record Example(Path folder, Bundle bundle) {
    private static final PatternRedactor REDACTOR = new PatternRedactor();

    static Example read(String name) {
        var folder = Path.of("..", "examples", name);
        var files = new TreeMap<String, String>();
        try (var paths = Files.walk(folder)) {
            for (var path : paths.filter(Files::isRegularFile).toList()) {
                var within = folder.relativize(path).toString().replace('\\', '/');
                files.put(within, Files.readString(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var reading = FolderReader.read(files);
        if (reading.bundle() == null) {
            throw new AssertionError(reading.faults().toString());
        }
        return new Example(folder, reading.bundle());
    }

    JsonNode file(String path) {
        try {
            return Json.parse(Files.readString(folder.resolve(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<AgentDefinition> agents() {
        return bundle.all().stream()
                .filter(AgentDefinition.class::isInstance)
                .map(AgentDefinition.class::cast)
                .toList();
    }

    List<SchemaFault> refusal(JsonNode input) {
        var workflow = (WorkflowDefinition) bundle.root();
        return Schema.compile(requireNonNull(workflow.input())).check(input);
    }

    /// What an agent says to an input that went through redaction, as every input does.
    static Message rehearse(AgentDefinition agent, JsonNode input, Message... before) {
        var request =
                Requests.to("rehearsal")
                        .input(Json.write(REDACTOR.redact(input)))
                        .rehearsal(requireNonNull(agent.rehearsal()))
                        .answer(Json.write(requireNonNull(agent.answer())));
        for (var message : before) {
            request.add(message);
        }
        try {
            return switch (new RehearsalProvider().call(request.make(), tokens -> {})) {
                case ModelAnswer.Reply reply -> reply.message();
                case ModelAnswer.Failure failure -> throw new AssertionError(failure.why());
            };
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static JsonNode answer(AgentDefinition agent, JsonNode input) {
        return Json.parse(rehearse(agent, input).text());
    }

    static List<String> faults(AgentDefinition agent, JsonNode answer, JsonNode input) {
        return OutcomeCheck.check(agent, answer, REDACTOR.redact(input));
    }

    /// The answers of all agents as one document.
    JsonNode merged(JsonNode input) {
        var merged = Json.object();
        for (var agent : agents()) {
            var answer = answer(agent, input);
            var faults = faults(agent, answer, input);
            if (!faults.isEmpty()) {
                throw new AssertionError(agent.name() + ": " + faults + "\n" + Json.pretty(answer));
            }
            for (var part : answer.properties()) {
                if (merged.has(part.getKey())) {
                    throw new AssertionError("two agents answer with " + part.getKey());
                }
                merged.set(part.getKey(), part.getValue());
            }
        }
        return merged;
    }
}
