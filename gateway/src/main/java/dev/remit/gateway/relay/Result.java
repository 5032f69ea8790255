package dev.remit.gateway.relay;

import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.GatewayError;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What came of a call.
public sealed interface Result {
    /// Headers for the client, beside those of the transport.
    Map<String, String> headers();

    /// The same with more headers.
    default Result with(Map<String, String> more) {
        if (more.isEmpty()) {
            return this;
        }
        var all = new HashMap<>(headers());
        all.putAll(more);
        return switch (this) {
            case Whole(var answer, var raw, var _) -> new Whole(answer, raw, all);
            case Flowing(var flow, var _) -> new Flowing(flow, all);
            case Failed(var error, var original, var _) -> new Failed(error, original, all);
        };
    }

    /// A whole answer.
    ///
    /// @param raw as the provider sent it, if that is the client's dialect and nothing was changed
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Whole(ChatAnswer answer, byte @Nullable [] raw, Map<String, String> headers)
            implements Result {
        public Whole {
            headers = Map.copyOf(headers);
        }
    }

    /// An answer that has begun well. Close the flow.
    record Flowing(Flow flow, Map<String, String> headers) implements Result {
        public Flowing {
            headers = Map.copyOf(headers);
        }
    }

    /// No answer.
    ///
    /// @param original the provider's own refusal of the request, to be passed on as it came
    record Failed(GatewayError error, @Nullable Original original, Map<String, String> headers)
            implements Result {
        public Failed {
            headers = Map.copyOf(headers);
        }
    }

    /// A provider's answer that is an error of the client's.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Original(int status, byte[] body) {}
}
