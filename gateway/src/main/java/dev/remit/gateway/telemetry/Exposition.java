package dev.remit.gateway.telemetry;

import java.math.BigDecimal;
import java.util.concurrent.atomic.LongAdder;

/// Prometheus's text format, version 0.0.4.
final class Exposition {
    private final StringBuilder text = new StringBuilder(8_192);

    void head(String name, String help, String type) {
        text.append("# HELP ").append(name).append(' ');
        text.append(help.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    void line(String name, String labels, long value) {
        line(name, labels, Long.toString(value));
    }

    private void line(String name, String labels, String value) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ').append(value).append('\n');
    }

    void counters(Family<LongAdder> family) {
        head(family.name, family.help, "counter");
        family.all().forEach((labels, value) -> line(family.name, labels, value.sum()));
    }

    void histograms(Family<Histogram> family) {
        head(family.name, family.help, "histogram");
        family.all().forEach((labels, histogram) -> histogram(family.name, labels, histogram));
    }

    private void histogram(String name, String labels, Histogram histogram) {
        var before = labels.isEmpty() ? "" : labels + ",";
        long sum = 0;
        for (int i = 0; i <= Histogram.BOUNDS.length; i++) {
            sum += histogram.count(i);
            var bound = i == Histogram.BOUNDS.length ? "+Inf" : seconds(Histogram.BOUNDS[i]);
            line(name + "_bucket", before + "le=\"" + bound + "\"", sum);
        }
        line(name + "_sum", labels, seconds(histogram.sum()));
        line(name + "_count", labels, sum);
    }

    private static String seconds(long micros) {
        return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
