package dev.remit.core.start;

import dev.remit.core.expression.Expression;
import dev.remit.core.expression.Template;
import dev.remit.core.start.TriggerSpec.Gather;
import dev.remit.core.start.TriggerSpec.OneAtATime;
import dev.remit.core.start.TriggerSpec.Rate;
import dev.remit.core.text.Cel;
import dev.remit.core.text.Fields;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what starts sessions by events.
final class TriggerFields {
    static final Set<String> KEYS =
            Set.of(
                    "event",
                    "when",
                    "key",
                    "debounce",
                    "batch",
                    "one_at_a_time",
                    "rate",
                    "input",
                    "models");

    private static final Pattern EVENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final int LONGER = 10;

    private final Fields fields;

    TriggerFields(Fields fields) {
        this.fields = fields;
    }

    static boolean isEvent(String name) {
        return EVENT.matcher(name).matches();
    }

    /// @return absent if it names no event; there are faults then
    @Nullable TriggerSpec read() {
        var event = fields.required("event", "the name of an event, such as event: ticket.created");
        if (event != null && !isEvent(event)) {
            fields.fault(
                    "event",
                    "`" + event + "` is no name of an event",
                    "letters, digits, dots, hyphens and underscores, such as ticket.created");
        }
        var gather = gather();
        var spec =
                new TriggerSpec(
                        event == null ? "" : event,
                        condition(),
                        cel("key"),
                        gather,
                        fields.word("one_at_a_time", OneAtATime.class, OneAtATime.NO),
                        rate(),
                        fields.get("input"),
                        ModelFields.read(fields));
        input(gather);
        return event == null ? null : spec;
    }

    private @Nullable String condition() {
        if (!fields.has("when")) {
            return null;
        }
        var condition = cel("when");
        if (condition != null && !Expression.compile(condition, TriggerSpec.NAMES).isCondition()) {
            fields.fault(
                    "when",
                    "the expression gives neither true nor false",
                    "a condition, such as event.priority == \"high\"");
        }
        return condition;
    }

    private @Nullable String cel(String key) {
        return fields.has(key)
                ? Cel.check(
                        fields.source(), fields.pointer(key), TriggerSpec.NAMES, fields.faults())
                : null;
    }

    private Gather gather() {
        if (fields.has("debounce") && fields.has("batch")) {
            fields.fault("batch", "there is `debounce` already", "one of the two");
        }
        if (fields.has("debounce")) {
            return debounce();
        }
        return fields.object("batch", Set.of("most", "within"))
                .<Gather>map(batch -> {
                    var within = batch.duration("within", SHORTEST, LONGEST);
                    if (!batch.has("most")) {
                        batch.missing("most", "most: 20");
                    }
                    if (!batch.has("within")) {
                        batch.missing("within", "within: 5m");
                    }
                    return new Gather.Batch(
                            batch.integer("most", 1, 1000, 1), within == null ? SHORTEST : within);
                })
                .orElse(new Gather.None());
    }

    /// `30s`, or both times.
    private Gather debounce() {
        var value = fields.get("debounce");
        if (value == null || !value.isObject()) {
            var quiet = fields.duration("debounce", SHORTEST, LONGEST);
            return quiet == null
                    ? new Gather.None()
                    : new Gather.Debounce(quiet, quiet.multipliedBy(LONGER));
        }
        return fields.object("debounce", Set.of("quiet", "at_most"))
                .<Gather>map(debounce -> {
                    var quiet = debounce.duration("quiet", SHORTEST, LONGEST);
                    var atMost = debounce.duration("at_most", SHORTEST, LONGEST);
                    if (!debounce.has("quiet")) {
                        debounce.missing("quiet", "quiet: 30s");
                    }
                    if (quiet == null) {
                        return new Gather.None();
                    }
                    if (atMost != null && atMost.compareTo(quiet) < 0) {
                        debounce.fault("at_most", "it is shorter than `quiet`", "a longer time");
                    }
                    return new Gather.Debounce(
                            quiet, atMost == null ? quiet.multipliedBy(LONGER) : atMost);
                })
                .orElse(new Gather.None());
    }

    private @Nullable Rate rate() {
        return fields.object("rate", Set.of("starts", "per"))
                .map(rate -> {
                    var per = rate.duration("per", Duration.ofSeconds(1), LONGEST);
                    if (!rate.has("starts")) {
                        rate.missing("starts", "starts: 10");
                    }
                    if (!rate.has("per")) {
                        rate.missing("per", "per: 1h");
                    }
                    return new Rate(
                            rate.integer("starts", 1, 100_000, 1), per == null ? LONGEST : per);
                })
                .orElse(null);
    }

    private void input(Gather gather) {
        var template = fields.get("input");
        if (template == null) {
            return;
        }
        var names = gather instanceof Gather.Batch ? TriggerSpec.BATCH_NAMES : TriggerSpec.NAMES;
        for (var mistake : Template.mistakes(template, names)) {
            fields.faults()
                    .add(
                            fields.source().file(),
                            fields.source().value(fields.pointer("input") + mistake.pointer()),
                            mistake.wrong(),
                            "see docs/expressions.md");
        }
    }
}
