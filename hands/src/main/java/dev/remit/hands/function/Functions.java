package dev.remit.hands.function;

import static java.util.Objects.requireNonNullElse;

import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.secret.Redactor;
import dev.remit.core.tool.BuiltIn;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import dev.remit.core.tool.Invoker;
import dev.remit.core.tool.Tool.Means;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Does the functions of [BuiltIn].
public final class Functions implements Invoker {
    private final Journal journal;
    private final Redactor redactor;
    private final InstantSource clock;

    /// @param home the state folder; journals are in its folder `journal`
    public Functions(Path home, Redactor redactor, InstantSource clock) {
        this.journal = new Journal(home.resolve("journal"), clock);
        this.redactor = redactor;
        this.clock = clock;
    }

    @Override
    public Ended invoke(Invocation invocation) throws InterruptedException {
        if (!(invocation.tool().means() instanceof Means.Function function)) {
            throw new IllegalArgumentException(invocation.tool().name() + " is no function");
        }
        var arguments = new Arguments(invocation.arguments().value());
        var knowledge = new Knowledge(invocation.files());
        try {
            return switch (function.name()) {
                case BuiltIn.KNOWLEDGE_LIST -> done(knowledge.list(arguments));
                case BuiltIn.KNOWLEDGE_SEARCH -> done(knowledge.search(arguments));
                case BuiltIn.KNOWLEDGE_READ -> done(knowledge.read(arguments));
                case BuiltIn.CLOCK_NOW -> done(now());
                case BuiltIn.JOURNAL_APPEND -> journal.append(invocation, arguments, redactor);
                default ->
                        new Ended.Failed(
                                true, "Remit has no function named " + function.name(), null);
            };
        } catch (Refused e) {
            return new Ended.Failed(true, requireNonNullElse(e.getMessage(), "refused"), null);
        }
    }

    private Ended done(JsonNode result) {
        return new Ended.Done(Content.clean(result, redactor));
    }

    private JsonNode now() {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var day = now.atOffset(ZoneOffset.UTC).getDayOfWeek();
        return Json.object()
                .put("now", now.toString())
                .put("weekday", day.getDisplayName(TextStyle.FULL, Locale.ENGLISH));
    }
}
