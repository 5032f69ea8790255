package dev.remit.gateway.guard;

import dev.remit.core.settings.Settings.Guard.Mode;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Delta.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/// One guard over one stream.
final class Stage {
    /// Of the arguments of one tool call, in characters.
    private static final int LARGEST_ARGUMENTS = 4 << 20;

    private final Rule rule;
    private final Consumer<Finding> findings;
    private final Map<Integer, Window> texts = new TreeMap<>();
    private final Map<Integer, StringBuilder> arguments = new TreeMap<>();
    private long bytes;

    Stage(Rule rule, Consumer<Finding> findings) {
        this.rule = rule;
        this.findings = findings;
    }

    void next(Delta delta, List<Delta> out) throws Blocked {
        switch (delta) {
            case Delta.Opened opened -> {
                open(opened);
                out.add(opened);
            }
            case Delta.Grown(int index, String text) -> grown(index, text, out);
            case Delta.Signed signed -> out.add(signed);
            case Delta.Closed closed -> {
                close(closed.index(), out);
                out.add(closed);
            }
            case Delta.Ended ended -> {
                flush(out);
                out.add(ended);
            }
            case Delta.Started started -> out.add(started);
            case Delta.Used used -> out.add(used);
            case Delta.Broken broken -> out.add(broken);
        }
    }

    private void open(Delta.Opened opened) {
        if (opened.kind() == Kind.TOOL_CALL) {
            arguments.put(opened.index(), new StringBuilder());
        } else if (opened.kind() != Kind.REDACTED_THOUGHT) {
            texts.put(opened.index(), new Window(rule, "piece " + opened.index(), findings));
        }
    }

    private void grown(int index, String text, List<Delta> out) throws Blocked {
        bytes += Guarding.bytes(text);
        rule.size(bytes, "piece " + index, findings);
        var window = texts.get(index);
        var whole = arguments.get(index);
        if (window != null) {
            add(index, window.next(text), out);
        } else if (whole != null) {
            whole.append(text);
            if (whole.length() > LARGEST_ARGUMENTS) {
                throw new Blocked(
                        rule.settings().name(),
                        "a tool call's arguments are too large for the guard \""
                                + rule.settings().name()
                                + "\"");
            }
            if (rule.mode() == Mode.LOG) {
                add(index, text, out);
            }
        } else {
            out.add(new Delta.Grown(index, text));
        }
    }

    private void close(int index, List<Delta> out) throws Blocked {
        var window = texts.remove(index);
        if (window != null) {
            add(index, window.end(), out);
        }
        var whole = arguments.remove(index);
        if (whole != null) {
            var masked = arguments(whole.toString(), "piece " + index);
            if (rule.mode() != Mode.LOG) {
                add(index, masked, out);
            }
        }
    }

    void flush(List<Delta> out) throws Blocked {
        var open = new ArrayList<>(texts.keySet());
        open.addAll(arguments.keySet());
        for (var index : open) {
            close(index, out);
        }
    }

    private String arguments(String json, String where) throws Blocked {
        if (rule.guarding().isClean(json, json.contains("\\u") || json.contains("\\/"))) {
            return json;
        }
        try {
            var masked =
                    Strings.masked(
                            json.getBytes(StandardCharsets.UTF_8),
                            rule,
                            one ->
                                    findings.accept(
                                            new Finding(
                                                    one.guard(),
                                                    one.mode(),
                                                    one.what(),
                                                    where + " " + one.where())));
            return new String(masked, StandardCharsets.UTF_8);
        } catch (JacksonException e) {
            return rule.text("", json, where, findings); // no JSON: nothing to keep whole
        }
    }

    private static void add(int index, String text, List<Delta> out) {
        if (!text.isEmpty()) {
            out.add(new Delta.Grown(index, text));
        }
    }
}
