package dev.remit.gateway.telemetry;

import dev.remit.core.settings.Settings;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Sends spans and metrics to one collector, in the background. What does not fit into the queue is
/// dropped: nobody waits for a collector.
final class Export {
    static final String SCOPE = "dev.remit.gateway";
    private static final int QUEUE = 4_096;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SdkTracerProvider spans;
    private final SdkMeterProvider metrics;
    final Tracer tracer;
    final DoubleHistogram duration;
    final LongHistogram tokens;
    final DoubleHistogram firstToken;

    /// @param every how often spans are sent; metrics ten times less often
    Export(URI collector, Settings.Telemetry settings, Duration every) {
        var base = collector.toString().replaceFirst("/+$", "");
        var resource =
                Resource.getDefault().toBuilder()
                        .put(AttributeKey.stringKey("service.name"), "remit")
                        .build();
        spans = spans(base, settings, every, resource);
        metrics = metrics(base, settings.headers(), every.multipliedBy(10), resource);
        tracer = spans.get(SCOPE);
        var meter = metrics.get(SCOPE);
        duration =
                meter.histogramBuilder(GenAi.DURATION)
                        .setUnit("s")
                        .setDescription("GenAI operation duration.")
                        .setExplicitBucketBoundariesAdvice(GenAi.SECONDS)
                        .build();
        tokens =
                meter.histogramBuilder(GenAi.TOKENS)
                        .ofLongs()
                        .setUnit("{token}")
                        .setDescription("Number of input and output tokens used.")
                        .setExplicitBucketBoundariesAdvice(GenAi.COUNTS)
                        .build();
        firstToken =
                meter.histogramBuilder(GenAi.FIRST_TOKEN)
                        .setUnit("s")
                        .setDescription("Time to generate first token for successful responses.")
                        .setExplicitBucketBoundariesAdvice(GenAi.FIRST_SECONDS)
                        .build();
    }

    private static SdkTracerProvider spans(
            String base, Settings.Telemetry settings, Duration every, Resource resource) {
        var exporter = OtlpHttpSpanExporter.builder().setEndpoint(base + "/v1/traces");
        exporter.setTimeout(PATIENCE).setConnectTimeout(PATIENCE);
        settings.headers().forEach(exporter::addHeader);
        return SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.sampled())))
                .addSpanProcessor(
                        BatchSpanProcessor.builder(exporter.build())
                                .setMaxQueueSize(QUEUE)
                                .setScheduleDelay(every)
                                .setExporterTimeout(PATIENCE)
                                .build())
                .build();
    }

    private static SdkMeterProvider metrics(
            String base, Map<String, String> headers, Duration every, Resource resource) {
        var exporter = OtlpHttpMetricExporter.builder().setEndpoint(base + "/v1/metrics");
        exporter.setTimeout(PATIENCE).setConnectTimeout(PATIENCE);
        headers.forEach(exporter::addHeader);
        return SdkMeterProvider.builder()
                .setResource(resource)
                .registerMetricReader(
                        PeriodicMetricReader.builder(exporter.build()).setInterval(every).build())
                .build();
    }

    /// Sends what is there, and ends. Waits for a while at most.
    void close(Duration atMost) {
        var traces = spans.shutdown();
        var figures = metrics.shutdown();
        traces.join(atMost.toMillis(), TimeUnit.MILLISECONDS);
        figures.join(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }
}
