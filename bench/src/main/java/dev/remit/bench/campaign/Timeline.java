package dev.remit.bench.campaign;

import dev.remit.bench.campaign.witness.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/// A campaign as a picture: what was broken when, and how much got done meanwhile.
final class Timeline {
    private static final int WIDTH = 1100;
    private static final int LEFT = 130;
    private static final int LANE = 16;
    private static final int GRAPH = 120;
    private static final long BUCKET = 1_000;

    private Timeline() {}

    /// @param effects lines of the effect server's journal
    /// @param began when the load began, in milliseconds since 1970
    static String svg(Plan plan, List<Tree> effects, long began, String title) {
        var lanes = new LinkedHashMap<String, Integer>();
        plan.faults().stream()
                .map(Timeline::lane)
                .sorted()
                .forEach(lane -> lanes.putIfAbsent(lane, lanes.size()));
        long last = effects.stream().mapToLong(e -> e.at("t").number() - began).max().orElse(0);
        long total = Math.max(plan.millis(), last) + 1_000;
        int height = 40 + GRAPH + 20 + lanes.size() * LANE + 30;
        var svg = new StringBuilder();
        svg.append(
                "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='11'>\n"
                        .formatted(WIDTH + 20, height));
        svg.append("<rect width='100%' height='100%' fill='white'/>\n");
        svg.append("<text x='10' y='18' font-size='13'>" + escaped(title) + "</text>\n");
        throughput(svg, effects, began, total);
        int top = 40 + GRAPH + 20;
        lanes.forEach((lane, row) ->
                svg.append(
                        "<text x='10' y='%d'>%s</text>\n".formatted(top + row * LANE + 11, lane)));
        for (var fault : plan.faults()) {
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<rect x='%.1f' y='%d' width='%.1f' height='%d' fill='%s' opacity='0.8'><title>%s at %.1f s</title></rect>\n",
                            x(fault.at(), total),
                            top + lanes.getOrDefault(lane(fault), 0) * LANE + 2,
                            Math.max(2, x(fault.until(), total) - x(fault.at(), total)),
                            LANE - 4,
                            color(fault.kind().family),
                            escaped(fault + ": " + fault.kind().says),
                            fault.at() / 1000.0));
        }
        axis(svg, total, height - 10);
        return svg.append("</svg>\n").toString();
    }

    private static String color(Fault.Family family) {
        return switch (family) {
            case KILL -> "#c0392b";
            case PAUSE -> "#8e44ad";
            case DRAIN -> "#7f8c8d";
            case PARTITION -> "#d35400";
            case LINK -> "#f39c12";
            case RESET -> "#b9770e";
            case CLOCK -> "#2471a3";
            case POSTGRES -> "#1e8449";
            case DISK -> "#6e2c00";
            case PROVIDER -> "#117a65";
            case EFFECTS -> "#616a6b";
        };
    }

    private static String lane(Fault fault) {
        return fault.kind().family.word() + (fault.node() > 0 ? " n" + fault.node() : "");
    }

    private static void throughput(StringBuilder svg, List<Tree> effects, long began, long total) {
        var counts = new int[(int) (total / BUCKET) + 1];
        for (var effect : effects) {
            long at = effect.at("t").number() - began;
            if (at >= 0 && at < total) {
                counts[(int) (at / BUCKET)]++;
            }
        }
        int most = 1;
        for (int count : counts) {
            most = Math.max(most, count);
        }
        var points = new ArrayList<String>();
        for (int i = 0; i < counts.length; i++) {
            double y = 40 + GRAPH - (double) counts[i] * GRAPH / most;
            points.add(String.format(Locale.ROOT, "%.1f,%.1f", x(i * BUCKET, total), y));
        }
        svg.append("<text x='10' y='50'>effects a second</text>");
        svg.append("<text x='10' y='64'>at most " + most + "</text>\n");
        svg.append(
                "<polyline fill='none' stroke='#1b4f72' points='"
                        + String.join(" ", points)
                        + "'/>\n");
    }

    private static void axis(StringBuilder svg, long total, int y) {
        long step = total > 600_000 ? 120_000 : total > 120_000 ? 30_000 : 10_000;
        for (long at = 0; at < total; at += step) {
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text x='%.1f' y='%d' fill='#555'>%d s</text>\n",
                            x(at, total),
                            y,
                            at / 1000));
        }
    }

    private static double x(long at, long total) {
        return LEFT + (double) at * (WIDTH - LEFT) / total;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
