package dev.remit.cli.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A JSON value laid out for people: headings, lists, wrapped text. Loses the types and nothing
/// else.
public final class Layout {
    private static final int DEEPEST = 40;
    private static final int BRIEF = 24;

    /// Names under which an item of a list most likely says what it is about.
    private static final List<String> HEADLINES =
            List.of(
                    "title",
                    "name",
                    "hypothesis",
                    "step",
                    "question",
                    "event",
                    "action",
                    "risk",
                    "what",
                    "summary",
                    "text",
                    "description");

    private static final List<String> TIMES = List.of("time", "timestamp", "at", "date");

    private final Style style;
    private final int width;
    private final List<String> lines = new ArrayList<>();

    private Layout(int width, Style style) {
        this.width = width;
        this.style = style;
    }

    public static List<String> lines(JsonNode value, int width, Style style) {
        var page = new Layout(Math.clamp(width, 40, 100), style);
        if (value.isObject() && !value.isEmpty()) {
            page.chapters(value);
        } else {
            page.value(value, 0);
        }
        return List.copyOf(page.lines);
    }

    private void chapters(JsonNode object) {
        boolean afterDeep = false;
        for (var field : object.properties()) {
            boolean deep = isDeep(field.getValue());
            if (!lines.isEmpty() && (deep || afterDeep)) {
                lines.add("");
            }
            afterDeep = deep;
            if (deep) {
                lines.add(style.bold(title(field.getKey())));
                value(field.getValue(), 2);
            } else {
                field(field, 0, style.bold(title(field.getKey())));
            }
        }
    }

    private void value(JsonNode value, int indent) {
        if (indent > DEEPEST) {
            text(value.toString(), indent, "");
        } else if (value.isObject()) {
            for (var field : value.properties()) {
                field(field, indent, style.cyan(title(field.getKey())));
            }
        } else if (value.isArray()) {
            list(value, indent);
        } else {
            text(scalar(value), indent, "");
        }
    }

    private void field(Map.Entry<String, JsonNode> field, int indent, String heading) {
        var value = field.getValue();
        if (isDeep(value)) {
            lines.add(" ".repeat(indent) + heading);
            value(value, indent + 2);
            return;
        }
        var said = scalar(value);
        int taken = indent + Cells.width(title(field.getKey())) + 2;
        boolean crowded = taken > width / 2 && taken + Cells.width(said) > width;
        if (crowded || said.contains("\n")) {
            lines.add(" ".repeat(indent) + heading);
            text(said, indent + 2, "");
        } else {
            text(said, indent, heading + "  ", Cells.width(title(field.getKey())) + 2);
        }
    }

    private void list(JsonNode list, int indent) {
        int number = 0;
        for (var item : list) {
            number++;
            var mark = isDeep(item) ? number + "." : style.bullet();
            int hang = mark.length() + 1;
            if (!isDeep(item)) {
                text(scalar(item), indent, style.dim(mark) + " ", hang);
                continue;
            }
            int first = lines.size();
            if (item.isObject()) {
                item(item, indent + hang);
            } else {
                value(item, indent + hang);
            }
            if (lines.size() > first) {
                var line = lines.get(first);
                lines.set(
                        first,
                        " ".repeat(indent) + style.dim(mark) + " " + line.substring(indent + hang));
            }
        }
    }

    /// An object in a list: what it is about as its headline, its short values side by side.
    private void item(JsonNode item, int indent) {
        var headline = first(item, HEADLINES);
        if (headline.isEmpty()) {
            value(item, indent);
            return;
        }
        var time = first(item, TIMES);
        var lead = time.isEmpty() ? "" : scalar(item.path(time)) + "  ";
        text(scalar(item.path(headline)), indent, style.cyan(lead), Cells.width(lead));
        var rest = new ArrayList<Map.Entry<String, JsonNode>>();
        var brief = new ArrayList<String>();
        for (var field : item.properties()) {
            if (field.getKey().equals(headline) || field.getKey().equals(time)) {
                continue;
            }
            if (!isDeep(field.getValue()) && Cells.width(scalar(field.getValue())) <= BRIEF) {
                brief.add(
                        title(field.getKey()).toLowerCase(Locale.ROOT)
                                + " "
                                + scalar(field.getValue()));
            } else {
                rest.add(field);
            }
        }
        if (!brief.isEmpty()) {
            text(String.join(style.separator(), brief), indent, "");
        }
        rest.forEach(field -> field(field, indent, style.cyan(title(field.getKey()))));
    }

    private static String first(JsonNode item, List<String> names) {
        return names.stream().filter(n -> item.path(n).isString()).findFirst().orElse("");
    }

    private void text(String text, int indent, String lead) {
        text(text, indent, lead, Cells.width(lead));
    }

    /// @param hang how many cells the lead takes, and the lines behind it are indented
    private void text(String text, int indent, String lead, int hang) {
        var wrapped = Cells.wrap(text, width - indent - hang);
        for (int i = 0; i < wrapped.size(); i++) {
            lines.add(" ".repeat(indent) + (i == 0 ? lead : " ".repeat(hang)) + wrapped.get(i));
        }
    }

    private static boolean isDeep(JsonNode value) {
        return (value.isObject() || value.isArray()) && !value.isEmpty();
    }

    private static String scalar(JsonNode value) {
        if (value.isString()) {
            var text = Cells.harmless(value.asString()).strip();
            return text.isEmpty() ? "(empty)" : text;
        }
        if (value.isNull() || value.isMissingNode()) {
            return "(nothing)";
        }
        if (value.isContainer()) {
            return "(none)";
        }
        return value.isBoolean() ? (value.asBoolean() ? "yes" : "no") : value.toString();
    }

    /// `suspected_root_causes` as `Suspected root causes`.
    static String title(String name) {
        var words = Cells.harmless(name).replace('_', ' ').strip();
        if (words.isEmpty()) {
            return name;
        }
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
