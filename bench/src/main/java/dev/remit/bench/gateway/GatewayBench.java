package dev.remit.bench.gateway;

import dev.remit.bench.harness.Figures;
import dev.remit.bench.harness.Generator;
import dev.remit.bench.harness.Generator.Seen;
import dev.remit.bench.harness.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The gateway with everything on (keys, budgets, ledger, prompts on record, figures) beside nobody
/// in between, nginx as a plain proxy, and its peers, in one run and in turns, so that what the
/// machine does otherwise hits all alike.
public final class GatewayBench {
    /// Rounds of each measurement.
    public static final int ROUNDS = 3;

    private static final double PACE = 100;
    private static final int STREAMS = 300;

    private final Subjects subjects;
    private final Duration round;
    private final Consumer<String> progress;
    private final Figures lines = new Figures("the gateway, with everything on");

    private GatewayBench(Subjects subjects, Duration round, Consumer<String> progress) {
        this.subjects = subjects;
        this.round = round;
        this.progress = progress;
    }

    /// @param seconds of a round
    /// @param peers folder of `bench/peers/install`; absent: peers are left out
    public static Figures run(
            Path folder, double seconds, @Nullable Path peers, Consumer<String> progress)
            throws IOException, InterruptedException {
        try (var subjects = new Subjects(folder, peers, progress)) {
            var bench =
                    new GatewayBench(subjects, Duration.ofNanos((long) (seconds * 1e9)), progress);
            bench.measure();
            return bench.lines;
        }
    }

    private void measure() throws IOException, InterruptedException {
        progress.accept("starting the fake providers, Remit and its peers");
        subjects.startFake(0, 0);
        subjects.startFake(50, 50);
        subjects.startRemit();
        var direct = subjects.direct();
        var remit = subjects.remit("fast");
        var all = new ArrayList<Subject>();
        all.add(direct);
        subjects.nginx().ifPresent(all::add);
        all.add(remit);
        all.add(subjects.remitTranslating());
        all.addAll(subjects.peers());
        warmUp(all);
        latency(all);
        throughput(all);
        slowProvider(subjects.directSlow(), subjects.remit("late"));
        firstTokens(direct, remit);
        pacedStreams(subjects.remit("late"));
        memory(remit);
    }

    private void warmUp(List<Subject> all) throws IOException, InterruptedException {
        for (var subject : all) {
            progress.accept("warming up " + subject.name());
            Generator.closed(subject.port(), subject.chat(), 8, Duration.ofSeconds(20));
        }
    }

    /// One measurement of everybody, in turns.
    private Map<String, List<Seen>> turns(List<Subject> all, String what, Shot shot)
            throws IOException, InterruptedException {
        var seen = new LinkedHashMap<String, List<Seen>>();
        for (int i = 1; i <= ROUNDS; i++) {
            for (var subject : all) {
                progress.accept(what + ": " + subject.name() + ", round " + i + " of " + ROUNDS);
                var one = shot.take(subject);
                if (one.failed() > 0) {
                    progress.accept(
                            "! " + one.failed() + " answers of " + subject.name() + " were errors");
                }
                seen.computeIfAbsent(subject.name(), n -> new ArrayList<>()).add(one);
            }
        }
        return seen;
    }

    private static List<Seen> of(Map<String, List<Seen>> seen, String subject) {
        return seen.getOrDefault(subject, List.of());
    }

    /// One round of one subject.
    private interface Shot {
        Seen take(Subject subject) throws IOException, InterruptedException;
    }

    private static List<Double> each(List<Seen> seen, ToDoubleFunction<Seen> figure) {
        return seen.stream().map(figure::applyAsDouble).toList();
    }

    private void latency(List<Subject> all) throws IOException, InterruptedException {
        var seen =
                turns(
                        all,
                        "one connection, paced",
                        s -> Generator.paced(s.port(), s.chat(), PACE, round));
        for (var quantile : new double[] {0.5, 0.99}) {
            var name = quantile == 0.5 ? "p50" : "p99";
            var target = quantile == 0.5 ? 250.0 : 1000.0;
            var direct =
                    Line.plain(
                            "c=1 " + name + ", direct",
                            "us",
                            each(
                                    of(seen, "direct"),
                                    s -> Seen.quantileMicros(s.total(), quantile)));
            lines.add(direct);
            seen.forEach((subject, rounds) -> {
                if (!subject.equals("direct")) {
                    var added = new ArrayList<Double>();
                    for (int i = 0; i < rounds.size(); i++) {
                        added.add(
                                Seen.quantileMicros(rounds.get(i).total(), quantile)
                                        - direct.rounds().get(i));
                    }
                    var line = Line.plain("c=1 " + name + ", added by " + subject, "us", added);
                    lines.add(
                            subject.equals("remit")
                                    ? line.aiming(
                                            "<= " + (int) target + " us", line.median() <= target)
                                    : line);
                }
            });
        }
    }

