package dev.remit.gateway.telemetry;

import dev.remit.core.money.Attempt;
import dev.remit.core.settings.Settings;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One attempt at one provider.
public final class AttemptTrace {
    private final Figures figures;
    private final Telemetry.Begun call;
    private final Settings.Provider provider;
    private final @Nullable Export export;
    private final @Nullable Span span;
    private final AtomicBoolean ended = new AtomicBoolean();

    AttemptTrace(
            Figures figures,
            Telemetry.Begun call,
            Settings.Provider provider,
            @Nullable Export export,
            @Nullable Span span) {
        this.figures = figures;
        this.call = call;
        this.provider = provider;
        this.export = export;
        this.span = span;
    }

    /// What the provider is to be told of the trace, by W3C Trace Context: this attempt, or, where
    /// nothing is exported, what the client said.
    public @Nullable String traceparent() {
        if (span == null) {
            return call.traceparent();
        }
        var context = span.getSpanContext();
        return "00-"
                + context.getTraceId()
                + "-"
                + context.getSpanId()
                + "-"
                + context.getTraceFlags().asHex();
    }

    /// It is over. Further calls of this do nothing.
    ///
    /// @param attempt as the ledger has it
    /// @param finished why the model stopped, such as `stop`; absent: it did not
    /// @param errorType one of few words, such as `rate_limited`; absent: it went well
    public void end(Attempt attempt, @Nullable String finished, @Nullable String errorType) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        figures.attempted(attempt);
        if (span == null || export == null) {
            return;
        }
        tell(span, attempt, finished, errorType);
        span.end();
        measure(export, attempt, errorType);
    }

    private static void tell(
            Span span, Attempt attempt, @Nullable String finished, @Nullable String errorType) {
        var usage = attempt.usage();
        span.setAttribute(GenAi.INPUT_TOKENS, input(attempt));
        span.setAttribute(GenAi.OUTPUT_TOKENS, usage.output());
        if (usage.cacheRead() > 0) {
            span.setAttribute(GenAi.CACHE_READ, usage.cacheRead());
        }
        if (usage.cacheWrite() > 0) {
            span.setAttribute(GenAi.CACHE_WRITE, usage.cacheWrite());
        }
        span.setAttribute(GenAi.COST, attempt.cost().micros());
        span.setAttribute(GenAi.END, attempt.end().name());
        var answered = attempt.target().answered();
        if (answered != null) {
            span.setAttribute(GenAi.RESPONSE_MODEL, answered);
        }
        if (finished != null) {
            span.setAttribute(GenAi.FINISH_REASONS, List.of(finished.toLowerCase(Locale.ROOT)));
        }
        if (errorType != null) {
            span.setAttribute(GenAi.ERROR_TYPE, errorType);
            span.setStatus(StatusCode.ERROR);
        }
    }

    /// The convention's input includes what was read from and written to the cache.
    private static long input(Attempt attempt) {
        var usage = attempt.usage();
        return usage.input() + usage.cacheRead() + usage.cacheWrite();
    }

    private void measure(Export to, Attempt attempt, @Nullable String errorType) {
        var common =
                Attributes.builder()
                        .put(GenAi.OPERATION, call.operation())
                        .put(GenAi.PROVIDER, GenAi.provider(provider.kind()))
                        .put(GenAi.REQUEST_MODEL, attempt.target().model());
        var answered = attempt.target().answered();
        if (answered != null) {
            common.put(GenAi.RESPONSE_MODEL, answered);
        }
        var url = provider.url();
        var host = url == null ? null : host(url);
        if (host != null) {
            common.put(GenAi.SERVER_ADDRESS, host);
        }
        var usual = common.build();
        var withError =
                errorType == null
                        ? usual
                        : usual.toBuilder().put(GenAi.ERROR_TYPE, errorType).build();
        to.duration.record(seconds(attempt.total()), withError);
        var first = attempt.firstToken();
        if (first != null) {
            to.firstToken.record(seconds(first), usual);
        }
        if (input(attempt) > 0) {
            to.tokens.record(
                    input(attempt), usual.toBuilder().put(GenAi.TOKEN_TYPE, "input").build());
        }
        if (attempt.usage().output() > 0) {
            to.tokens.record(
                    attempt.usage().output(),
                    usual.toBuilder().put(GenAi.TOKEN_TYPE, "output").build());
        }
    }

    private static @Nullable String host(URI url) {
        return url.getHost();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
