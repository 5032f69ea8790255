package dev.remit.gateway.wire;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.ChatAnswer.Stop;
import dev.remit.gateway.wire.Delta.Kind;
import dev.remit.http.client.SseEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Understands the chunks of Gemini's streamGenerateContent, each of which is an answer with what
/// is new. Words of one kind that follow each other are one piece; a call comes whole.
final class GeminiStreamReader implements Codec.StreamReader {
    private final List<Delta> deltas = new ArrayList<>();
    private @Nullable Kind open;
    private int index = -1;
    private boolean started;
    private boolean calls;
    private boolean ended;

    @Override
    public List<Delta> read(SseEvent event) throws Garbage {
        if (event.data().isBlank()) {
            return List.of();
        }
        var told = Told.object(event.data());
        deltas.clear();
        take(told);
        return List.copyOf(deltas);
    }

    @Override
    public void end() throws Garbage {
        if (!ended) {
            throw new Garbage("The stream ended before a `finishReason`.");
        }
    }

    private void take(JsonNode told) throws Garbage {
        if (told.path("error").isObject()) {
            if (!ended) {
                ended = true;
                deltas.add(new Delta.Broken(GeminiErrors.inStream(told)));
            }
            return;
        }
        var candidate = GeminiReading.candidate(told);
        var blocked = GeminiReading.blocked(told);
        if (candidate != null || blocked != null) {
            start(told);
        }
        if (candidate != null && !ended) {
            for (var part : candidate.path("content").path("parts")) {
                part(told, part);
            }
        }
        if (told.path("usageMetadata").isObject()) {
            deltas.add(new Delta.Used(GeminiReading.usage(told.path("usageMetadata"))));
        }
        if (ended) {
            return;
        }
        if (candidate == null && blocked != null) {
            refuse(blocked);
            return;
        }
        var stop = candidate == null ? null : GeminiReading.stop(candidate, calls);
        if (stop != null) {
            close();
            ended = true;
            deltas.add(new Delta.Ended(stop, null));
        }
    }

    private void start(JsonNode told) {
        if (!started) {
            started = true;
            deltas.add(
                    new Delta.Started(
                            Told.text(told, "responseId"), Told.text(told, "modelVersion")));
        }
    }

    private void refuse(String words) {
        open(Kind.REFUSAL);
        deltas.add(new Delta.Grown(index, words));
        close();
        ended = true;
        deltas.add(new Delta.Ended(Stop.REFUSED, null));
    }

    private void part(JsonNode told, JsonNode part) {
        var signature = GeminiReading.signature(part);
        var call = part.path("functionCall");
        if (call.isObject()) {
            call(told, part, signature);
            return;
        }
        var text = Told.text(part, "text");
        var isThought = part.path("thought").asBoolean(false);
        if (!text.isEmpty()) {
            open(isThought ? Kind.THOUGHT : Kind.TEXT);
            deltas.add(new Delta.Grown(index, text));
        }
        if (signature != null) {
            if (!isThought || open != Kind.THOUGHT) {
                close(); // what is signed is words: the signature is a thought without any
                open(Kind.THOUGHT);
            }
            deltas.add(new Delta.Signed(index, signature));
            close();
        }
    }

    private void call(JsonNode told, JsonNode part, @Nullable String signature) {
        var call = part.path("functionCall");
        var name = Told.text(call, "name");
        if (name.isEmpty()) {
            return; // a piece of a call that is told bit by bit, which only Google's clients ask
            // for
        }
        close();
        calls = true;
        index++;
        var id = Told.text(call, "id");
        if (id.isEmpty()) {
            id = GeminiReading.callId(told, part, index);
        }
        deltas.add(new Delta.Opened(index, Kind.TOOL_CALL, id, name));
        if (signature != null) {
            deltas.add(new Delta.Signed(index, signature)); // first, for those who put it before
        }
        deltas.add(new Delta.Grown(index, Json.write(GeminiReading.arguments(call))));
        deltas.add(new Delta.Closed(index));
    }

    private void open(Kind kind) {
        if (open != kind) {
            close();
            open = kind;
            index++;
            deltas.add(new Delta.Opened(index, kind, null, null));
        }
    }

    private void close() {
        if (open != null) {
            open = null;
            deltas.add(new Delta.Closed(index));
        }
    }
}
