package dev.remit.gateway.telemetry;

import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.Settings;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Tells what the gateway does: to Prometheus always, by OTLP where that is configured. Never
/// prompts, answers, keys or error texts; never in anybody's way. Thread-safe.
public final class Telemetry implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration LAST = Duration.ofSeconds(5);
    private static final String TRACEPARENT = "traceparent";
    private static final TextMapGetter<Map<String, String>> HEADERS =
            new TextMapGetter<>() {
                @Override
                public Iterable<String> keys(Map<String, String> headers) {
                    return headers.keySet();
                }

                @Override
                public @Nullable String get(@Nullable Map<String, String> headers, String name) {
                    return headers == null ? null : headers.get(name);
                }
            };

    private final Figures figures = new Figures();
    private final Duration every;
    private Settings.@Nullable Telemetry settings;
    private volatile @Nullable Export export;

    public Telemetry() {
        this(EVERY);
    }

    /// @param every how often spans are sent
    Telemetry(Duration every) {
        this.every = every;
    }

    /// For `/metrics`.
    public Figures figures() {
        return figures;
    }

    /// Takes other settings, at a reload. Calls under way are told to the collector they began
    /// with, if they end before it has been left; what was not sent yet is sent in the background.
    ///
    /// @param secrets those that its headers name
    public synchronized void configure(Settings.Telemetry wanted, Secrets secrets) {
        var changed =
                new Settings.Telemetry(wanted.otlp(), wanted.headers(secrets), wanted.sampled());
        if (Objects.equals(settings, changed)) {
            return;
        }
        settings = changed;
        var before = export;
        var collector = changed.otlp();
        export = collector == null ? null : new Export(collector, changed, every);
        if (before != null) {
            Thread.ofVirtual().name("telemetry-leave").start(() -> before.close(LAST));
        }
    }

    /// What a call is about.
    ///
    /// @param operation `chat` or `embeddings`
    /// @param route as the client named it
    /// @param wire the client's dialect, such as `anthropic`
    /// @param traceparent the client's, by W3C Trace Context; absent: it has none
    public record Begun(
            String operation,
            String route,
            @Nullable String team,
            String wire,
            boolean streamed,
            @Nullable String traceparent) {}

    /// A call of a client begins.
    ///
    /// @param known whether the route is a configured one, so that it may name a figure
    public CallTrace begin(Begun call, boolean known) {
        var route = known ? call.route() : "other";
        figures.begun(route);
        var to = export;
        if (to == null) {
            return new CallTrace(figures, route, call, null, null);
        }
        var traceparent = call.traceparent();
        var parent =
                traceparent == null
                        ? Context.root()
                        : W3CTraceContextPropagator.getInstance()
                                .extract(Context.root(), Map.of(TRACEPARENT, traceparent), HEADERS);
        var span =
                to.tracer
                        .spanBuilder("remit " + call.operation())
                        .setSpanKind(SpanKind.SERVER)
                        .setParent(parent)
                        .setAttribute(GenAi.ROUTE, route)
                        .setAttribute(GenAi.WIRE, call.wire())
                        .setAttribute(GenAi.STREAMED, call.streamed());
        var team = call.team();
        if (team != null) {
            span.setAttribute(GenAi.TEAM, team);
        }
        return new CallTrace(figures, route, call, to, span.startSpan());
    }

    /// Sends what is left, for some seconds at most.
    @Override
    public synchronized void close() {
        var before = export;
        export = null;
        settings = null;
        if (before != null) {
            before.close(LAST);
        }
    }
}
