package dev.remit.gateway.fake;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a request asks for, in no vendor's words.
///
/// @param tools that the model may call
/// @param call what the request says about calling them
/// @param schema of the answer; absent: any text will do
/// @param text the last text of the user's
/// @param afterResults whether the last message brings tool results
/// @param cap on the tokens of the answer
/// @param stops texts that end the answer
/// @param choices how many answers are wanted, each billed
record Asked(
        List<Tool> tools,
        Choice call,
        @Nullable JsonNode schema,
        String text,
        boolean afterResults,
        @Nullable Long cap,
        List<String> stops,
        int choices) {
    /// A tool that was offered.
    record Tool(String name, JsonNode schema) {}

    /// Whether a tool is to be called.
    ///
    /// @param must not only may
    /// @param may not must not
    /// @param name the one that must be; absent: any
    record Choice(boolean must, boolean may, @Nullable String name) {
        static final Choice AUTO = new Choice(false, true, null);
        static final Choice NONE = new Choice(false, false, null);
        static final Choice ANY = new Choice(true, true, null);

        static Choice of(String name) {
            return new Choice(true, true, name);
        }
    }

    Asked {
        tools = List.copyOf(tools);
        stops = List.copyOf(stops);
    }

    /// One that asks for nothing but an answer.
    static Asked plain(String text) {
        return new Asked(List.of(), Choice.AUTO, null, text, false, null, List.of(), 1);
    }
}
