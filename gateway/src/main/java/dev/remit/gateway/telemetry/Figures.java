package dev.remit.gateway.telemetry;

import dev.remit.core.money.Attempt;
import dev.remit.core.money.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What the gateway counts, for Prometheus. Counting takes no lock; routes, providers and models
/// are bounded in number.
public final class Figures {
    private final Family<LongAdder> requests =
            counter("remit_requests_total", "Calls of clients that ended.", "route", "end");
    private final Family<LongAdder> attempts =
            counter(
                    "remit_attempts_total",
                    "Attempts at providers that ended.",
                    "route",
                    "provider",
                    "end");
    private final Family<LongAdder> tokens =
            counter(
                    "remit_tokens_total",
                    "Tokens used, in disjoint buckets.",
                    "provider",
                    "model",
                    "bucket");
    private final Family<LongAdder> cost =
            counter(
                    "remit_cost_micros_total",
                    "Money spent, in millionths of a dollar.",
                    "route",
                    "provider");
    private final Family<LongAdder> saved =
            counter(
                    "remit_saved_micros_total",
                    "Money saved by caches, in millionths of a dollar.",
                    "route",
                    "provider");
    private final Family<LongAdder> refusals =
            counter(
                    "remit_refusals_total",
                    "Calls refused by Remit, by what is in the way.",
                    "why");
    private final Family<LongAdder> findings =
            counter("remit_guard_findings_total", "What guards found.", "guard", "mode");
    private final Family<LongAdder> cache =
            counter("remit_cache_total", "Looks into the answer cache.", "result");
    private final Family<LongAdder> inFlight =
            new Family<>("remit_in_flight", "Calls under way.", List.of("route"), LongAdder::new);
    private final Family<Histogram> durations =
            histogram("remit_request_duration_seconds", "Whole calls of clients.", "route");
    private final Family<Histogram> attemptDurations =
            histogram("remit_attempt_duration_seconds", "Attempts at providers.", "provider");
    private final Family<Histogram> firstTokens =
            histogram(
                    "remit_first_token_seconds",
                    "From the attempt's begin to its first token.",
                    "provider");
    private final Map<String, Gauge> gauges = new ConcurrentHashMap<>();

    private record Gauge(String help, String label, Supplier<Map<String, Long>> values) {}

    private static Family<LongAdder> counter(String name, String help, String... labels) {
        return new Family<>(name, help, List.of(labels), LongAdder::new);
    }

    private static Family<Histogram> histogram(String name, String help, String... labels) {
        return new Family<>(name, help, List.of(labels), Histogram::new);
    }

    // ---- counting

    void begun(String route) {
        inFlight.of(route).increment();
    }

    void ended(String route, Attempt.End end, Duration total) {
        inFlight.of(route).decrement();
        requests.of(route, word(end)).increment();
        durations.of(route).add(total);
    }

    void attempted(Attempt attempt) {
        var target = attempt.target();
        attempts.of(target.route(), target.provider(), word(attempt.end())).increment();
        if (target.provider().isEmpty()) {
            return;
        }
        tokens(target.provider(), target.model(), attempt.usage());
        cost.of(target.route(), target.provider()).add(attempt.cost().micros());
        saved.of(target.route(), target.provider()).add(attempt.saved().micros());
        if (attempt.end() != Attempt.End.CACHED) {
            attemptDurations.of(target.provider()).add(attempt.total());
            var first = attempt.firstToken();
            if (first != null) {
                firstTokens.of(target.provider()).add(first);
            }
        }
    }

    private void tokens(String provider, String model, Usage usage) {
        add(provider, model, "input", usage.input());
        add(provider, model, "cache_read", usage.cacheRead());
        add(provider, model, "cache_write", usage.cacheWrite());
        add(provider, model, "output", usage.output() - usage.reasoning());
        add(provider, model, "reasoning", usage.reasoning());
    }

    private void add(String provider, String model, String bucket, long count) {
        if (count > 0) {
            tokens.of(provider, model, bucket).add(count);
        }
    }

    /// A call was refused.
    ///
    /// @param why such as `budget`, `rate`, `guard`, `permission`, `no_price`: one of few words
    public void refused(String why) {
        refusals.of(why).increment();
    }

    /// A guard found something.
    public void found(String guard, String mode) {
        findings.of(guard, mode.toLowerCase(Locale.ROOT)).increment();
    }

    /// Somebody looked into the answer cache.
    public void looked(boolean hit) {
        cache.of(hit ? "hit" : "miss").increment();
    }

    /// A figure that is asked for when somebody looks, such as the length of a queue.
    ///
    /// @param name such as `remit_ledger_queue`
    public void gauge(String name, String help, LongSupplier value) {
        gauges.put(name, new Gauge(help, "", () -> Map.of("", value.getAsLong())));
    }

    /// Several of them, such as the state of each breaker.
    ///
    /// @param label what its keys are, such as `target`
    public void gauge(String name, String help, String label, Supplier<Map<String, Long>> values) {
        gauges.put(name, new Gauge(help, label, values));
    }

    private static String word(Attempt.End end) {
        return switch (end) {
            case ANSWERED -> "answered";
            case CACHED -> "cached";
            case CANCELLED -> "cancelled";
            case FAILED -> "failed";
            case REFUSED -> "refused";
            case UNATTRIBUTED -> "unattributed";
        };
    }

    // ---- telling

    /// All of it in Prometheus's text format, version 0.0.4: `text/plain; version=0.0.4`.
    public String text() {
        var text = new Exposition();
        for (var family :
                List.of(requests, attempts, tokens, cost, saved, refusals, findings, cache)) {
            text.counters(family);
        }
        text.head(inFlight.name, inFlight.help, "gauge");
        inFlight.all().forEach((labels, value) -> text.line(inFlight.name, labels, value.sum()));
        for (var family : List.of(durations, attemptDurations, firstTokens)) {
            text.histograms(family);
        }
        gauges.forEach((name, gauge) -> {
            text.head(name, gauge.help(), "gauge");
            gauge.values()
                    .get()
                    .forEach((key, value) -> {
                        var label = gauge.label() + "=\"" + Family.escaped(key) + '"';
                        text.line(name, gauge.label().isEmpty() ? "" : label, value);
                    });
        });
        return text.toString();
    }
}