    private void throughput(List<Subject> all) throws IOException, InterruptedException {
        var seen = turns(all, "c=32", s -> Generator.closed(s.port(), s.chat(), 32, round));
        var byName = new LinkedHashMap<String, Line>();
        seen.forEach((subject, rounds) ->
                byName.put(
                        subject,
                        Line.plain("c=32, " + subject, "req/s", each(rounds, Seen::perSecond))));
        var remit = byName.get("remit");
        byName.forEach((subject, line) -> {
            if (remit == null || subject.equals("remit") || subject.equals("direct")) {
                lines.add(line);
            } else if (subject.equals("nginx")) {
                lines.add(line);
                var share = remit.of(line);
                lines.add(share.aiming(">= 0.40", remit.median() >= 0.4 * line.median()));
            } else if (subject.startsWith("remit")) {
                lines.add(line.of(remit));
            } else {
                lines.add(line);
                var least = subject.equals("bifrost") ? 1 : 10;
                lines.add(
                        remit.of(line)
                                .aiming(">= " + least, remit.median() >= least * line.median()));
            }
        });
    }

    private void slowProvider(Subject direct, Subject remit)
            throws IOException, InterruptedException {
        var seen =
                turns(
                        List.of(direct, remit),
                        "50 ms provider, c=200",
                        s -> Generator.closed(s.port(), s.chat(), 200, round));
        var base =
                Line.plain(
                        "50 ms, c=200, direct", "req/s", each(of(seen, "direct"), Seen::perSecond));
        var line =
                Line.plain("50 ms, c=200, remit", "req/s", each(of(seen, "remit"), Seen::perSecond))
                        .of(base);
        lines.add(base);
        lines.add(line.aiming(">= 0.97", line.median() >= 0.97 * base.median()));
    }

    private void firstTokens(Subject direct, Subject remit)
            throws IOException, InterruptedException {
        var seen =
                turns(
                        List.of(direct, remit),
                        "first token of a stream",
                        s -> Generator.paced(s.port(), s.stream(), PACE, round));
        var added = new ArrayList<Double>();
        for (int i = 0; i < ROUNDS; i++) {
            added.add(
                    Seen.quantileMicros(of(seen, "remit").get(i).first(), 0.5)
                            - Seen.quantileMicros(of(seen, "direct").get(i).first(), 0.5));
        }
        var line = Line.plain("first token p50, added by remit", "us", added);
        lines.add(line.aiming("<= 500 us", line.median() <= 500));
    }

    private void pacedStreams(Subject remit) throws IOException, InterruptedException {
        var process = subjects.remitProcess();
        var cores = new ArrayList<Double>();
        var memory = new ArrayList<Double>();
        for (int i = 1; i <= ROUNDS; i++) {
            progress.accept(STREAMS + " streams of 20 chunks a second, round " + i);
            var before = process.cpuSeconds();
            var seen =
                    Generator.streams(
                            remit.port(), remit.stream(), STREAMS, Duration.ofMillis(1), round);
            cores.add((process.cpuSeconds() - before) / seen.seconds());
            memory.add(process.residentBytes() / 1e6);
        }
        var cpu = Line.plain(STREAMS + " paced streams, processor", "cores", cores);
        lines.add(cpu.aiming("< 0.5", cpu.median() < 0.5));
        var rss = Line.plain(STREAMS + " paced streams, memory", "MB", memory);
        lines.add(rss.aiming("< 400", rss.median() < 400));
    }

    /// Memory after ten times as many calls: of the whole process, and of that what is in use of
    /// the heap. Telling the latter collects the heap, so that it has to grow again before the
    /// second look.
    private void memory(Subject remit) throws IOException, InterruptedException {
        progress.accept("memory: 100,000 calls, then 900,000 more");
        calls(remit, 100_000);
        var early = memoryNow("after 100,000 calls");
        calls(remit, 900_000);
        var late = memoryNow("after 1,000,000 calls");
        for (int i = 0; i < early.size(); i++) {
            var base = early.get(i);
            var flat = late.get(i).median() <= 1.1 * base.median();
            lines.add(base);
            lines.add(late.get(i).of(base).aiming("<= 1.10", flat));
        }
    }

    private List<Line> memoryNow(String when) throws IOException, InterruptedException {
        var process = subjects.remitProcess();
        var whole = process.residentBytes() / 1e6;
        var live = process.liveHeapBytes() / 1e6;
        return List.of(
                Line.plain("memory " + when, "MB", List.of(whole)),
                Line.plain("heap in use " + when, "MB", List.of(live)));
    }

    private static void calls(Subject remit, long count) throws IOException, InterruptedException {
        long done = 0;
        while (done < count) {
            done +=
                    Generator.closed(remit.port(), remit.chat(), 32, Duration.ofSeconds(5))
                            .total()
                            .length;
        }
    }
}
