package dev.remit.core.start;

import dev.remit.core.expression.Expression;
import dev.remit.core.expression.ExpressionFailed;
import dev.remit.core.expression.Template;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelChoice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an agent wants to be started by, as its author wrote it.
///
/// @param event the name of the event
/// @param when CEL over `event`, its body; absent: every event of that name
/// @param key CEL over `event`: what belongs together; absent: all does
/// @param gather how events are gathered before a session is started
/// @param oneAtATime what becomes of an event while a session of the same key is open
/// @param rate absent: as many as come
/// @param input a template over `event`, or over `events` where a batch is taken; absent: the event
///   itself, or the list
public record TriggerSpec(
        String event,
        @Nullable String when,
        @Nullable String key,
        Gather gather,
        OneAtATime oneAtATime,
        @Nullable Rate rate,
        @Nullable JsonNode input,
        @Nullable ModelChoice models) {
    public static final Set<String> NAMES = Set.of("event");
    public static final Set<String> BATCH_NAMES = Set.of("events");

    private static final int LONGEST_KEY = 500;
    private static final int SHOWN_OF_LONG_KEY = 400;

    /// How events of one key become sessions.
    public sealed interface Gather {
        /// Each starts one.
        record None() implements Gather {}

        /// The last one starts one, when none has come for a while.
        ///
        /// @param atMost after the first one it is started at the latest
        record Debounce(Duration quiet, Duration atMost) implements Gather {}

        /// So many together, or whatever has come by then.
        record Batch(int most, Duration within) implements Gather {}
    }

    /// What becomes of an event while a session of its key is open.
    public enum OneAtATime {
        /// It is started beside it.
        NO,
        /// It is dropped.
        SKIP,
        /// It waits until the session has closed.
        QUEUE,
        /// The session is cancelled, and this one is started when it has closed.
        CANCEL
    }

    /// At most so many starts in any such time; others wait.
    public record Rate(int starts, Duration per) {}

    /// Whether an event of that name is wanted. What cannot be computed is not wanted.
    public boolean wants(JsonNode body) {
        return when == null || Expression.compile(when, NAMES).holds(Map.of("event", body));
    }

    /// What the event belongs to; empty if all belongs together, or it has no such thing.
    public String keyOf(JsonNode body) {
        if (key == null) {
            return "";
        }
        try {
            var value = Expression.compile(key, NAMES).evaluate(Map.of("event", body));
            var text = value.isString() ? value.asString() : Json.write(value);
            return text.length() > LONGEST_KEY || text.indexOf('\0') >= 0 ? shortened(text) : text;
        } catch (ExpressionFailed e) {
            return "";
        }
    }

    /// A key that the database can keep; two that differ stay different.
    private static String shortened(String text) {
        int length = Math.min(text.length(), SHOWN_OF_LONG_KEY);
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end).replace('\0', ' ') + " #" + Hash.of(text).hex();
    }

    /// What the session is given.
    ///
    /// @param events those that it is started by, the oldest first
    /// @throws Template.Fault if the template does not fit them
    public JsonNode inputOf(List<JsonNode> events) {
        JsonNode given =
                gather instanceof Gather.Batch ? Json.array().addAll(events) : events.getLast();
        if (input == null) {
            return given;
        }
        var name = gather instanceof Gather.Batch ? "events" : "event";
        return Template.fill(input, Map.of(name, given));
    }
}
