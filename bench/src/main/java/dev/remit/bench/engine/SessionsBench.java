package dev.remit.bench.engine;

import dev.remit.bench.harness.Figures;
import dev.remit.bench.harness.Line;
import dev.remit.bench.harness.Piped;
import dev.remit.store.database.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Workflows of ten durable steps of 1 KB, through Remit's engine and through its peers, in turns.
public final class SessionsBench {
    private static final int ROUNDS = 3;
    private static final int AT_ONCE = 64;
    private static final int STEPS = 10;

    private static final int FEWEST_WARM_UPS = 3;
    private static final int MOST_WARM_UPS = 10;
    private static final double FASTER = 1.05;

    private SessionsBench() {}

    /// @param seconds of a round
    /// @param peers folder of `bench/peers/install`; absent: peers are left out
    public static Figures run(
            Path folder, double seconds, @Nullable Path peers, Consumer<String> progress)
            throws IOException, InterruptedException {
        try (var postgres = EmbeddedPostgres.start(folder, 0, progress::accept);
                var subjects = new Subjects(folder, peers, postgres, progress)) {
            progress.accept("starting Remit and its peers");
            var all = new ArrayList<Subject>();
            all.add(subjects.remit());
            all.add(subjects.twoNodes());
            all.addAll(subjects.peers());
            for (var subject : all) {
                warmUp(subject, seconds, progress);
            }
            var figures = new Figures("durable workflows: ten steps of 1 KB each");
            many(all, seconds, progress, figures);
            alone(all, seconds, progress, figures);
            lists(subjects.lists(), seconds, progress, figures);
            return figures;
        }
    }

    /// Until it gets no faster: a JVM that has half of the load needs twice the time to compile
    /// what it runs.
    private static void warmUp(Subject subject, double seconds, Consumer<String> progress)
            throws IOException, InterruptedException {
        double best = 0;
        for (int i = 1; i <= MOST_WARM_UPS; i++) {
            progress.accept("warming up %s, round %d".formatted(subject.name(), i));
            double rate = subject.round().run(AT_ONCE, seconds).perSecond();
            if (i >= FEWEST_WARM_UPS && rate < FASTER * best) {
                return;
            }
            best = Math.max(best, rate);
        }
    }

    private static Map<String, List<Piped.Done>> turns(
            List<Subject> all, int atOnce, double seconds, Consumer<String> progress)
            throws IOException, InterruptedException {
        var seen = new LinkedHashMap<String, List<Piped.Done>>();
        for (int i = 1; i <= ROUNDS; i++) {
            for (var subject : all) {
                progress.accept(
                        "%d at once: %s, round %d of %d"
                                .formatted(atOnce, subject.name(), i, ROUNDS));
                seen.computeIfAbsent(subject.name(), n -> new ArrayList<>())
                        .add(subject.round().run(atOnce, seconds));
            }
        }
        return seen;
    }

    private static List<Double> each(List<Piped.Done> rounds, ToDoubleFunction<Piped.Done> figure) {
        return rounds.stream().map(figure::applyAsDouble).toList();
    }

    private static void many(
            List<Subject> all, double seconds, Consumer<String> progress, Figures figures)
            throws IOException, InterruptedException {
        var seen = turns(all, AT_ONCE, seconds, progress);
        var lines = new LinkedHashMap<String, Line>();
        seen.forEach((name, rounds) ->
                lines.put(
                        name,
                        Line.plain(
                                AT_ONCE + " at once, " + name,
                                "steps/s",
                                each(rounds, r -> STEPS * r.perSecond()))));
        var remit = lines.get("remit");
        if (remit == null) {
            throw new IllegalStateException("Remit was not measured");
        }
        lines.forEach((name, line) -> {
            if (name.equals("remit")) {
                figures.add(line);
            } else if (name.startsWith("remit")) {
                figures.add(line.of(remit).aiming(">= 0.9", line.median() >= 0.9 * remit.median()));
            } else {
                figures.add(line);
                figures.add(remit.of(line).aiming(">= 3", remit.median() >= 3 * line.median()));
            }
        });
        seen.forEach((name, rounds) ->
                figures.add(
                        Line.plain(
                                AT_ONCE + " at once, a workflow, " + name,
                                "ms p50",
                                each(rounds, r -> r.p50() / 1000.0))));
    }

    /// One session after the other, each of which goes over a list, so many items at a time.
    private static void lists(
            Subject lists, double seconds, Consumer<String> progress, Figures figures)
            throws IOException, InterruptedException {
        for (int i = 1; i <= FEWEST_WARM_UPS; i++) {
            progress.accept("warming up %s, round %d".formatted(lists.name(), i));
            lists.round().run(1, seconds);
        }
        turns(List.of(lists), 1, seconds, progress)
                .values()
                .forEach(rounds ->
                        figures.add(
                                Line.plain(
                                        "a list of %d items, %d at a time"
                                                .formatted(TenSteps.ITEMS, TenSteps.ITEMS_AT_ONCE),
                                        "steps/s",
                                        each(rounds, r -> TenSteps.ITEMS * r.perSecond()))));
    }

    private static void alone(
            List<Subject> all, double seconds, Consumer<String> progress, Figures figures)
            throws IOException, InterruptedException {
        turns(all, 1, seconds, progress)
                .forEach((name, rounds) ->
                        figures.add(
                                Line.plain(
                                        "alone, a workflow, " + name,
                                        "ms p50",
                                        each(rounds, r -> r.p50() / 1000.0))));
    }
}
