package dev.remit.core.settings;

import dev.remit.core.text.Cel;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Source;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The conditions of `remit.yaml`, and what they may ask for.
public final class Conditions {
    /// What a condition may ask of `request`: whole numbers `tokens` (a bound on its input),
    /// `bytes`, `tools`, `images`, `messages`; truth values `stream`, `json` (whether the answer
    /// must be JSON); texts `team`, `agent`, `key`, `route`, `model`, empty where there is none;
    /// and the map `tags`.
    public static final Set<String> REQUEST =
            Set.of(
                    "tokens",
                    "bytes",
                    "tools",
                    "images",
                    "messages",
                    "stream",
                    "json",
                    "tags",
                    "team",
                    "agent",
                    "key",
                    "route",
                    "model");

    /// What a condition may ask of `answer`: its `text`; `json`, what the text says if it is JSON,
    /// else null; whole numbers `tools` (how many it calls) and `tokens` (of output); and the text
    /// `stop` (why it ended: `stop`, `length`, `tools`, `refused`).
    public static final Set<String> ANSWER = Set.of("text", "json", "tools", "tokens", "stop");

    static final Map<String, Set<String>> ON_REQUEST = Map.of("request", REQUEST);
    static final Map<String, Set<String>> ON_ANSWER = Map.of("request", REQUEST, "answer", ANSWER);

    private Conditions() {}

    static @Nullable Condition read(
            Source source, String pointer, Map<String, Set<String>> names, Faults faults) {
        var expression = Cel.condition(source, pointer, names, faults);
        return expression == null ? null : new Compiled(expression);
    }

    private record Compiled(dev.remit.core.expression.Expression expression) implements Condition {
        @Override
        public boolean holds(Map<String, Object> values) {
            return expression.holdsFor(values);
        }

        @Override
        public String toString() {
            return expression.text();
        }
    }
}
