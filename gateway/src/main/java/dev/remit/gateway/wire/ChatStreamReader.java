package dev.remit.gateway.wire;

import dev.remit.gateway.wire.Delta.Kind;
import dev.remit.http.client.SseEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Understands the chunks of Chat Completions; of several alternatives, the first.
final class ChatStreamReader implements Codec.StreamReader {
    private static final String DONE = "[DONE]";

    /// A tool call that may still grow.
    private record Call(int piece, boolean named) {}

    private final List<Delta> deltas = new ArrayList<>();

    /// By the vendor's index. They stay open until the end, since some servers interleave them.
    private final Map<Integer, Call> calls = new TreeMap<>();

    private int pieces;
    private int open = -1;
    private @Nullable Kind openKind;
    private @Nullable String field;
    private boolean started;
    private boolean refused;
    private boolean ended;
    private boolean usageTold;
    private boolean done;
    private boolean broken;

    @Override
    public List<Delta> read(SseEvent event) throws Garbage {
        var data = event.data().strip();
        if (data.isEmpty()) {
            return List.of();
        }
        if (data.equals(DONE)) {
            done = true;
            return List.of();
        }
        if (done) {
            throw new Garbage("Something came behind the stream's end.");
        }
        deltas.clear();
        take(Told.object(data));
        return List.copyOf(deltas);
    }

    @Override
    public void end() throws Garbage {
        if (broken) {
            throw new Garbage("The provider broke off with an error.");
        }
        if (!ended) {
            throw new Garbage("The stream ended before a `finish_reason` came.");
        }
        if (!done && !usageTold) { // some servers leave the mark out
            throw new Garbage("The stream ended without `[DONE]`.");
        }
    }

    private void take(JsonNode chunk) throws Garbage {
        var error = chunk.path("error");
        if (error.isObject() || error.isString()) {
            broken = true;
            deltas.add(
                    new Delta.Broken(
                            error.isString()
                                    ? ProviderErrors.inStream(error.stringValue(), "")
                                    : ResponsesErrors.inStream(error)));
            return;
        }
        if (!chunk.path("choices").isArray() && !chunk.has("usage")) {
            throw new Garbage("An event is no chunk: it has no `choices`.");
        }
        if (!started && !chunk.path("choices").isEmpty()) {
            started = true;
            deltas.add(new Delta.Started(Told.text(chunk, "id"), Told.text(chunk, "model")));
        }
        for (var choice : chunk.path("choices")) {
            if (choice.path("index").asInt(0) == 0) {
                choice(choice);
            }
        }
        var usage = ChatReading.usage(chunk);
        if (usage != null) {
            usageTold = true;
            deltas.add(new Delta.Used(usage));
        }
    }

    private void choice(JsonNode choice) throws Garbage {
        var delta = choice.path("delta");
        thought(delta);
        content(delta.path("content"));
        grow(Kind.REFUSAL, Told.text(delta, "refusal"));
        for (var call : delta.path("tool_calls")) {
            call(call);
        }
        var reason = Told.text(choice, "finish_reason");
        if (!reason.isEmpty() && !ended) {
            ended = true;
            closeOpen();
            calls.values().forEach(call -> deltas.add(new Delta.Closed(call.piece)));
            for (var call : calls.values()) {
                if (!call.named) {
                    throw new Garbage("The answer calls a tool without a name.");
                }
            }
            var stop = ChatReading.stop(reason, !calls.isEmpty(), refused);
            deltas.add(new Delta.Ended(stop, null));
        }
    }

    private void thought(JsonNode delta) throws Garbage {
        var told = ChatThoughts.told(delta);
        if (told != null) {
            grow(Kind.THOUGHT, told.words());
            field = told.field();
        }
    }

    private void content(JsonNode content) throws Garbage {
        if (content.isString()) {
            grow(Kind.TEXT, content.stringValue());
        } else if (content.isArray()) {
            for (var part : content) {
                grow(Kind.THOUGHT, ChatReading.thinking(part));
                grow(Kind.TEXT, Told.text(part, "text"));
            }
        }
    }

    private void grow(Kind kind, String words) throws Garbage {
        if (words.isEmpty()) {
            return;
        }
        mustGoOn();
        if (openKind != kind) {
            closeOpen();
            open = pieces++;
            openKind = kind;
            deltas.add(new Delta.Opened(open, kind, null, null));
        }
        refused |= kind == Kind.REFUSAL;
        deltas.add(new Delta.Grown(open, words));
    }

    private void mustGoOn() throws Garbage {
        if (ended) {
            throw new Garbage("The answer went on behind its `finish_reason`.");
        }
    }

    /// Text, a thought or a refusal, not calls.
    private void closeOpen() {
        if (openKind == null) {
            return;
        }
        if (openKind == Kind.THOUGHT && field != null) {
            deltas.add(new Delta.Signed(open, field));
        }
        deltas.add(new Delta.Closed(open));
        openKind = null;
        field = null;
    }

    private void call(JsonNode delta) throws Garbage {
        mustGoOn();
        var index = delta.path("index").asInt(calls.size());
        var function = delta.path("function");
        var call = calls.get(index);
        if (call == null) {
            closeOpen();
            var name = Told.text(function, "name");
            call = new Call(pieces++, !name.isEmpty());
            calls.put(index, call);
            deltas.add(new Delta.Opened(call.piece, Kind.TOOL_CALL, Told.text(delta, "id"), name));
        }
        var signature = Told.text(delta.path("extra_content").path("google"), "thought_signature");
        if (!signature.isEmpty()) {
            deltas.add(new Delta.Signed(call.piece, signature));
        }
        var arguments = ChatReading.arguments(function.path("arguments"));
        if (!arguments.isEmpty()) {
            deltas.add(new Delta.Grown(call.piece, arguments));
        }
    }
}
