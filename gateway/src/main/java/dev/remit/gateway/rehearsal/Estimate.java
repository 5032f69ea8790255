package dev.remit.gateway.rehearsal;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelRequest;
import java.util.List;

/// Tokens of a text that no tokenizer has seen: one for every four bytes of its JSON.
final class Estimate {
    private Estimate() {}

    static long input(ModelRequest request) {
        return tokens(request.messages()) + tokens(request.tools());
    }

    static long output(Message message) {
        return tokens(message.parts());
    }

    private static long tokens(List<?> values) {
        return values.isEmpty() ? 0 : (Json.mapper().writeValueAsBytes(values).length + 3) / 4;
    }
}
