package dev.remit.core.agent;

import dev.remit.core.agent.WorkflowStep.Otherwise;
import dev.remit.core.agent.WorkflowStep.WaitFor;
import dev.remit.core.json.Json;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Moments;
import dev.remit.core.text.Quantities;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the steps that wait: `approve:` and `wait:`.
final class PauseSteps {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Pattern EVENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}.*");
    private static final String ANSWER =
            "{\"type\":\"object\",\"properties\":{\"approved\":{\"type\":\"boolean\"},\"by\":{\"type\":\"string\"},\"note\":{\"type\":\"string\"},\"expired\":{\"type\":\"boolean\"}},\"additionalProperties\":false}";

    private final Steps steps;

    PauseSteps(Steps steps) {
        this.steps = steps;
    }

    Optional<Steps.One> approve(Fields fields, References known, int depth) {
        var node = fields.get("approve");
        if (node != null && node.isString()) {
            fields.fault(
                    "approve",
                    "`approve` is a text",
                    "approve: { show: " + node.asString() + ", by: who, within: 15m }");
            return Optional.empty();
        }
        var approve = fields.object("approve", Keys.APPROVE);
        if (approve.isEmpty()) {
            return Optional.empty();
        }
        var asked = approve.get();
        JsonNode show = Json.nothing();
        if (asked.get("show") == null) {
            asked.missing("show", "show: what they decide about, such as comms.slack_update");
        } else {
            show = known.resolve(steps.source, asked.pointer("show"));
        }
        var ask =
                asked.get("ask") == null ? null : known.resolve(steps.source, asked.pointer("ask"));
        var name = steps.name(fields, "as", steps.names.free("approve"));
        var step =
                new WorkflowStep.Approve(
                        name,
                        ask,
                        show,
                        asked.text("by"),
                        asked.duration("within", LEAST, LONGEST),
                        otherwise(asked, known, depth));
        return Optional.of(
                steps.done(
                        fields.pointer("approve"), name, Json.parse(ANSWER), false, step, known));
    }

    private Otherwise otherwise(Fields fields, References known, int depth) {
        var otherwise = fields.get("otherwise");
        if (otherwise == null) {
            return Otherwise.STOP;
        }
        if (otherwise.isArray()) {
            return new Otherwise(
                    false, steps.list(fields, "otherwise", known.branch(), depth).steps());
        }
        var word = otherwise.isString() ? otherwise.asString() : "";
        return switch (word) {
            case "stop" -> Otherwise.STOP;
            case "continue" -> Otherwise.CONTINUE;
            default -> {
                fields.fault(
                        "otherwise",
                        "`otherwise` is " + Fields.describe(otherwise) + " that is not known here",
                        "stop, continue, or a list of steps");
                yield Otherwise.STOP;
            }
        };
    }

    Optional<Steps.One> await(Fields fields, References known, int depth) {
        var wait = fields.get("wait");
        var otherwise = Otherwise.STOP;
        WaitFor waitFor;
        if (wait instanceof ObjectNode) {
            var event = fields.object("wait", Keys.WAIT);
            waitFor = event.flatMap(e -> event(e, known)).orElse(null);
            otherwise = event.map(e -> otherwise(e, known, depth)).orElse(otherwise);
        } else {
            waitFor = time(fields, wait, known);
        }
        var name = steps.name(fields, "as", steps.names.free("wait"));
        if (waitFor == null) {
            return Optional.empty();
        }
        return Optional.of(
                steps.done(
                        fields.pointer("wait"),
                        name,
                        null,
                        false,
                        new WorkflowStep.Wait(name, waitFor, otherwise),
                        known));
    }

    private Optional<WaitFor> event(Fields event, References known) {
        var name = event.required("event", "event: its name, such as deploy.finished");
        if (name == null) {
            return Optional.empty();
        }
        if (!EVENT.matcher(name).matches()) {
            event.fault(
                    "event",
                    "`" + name + "` is no name for an event",
                    "letters, digits, and . _ : - between them");
        }
        var where =
                event.get("where") == null
                        ? null
                        : known.expression(steps.source, event.pointer("where"), "event");
        return Optional.of(
                new WaitFor.Event(name, where, event.duration("within", LEAST, LONGEST)));
    }

    private @Nullable WaitFor time(Fields fields, @Nullable JsonNode wait, References known) {
        if (wait == null || wait.isNumber()) {
            fields.fault("wait", "it is not said how long", Moments.RIGHT);
            return null;
        }
        var text = wait.isString() ? wait.asString() : "";
        var span = Quantities.duration(text);
        if (span.isPresent()) {
            if (span.get().compareTo(LONGEST) > 0) {
                fields.fault("wait", "`wait` is out of range", "at most 366d");
            }
            return new WaitFor.Span(span.get());
        }
        var time = Moments.instant(text);
        if (time.isPresent()) {
            return new WaitFor.Time(time.get());
        }
        if (DATE.matcher(text).matches()) {
            fields.fault("wait", "`" + text + "` is no time with its zone", Moments.RIGHT);
            return null;
        }
        var when = known.expression(steps.source, fields.pointer("wait"));
        var types = when == null ? null : Fit.typesOf(known.schemaOf(when));
        if (types != null && !types.isEmpty() && !types.contains("string")) {
            fields.fault(
                    "wait",
                    "`" + when + "` is " + Fit.words(types.iterator().next()),
                    Moments.RIGHT);
        }
        return when == null ? null : new WaitFor.Computed(when);
    }
}
