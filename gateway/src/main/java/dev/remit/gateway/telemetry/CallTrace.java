package dev.remit.gateway.telemetry;

import dev.remit.core.money.Attempt;
import dev.remit.core.settings.Settings;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A call of a client, and the attempts it leads to.
public final class CallTrace {
    private final Figures figures;
    private final String route;
    private final Telemetry.Begun call;
    private final @Nullable Export export;
    private final @Nullable Span span;
    private final long begun = System.nanoTime();
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();

    CallTrace(
            Figures figures,
            String route,
            Telemetry.Begun call,
            @Nullable Export export,
            @Nullable Span span) {
        this.figures = figures;
        this.route = route;
        this.call = call;
        this.export = export;
        this.span = span;
    }

    /// An attempt begins.
    ///
    /// @param address of the provider, if it is known
    public AttemptTrace attempt(Settings.Provider provider, String model, @Nullable URI address) {
        var number = attempts.incrementAndGet();
        var to = export;
        var parent = span;
        if (to == null || parent == null) {
            return new AttemptTrace(figures, call, provider, null, null);
        }
        var attempt =
                to.tracer
                        .spanBuilder(call.operation() + " " + model)
                        .setSpanKind(SpanKind.CLIENT)
                        .setParent(Context.root().with(parent))
                        .setAttribute(GenAi.OPERATION, call.operation())
                        .setAttribute(GenAi.PROVIDER, GenAi.provider(provider.kind()))
                        .setAttribute(GenAi.REQUEST_MODEL, model)
                        .setAttribute(GenAi.CONFIGURED, provider.name())
                        .setAttribute(GenAi.ATTEMPT, (long) number);
        var host = address == null ? null : address.getHost();
        if (address != null && host != null) {
            attempt.setAttribute(GenAi.SERVER_ADDRESS, host);
            if (address.getPort() > 0) {
                attempt.setAttribute(GenAi.SERVER_PORT, (long) address.getPort());
            }
        }
        return new AttemptTrace(figures, call, provider, to, attempt.startSpan());
    }

    /// The call is over. Further calls of this do nothing.
    ///
    /// @param errorType one of few words, such as `budget` or `overloaded`; absent: it went well
    public void end(Attempt.End end, @Nullable String errorType) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        figures.ended(route, end, Duration.ofNanos(System.nanoTime() - begun));
        if (span != null) {
            span.setAttribute(GenAi.END, end.name());
            if (errorType != null) {
                span.setAttribute(GenAi.ERROR_TYPE, errorType);
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }
}
