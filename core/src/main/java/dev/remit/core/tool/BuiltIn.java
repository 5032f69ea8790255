package dev.remit.core.tool;

import dev.remit.core.json.Json;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The tools that every agent may name without describing them. `hands` does them.
public final class BuiltIn {
    public static final String KNOWLEDGE_LIST = "knowledge.list";
    public static final String KNOWLEDGE_SEARCH = "knowledge.search";
    public static final String KNOWLEDGE_READ = "knowledge.read";
    public static final String CLOCK_NOW = "clock.now";
    public static final String JOURNAL_APPEND = "journal.append";
    public static final String SESSION_RESULT = "session.result";

    private static final Map<String, Tool> TOOLS =
            Stream.of(
                            read(
                                    KNOWLEDGE_LIST,
                                    "Lists the files of your knowledge folder, each with its size.",
                                    """
                                    {"type": "object", "properties": {
                                      "under": {"type": "string", "description": "Only files whose path begins with this."}},
                                     "additionalProperties": false}
                                    """),
                            read(
                                    KNOWLEDGE_SEARCH,
                                    "Searches the files of your knowledge folder for words; gives the best places, each with its path and line.",
                                    """
                                    {"type": "object", "required": ["query"], "properties": {
                                      "query": {"type": "string", "minLength": 1, "description": "Words to look for."},
                                      "limit": {"type": "integer", "minimum": 1, "maximum": 50, "description": "Most places to give; 10 if left out."}},
                                     "additionalProperties": false}
                                    """),
                            read(
                                    KNOWLEDGE_READ,
                                    "Reads lines of one file of your knowledge folder.",
                                    """
                                    {"type": "object", "required": ["path"], "properties": {
                                      "path": {"type": "string", "minLength": 1, "description": "As knowledge.list gives it."},
                                      "from": {"type": "integer", "minimum": 1, "description": "First line; 1 if left out."},
                                      "lines": {"type": "integer", "minimum": 1, "maximum": 2000, "description": "How many; 400 if left out."}},
                                     "additionalProperties": false}
                                    """),
                            read(
                                    CLOCK_NOW,
                                    "Tells the present time in UTC.",
                                    """
                                    {"type": "object", "properties": {}, "additionalProperties": false}
                                    """),
                            read(
                                    SESSION_RESULT,
                                    "Gives back what came of an earlier action of this session, as the log has it, where your prompt only has its beginning.",
                                    """
                                    {"type": "object", "required": ["action"], "properties": {
                                      "action": {"type": "string", "pattern": "^[0-9]+\\\\.[0-9]+$", "description": "Its number, such as 12.0."},
                                      "from": {"type": "integer", "minimum": 0, "description": "First character; 0 if left out."},
                                      "characters": {"type": "integer", "minimum": 1, "maximum": 20000, "description": "How many; 4000 if left out."}},
                                     "additionalProperties": false}
                                    """),
                            tool(
                                    JOURNAL_APPEND,
                                    "Appends one line to a journal, a file that people read.",
                                    Tier.WRITE_WITH_EVIDENCE,
                                    """
                                    {"type": "object", "required": ["line"], "properties": {
                                      "journal": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,63}$", "description": "Name of the journal; \\"journal\\" if left out."},
                                      "line": {"type": "string", "minLength": 1, "maxLength": 4000, "description": "What to write."}},
                                     "additionalProperties": false}
                                    """,
                                    false,
                                    1))
                    .collect(Collectors.toUnmodifiableMap(Tool::name, Function.identity()));

    private BuiltIn() {}

    /// By name.
    public static Map<String, Tool> tools() {
        return TOOLS;
    }

    private static Tool read(String name, String description, String input) {
        return tool(name, description, Tier.READ, input, true, 3);
    }

    private static Tool tool(
            String name,
            String description,
            Tier tier,
            String input,
            boolean idempotent,
            int attempts) {
        JsonNode schema = Json.parse(input);
        return new Tool(
                name,
                description,
                tier,
                schema,
                idempotent,
                Duration.ofSeconds(10),
                attempts,
                new Tool.Means.Function(name));
    }
}
