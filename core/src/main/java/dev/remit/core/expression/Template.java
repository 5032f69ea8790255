package dev.remit.core.expression;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Placeholder until core.expression lands: whoever lands the real one replaces this whole file and
/// keeps the names and signatures that brain.Answers and brain.WorkflowGraph use (fill, Fault).
public final class Template {
    private Template() {}

    /// A template cannot be filled; the message says where and why.
    public static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    public static JsonNode fill(JsonNode t, Map<String, JsonNode> names) {
        return t;
    }
}
