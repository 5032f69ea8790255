package dev.remit.server.api;

import dev.remit.core.start.StartReader;
import dev.remit.core.text.Formats;
import dev.remit.http.server.Exchange;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A schedule or a trigger as somebody sends it, checked.
///
/// @param spec what it says, without its agent and clean of secrets
record WrittenStart(String name, String agent, JsonNode spec) {
    /// Reads the specification, and throws if it has faults.
    @FunctionalInterface
    interface Check {
        void read(JsonNode spec);
    }

    /// @param kind in words, such as `schedule`
    static WrittenStart of(Exchange exchange, ApiParts parts, String kind, Check check) {
        var name = exchange.parameter("name");
        if (!Formats.isName(name)) {
            throw Problems.badRequest(
                    "a "
                            + kind
                            + "'s name is lower-case letters, digits and hyphens; names with a dot"
                            + " are those in agents' files");
        }
        if (!(exchange.json() instanceof ObjectNode sent)) {
            throw Problems.badRequest("the body is expected to be a JSON object");
        }
        var written = sent.deepCopy();
        var agent = written.path("agent").asString("");
        written.remove("agent");
        if (parts.catalog().current(agent).isEmpty()) {
            throw Problems.unknownAgent();
        }
        var spec = parts.redactor().redact(written);
        try {
            check.read(spec);
        } catch (StartReader.InvalidStart e) {
            throw Problems.files(e.faults());
        }
        return new WrittenStart(name, agent, spec);
    }
}
