package dev.remit.gateway.fake;

import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Formats;
import dev.remit.core.text.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a drill, in YAML or JSON; `docs/cli.md` tells what may stand in it.
public final class DrillFile {
    private static final Set<String> DRILL =
            Set.of(
                    "remit",
                    "seed",
                    "latency",
                    "first_token",
                    "tokens_per_second",
                    "key",
                    "models",
                    "limits",
                    "answer",
                    "bill",
                    "faults");
    private static final Set<String> ANSWER =
            Set.of("text", "echo", "tokens", "calls", "reasoning");
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MANY = 1_000_000;

    private final Faults faults;

    private DrillFile(Faults faults) {
        this.faults = faults;
    }

    /// @param file its name, for what is said about faults; JSON if it ends so
    public static Drill read(String file, String text) throws InvalidDrill {
        var faults = new Faults();
        var drill =
                Source.read(file, text, faults)
                        .flatMap(source -> Fields.at(source, "", DRILL, faults))
                        .map(new DrillFile(faults)::drill);
        if (drill.isEmpty() || !faults.isEmpty()) {
            throw new InvalidDrill(faults.sorted());
        }
        return drill.get();
    }

    private Drill drill(Fields fields) {
        if (fields.has("remit")) {
            Formats.version(fields, "drill/v1");
        }
        var limits = fields.object("limits", Set.of("requests_per_minute"));
        return new Drill(
                fields.integer("seed", Integer.MIN_VALUE, Integer.MAX_VALUE, 0),
                spread(fields, "latency"),
                spread(fields, "first_token"),
                fields.integer("tokens_per_second", 1, MANY, 0),
                fields.text("key"),
                fields.texts("models"),
                limits.map(l -> l.integer("requests_per_minute", 1, MANY, 0)).orElse(0),
                fields.object("answer", ANSWER).map(DrillFile::words).orElse(Drill.Words.HELLO),
                fields.object("bill", Set.of("beyond_cap", "cached", "reasoning"))
                        .map(DrillFile::bill)
                        .orElse(Drill.Bill.FAIR),
                troubles(fields));
    }

    /// `50ms`, `{from: 20ms, to: 80ms}` or `{median: 80ms, p99: 900ms}`.
    private Spread spread(Fields fields, String key) {
        var given = fields.get(key);
        if (given == null || !given.isObject()) {
            var fixed = fields.duration(key, LEAST, LONGEST);
            return fixed == null ? Spread.none() : new Spread.Fixed(fixed);
        }
        return fields.object(key, Set.of("from", "to", "median", "p99"))
                .map(spread -> given.has("median") ? tailed(spread) : between(spread))
                .orElse(Spread.none());
    }

    private static Spread between(Fields fields) {
        var from = needed(fields, "from");
        var to = needed(fields, "to");
        if (from == null || to == null) {
            return Spread.none();
        }
        if (from.compareTo(to) > 0) {
            fields.fault("to", "`to` is less than `from`", "the longer time as `to`");
            return Spread.none();
        }
        return new Spread.Between(from, to);
    }

    private static Spread tailed(Fields fields) {
        var median = needed(fields, "median");
        var p99 = needed(fields, "p99");
        if (median == null || p99 == null) {
            return Spread.none();
        }
        if (median.compareTo(p99) > 0) {
            fields.fault("p99", "`p99` is less than the median", "a longer time");
            return Spread.none();
        }
        return new Spread.LongTailed(median, p99);
    }

    private static @Nullable Duration needed(Fields fields, String key) {
        if (!fields.has(key)) {
            fields.missing(key, key + ": 50ms");
            return null;
        }
        return fields.duration(key, LEAST, LONGEST);
    }

    private static Drill.Words words(Fields fields) {
        var text = fields.text("text");
        return new Drill.Words(
                text == null ? Drill.Words.HELLO.text() : text,
                fields.word("echo", Drill.Echo.class, Drill.Echo.NOTHING),
                fields.integer("tokens", 1, MANY, 0),
                fields.word("calls", Drill.Calls.class, Drill.Calls.FORCED),
                fields.text("reasoning"));
    }

    private static Drill.Bill bill(Fields fields) {
        return new Drill.Bill(
                fields.integer("beyond_cap", 1, MANY, 0),
                TroubleFile.share(fields, "cached", 0),
                fields.integer("reasoning", 1, MANY, 0));
    }

    private List<Drill.Trouble> troubles(Fields fields) {
        var troubles = new ArrayList<Drill.Trouble>();
        int count = fields.list("faults");
        for (int i = 0; i < count; i++) {
            var at = Source.child(fields.pointer("faults"), i);
            Fields.at(fields.source(), at, TroubleFile.KEYS, faults)
                    .flatMap(each -> Optional.ofNullable(TroubleFile.read(each)))
                    .ifPresent(troubles::add);
        }
        return troubles;
    }
}
