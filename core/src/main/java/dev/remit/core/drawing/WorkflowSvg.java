package dev.remit.core.drawing;

import dev.remit.core.agent.WorkflowDefinition;
import java.util.List;
import java.util.Locale;

/// A workflow as a picture in SVG: steps from top to bottom, branches side by side. It stands for
/// itself, on light and dark ground, and needs nothing but a font without serifs.
public final class WorkflowSvg {
    private static final int PAD = 14;
    private static final int GAP = 26;
    private static final int LANE_GAP = 18;
    private static final int LINE = 16;
    private static final int LEAST = 130;
    private static final double TITLE = 15;
    private static final double LARGE = 13;
    private static final double SMALL = 11;
    private static final String EMPTY = "nothing";

    private static final String STYLE =
            """
            <style>
            text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2933}
            .note{font-size:11px;fill:#52606d}.label{font-size:11px;font-style:italic;fill:#52606d}
            .title{font-size:15px;font-weight:600}
            rect{fill:#fff;stroke:#9aa5b1;stroke-width:1.2}
            .agent{fill:#e3f0ff;stroke:#3e7cbf}.tool{fill:#eef7ea;stroke:#5a9a45}
            .workflow{fill:#f1eaff;stroke:#7a5ac2}.people{fill:#fff3d6;stroke:#c58a14}
            .wait{fill:#f2f4f7;stroke:#7b8794}.group{fill:#fafbfc;stroke:#cbd2d9;stroke-dasharray:5 4}
            .line{stroke:#7b8794;stroke-width:1.3;fill:none;marker-end:url(#arrow)}
            </style>
            <defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">\
            <path d="M0 0L10 5L0 10z" fill="#7b8794"/></marker></defs>
            """;

    private final StringBuilder svg = new StringBuilder();

    private WorkflowSvg() {}

    /// The picture, as one document.
    public static String draw(WorkflowDefinition workflow) {
        return new WorkflowSvg().document(workflow);
    }

