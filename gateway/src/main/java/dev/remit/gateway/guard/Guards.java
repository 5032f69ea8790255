package dev.remit.gateway.guard;

import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/// The configured guards, in their order. Thread-safe; made anew when settings change.
public final class Guards {
    /// The kinds there are. A further one is an implementation and a line here.
    private static final Map<
                    Settings.Guard.Kind, BiFunction<Settings.Guard, PatternRedactor, Guarding>>
            KINDS =
                    Map.of(
                            Settings.Guard.Kind.SECRETS,
                            (guard, redactor) -> new SecretsGuarding(redactor),
                            Settings.Guard.Kind.DENY,
                            (guard, redactor) ->
                                    new DenyGuarding(guard.name(), guard.words(), guard.patterns()),
                            Settings.Guard.Kind.SIZE,
                            (guard, redactor) -> new SizeGuarding(guard.bytes()));

    private final List<Rule> onRequest;
    private final List<Rule> onAnswer;

    private Guards(List<Rule> onRequest, List<Rule> onAnswer) {
        this.onRequest = onRequest;
        this.onAnswer = onAnswer;
    }

    /// @param redactor what `secrets` knows
    public static Guards of(List<Settings.Guard> guards, PatternRedactor redactor) {
        var all = guards.stream().map(guard -> new Rule(guard, guarding(guard, redactor))).toList();
        return new Guards(
                all.stream().filter(rule -> rule.settings().onRequest()).toList(),
                all.stream().filter(rule -> rule.settings().onAnswer()).toList());
    }

    private static Guarding guarding(Settings.Guard guard, PatternRedactor redactor) {
        var kind = KINDS.get(guard.kind());
        if (kind == null) {
            throw new IllegalArgumentException("no such kind of guard: " + guard.kind());
        }
        return kind.apply(guard, redactor);
    }

    /// Looks at a request.
    ///
    /// @param body JSON in UTF-8; what is no JSON is looked at as text, and never changed but
    ///   blocked
    /// @param route as the client named it
    /// @param findings told of everything that was found
    /// @return the same array if nothing was masked, else a copy that is masked
    /// @throws Blocked if it must not go out
    public byte[] request(byte[] body, String route, Consumer<Finding> findings) throws Blocked {
        return look(onRequest, body, route, findings);
    }

    /// Looks at a whole answer, in the same way.
    public byte[] answer(byte[] body, String route, Consumer<Finding> findings) throws Blocked {
        return look(onAnswer, body, route, findings);
    }

    /// Whether anybody looks at answers of that route. If nobody does, streams may pass through.
    public boolean looksAtAnswers(String route) {
        return onAnswer.stream().anyMatch(rule -> rule.isOn(route));
    }

    /// Looks at an answer that comes as a stream.
    ///
    /// @return nothing if nobody looks at answers of that route
    public Optional<StreamGuard> stream(String route, Consumer<Finding> findings) {
        var rules = onAnswer.stream().filter(rule -> rule.isOn(route)).toList();
        return rules.isEmpty() ? Optional.empty() : Optional.of(new StreamGuard(rules, findings));
    }

    private static byte[] look(
            List<Rule> rules, byte[] body, String route, Consumer<Finding> findings)
            throws Blocked {
        var now = body;
        Raw raw = null;
        for (var rule : rules) {
            if (!rule.isOn(route)) {
                continue;
            }
            rule.size(now.length, "body", findings);
            if (raw == null) {
                raw = new Raw(now);
            }
            if (!rule.guarding().isClean(raw.text, raw.escaped)) {
                now = masked(rule, now, raw, findings);
                raw = null;
            }
        }
        return now;
    }

    private static byte[] masked(Rule rule, byte[] body, Raw raw, Consumer<Finding> findings)
            throws Blocked {
        try {
            return Strings.masked(body, rule, findings);
        } catch (JacksonException e) {
            var found = rule.guarding().find("", raw.text);
            if (!found.isEmpty()) {
                rule.tell(found, "body", findings);
                throw new Blocked(
                        rule.settings().name(),
                        "blocked by the guard \""
                                + rule.settings().name()
                                + "\": the body is no JSON, so nothing in it can be masked");
            }
            return body;
        }
    }

    /// A body as text, made once for all guards.
    private static final class Raw {
        final String text;
        final boolean escaped;

        Raw(byte[] bytes) {
            this.text = new String(bytes, StandardCharsets.UTF_8);
            this.escaped = text.contains("\\u") || text.contains("\\/");
        }
    }
}