    private String document(WorkflowDefinition workflow) {
        var nodes = Node.of(workflow.steps());
        var limits = Node.limits(workflow);
        double head = PAD + 12 + (limits.isEmpty() ? 0 : LINE + 2);
        double title = Math.max(wide(workflow.name(), TITLE), wide(limits, SMALL));
        double width = Math.max(width(nodes), title) + 2 * PAD;
        double height = height(nodes) + head + 2 * PAD;
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %s %s\">\n"
                        .formatted(n(width), n(height), n(width), n(height)));
        svg.append("<title>").append(escaped(workflow.name())).append("</title>\n");
        svg.append("<desc>").append(escaped(workflow.description().strip())).append("</desc>\n");
        svg.append(STYLE);
        svg.append(
                "<rect x=\"0\" y=\"0\" width=\"%s\" height=\"%s\" rx=\"8\" style=\"stroke:none\"/>\n"
                        .formatted(n(width), n(height)));
        text(width / 2, PAD + 12, "title", workflow.name());
        if (!limits.isEmpty()) {
            text(width / 2, head, "note", limits);
        }
        column(nodes, width / 2, head + PAD);
        return svg.append("</svg>\n").toString();
    }

    // ---- sizes

    private static double width(List<Node> nodes) {
        return nodes.stream().mapToDouble(WorkflowSvg::width).max().orElse(LEAST);
    }

    private static double height(List<Node> nodes) {
        return nodes.stream().mapToDouble(WorkflowSvg::height).sum()
                + GAP * Math.max(0, nodes.size() - 1);
    }

    private static double width(Node node) {
        double own = Math.max(LEAST, wide(node.title(), LARGE) + 2 * PAD);
        for (var note : node.notes()) {
            own = Math.max(own, wide(note, SMALL) + 2 * PAD);
        }
        return Math.max(own, lanesWidth(node) + 2 * PAD);
    }

    private static double lanesWidth(Node node) {
        return node.lanes().stream().mapToDouble(WorkflowSvg::width).sum()
                + LANE_GAP * Math.max(0, node.lanes().size() - 1);
    }

    private static double width(Node.Lane lane) {
        double least = lane.nodes().isEmpty() ? wide(EMPTY, SMALL) : 0;
        return Math.max(Math.max(width(lane.nodes()), least), wide(lane.label(), SMALL) + 8);
    }

    /// About how wide a text is, rather too wide than too narrow: the font is the reader's.
    private static double wide(String text, double size) {
        return text.codePoints().mapToDouble(WorkflowSvg::em).sum() * size;
    }

    private static double em(int letter) {
        if (letter > 0x2e7f) {
            return 1.05; // scripts of full width, and pictures
        }
        if (letter == 'm'
                || letter == 'w'
                || letter == 'M'
                || letter == 'W'
                || letter == '%'
                || letter == '@'
                || letter == '…') {
            return 1.0;
        }
        if ("iljt.,:;'|!()[] f/r`\"".indexOf(letter) >= 0) {
            return 0.42;
        }
        return Character.isUpperCase(letter) || "=<>+&_".indexOf(letter) >= 0 ? 0.8 : 0.63;
    }

    private static double height(Node node) {
        return head(node) + (node.lanes().isEmpty() ? 0 : lanesHeight(node) + PAD);
    }

    private static double head(Node node) {
        return PAD + LINE * (1 + node.notes().size()) + 6;
    }

    private static double lanesHeight(Node node) {
        return node.lanes().stream()
                .mapToDouble(lane ->
                        label(lane) + (lane.nodes().isEmpty() ? LINE : height(lane.nodes())))
                .max()
                .orElse(0);
    }

    private static double label(Node.Lane lane) {
        return lane.label().isEmpty() ? 0 : LINE + 4;
    }

    // ---- drawing

    private void column(List<Node> nodes, double middle, double top) {
        double y = top;
        for (int i = 0; i < nodes.size(); i++) {
            var node = nodes.get(i);
            node(node, middle, y);
            y += height(node);
            if (i < nodes.size() - 1) {
                svg.append(
                        "<path class=\"line\" d=\"M%s %sV%s\"/>\n"
                                .formatted(n(middle), n(y), n(y + GAP - 1)));
            }
            y += GAP;
        }
    }

    private void node(Node node, double middle, double top) {
        double width = width(node);
        svg.append(
                "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%d\"/>\n"
                        .formatted(
                                node.kind().name().toLowerCase(Locale.ROOT),
                                n(middle - width / 2),
                                n(top),
                                n(width),
                                n(height(node)),
                                node.kind() == Node.Kind.WAIT ? 16 : 6));
        double y = top + PAD + 8;
        text(middle, y, "", node.title());
        for (var note : node.notes()) {
            y += LINE;
            text(middle, y, "note", note);
        }
        double x = middle - lanesWidth(node) / 2;
        double lanes = top + head(node);
        for (var lane : node.lanes()) {
            double center = x + width(lane) / 2;
            if (!lane.label().isEmpty()) {
                text(center, lanes + 11, "label", lane.label());
            }
            if (lane.nodes().isEmpty()) {
                text(center, lanes + label(lane) + 11, "note", EMPTY);
            }
            column(lane.nodes(), center, lanes + label(lane));
            x += width(lane) + LANE_GAP;
        }
    }

    private void text(double x, double y, String kind, String words) {
        svg.append(
                "<text x=\"%s\" y=\"%s\" text-anchor=\"middle\"%s>%s</text>\n"
                        .formatted(
                                n(x),
                                n(y),
                                kind.isEmpty() ? "" : " class=\"" + kind + "\"",
                                escaped(words)));
    }

    private static String n(double number) {
        return number == Math.rint(number)
                ? Long.toString((long) number)
                : String.format(Locale.ROOT, "%.1f", number);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
