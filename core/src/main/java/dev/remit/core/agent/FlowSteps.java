package dev.remit.core.agent;

import dev.remit.core.agent.WorkflowStep.Branch;
import dev.remit.core.agent.WorkflowStep.IfNot;
import dev.remit.core.agent.WorkflowStep.IfOneFails;
import dev.remit.core.json.Json;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the steps that are made of steps: `parallel:`, `map:`, `choose:`, `repeat:`.
final class FlowSteps {
    static final int AT_ONCE = 8;
    static final int MOST_AT_ONCE = 256;
    static final int AT_MOST = 100;
    static final int MOST_ITEMS = 1000;
    static final int MOST_ROUNDS = 100;

    private final Steps steps;

    FlowSteps(Steps steps) {
        this.steps = steps;
    }

    Steps.One parallel(Fields fields, References known, int depth) {
        var branches = new ArrayList<WorkflowStep>();
        var after = new ArrayList<References>();
        if (steps.nonEmpty(fields, "parallel")) {
            var pointer = fields.pointer("parallel");
            for (int i = 0; i < steps.source.at(pointer).size(); i++) {
                var seen = known.branch();
                after.add(seen);
                steps.step(Source.child(pointer, i), seen, depth + 1)
                        .ifPresent(one -> branches.add(one.step()));
            }
        }
        after.forEach(known::addAll);
        var parallel =
                new WorkflowStep.Parallel(
                        List.copyOf(branches),
                        fields.word("if_one_fails", IfOneFails.class, IfOneFails.STOP));
        return new Steps.One(parallel, null, null);
    }

    // ---- map

    Optional<Steps.One> map(Fields fields, References known, int depth) {
        var over = over(fields, known);
        var item = item(fields);
        var inner = known.branch();
        var list = over == null ? null : known.schemaOf(over);
        inner.own(item, list == null ? null : list.get("items"));
        steps.names.open();
        var read = steps.list(fields, "steps", inner, depth);
        steps.names.close();
        var name =
                steps.name(
                        fields,
                        "name",
                        read.last() != null ? read.last() : steps.names.free("map"));
        if (over == null) {
            return Optional.empty();
        }
        var step =
                new WorkflowStep.ForEach(
                        name,
                        over,
                        item,
                        fields.integer("at_once", 1, MOST_AT_ONCE, AT_ONCE),
                        fields.integer("at_most", 1, MOST_ITEMS, AT_MOST),
                        read.steps(),
                        fields.word("if_one_fails", IfOneFails.class, IfOneFails.STOP));
        return Optional.of(
                steps.done(fields.pointer("map"), name, listOf(read.answer()), false, step, known));
    }

    private static JsonNode listOf(@Nullable JsonNode answer) {
        var list = Json.object().put("type", "array");
        return answer == null ? list : list.set("items", answer);
    }

    private @Nullable String over(Fields fields, References known) {
        var node = fields.get("map");
        if (node != null && node.isArray()) {
            fields.fault(
                    "map",
                    "`map` is a list of steps or values",
                    "map: names the list, such as input.services; its steps stand under `steps:`");
            return null;
        }
        var over = known.expression(steps.source, fields.pointer("map"));
        isOfType(fields, "map", over, "array", known, "name a list, such as input.services");
        return over;
    }

    private String item(Fields fields) {
        var item = fields.required("as", "as: item, the name by which its steps know the item");
        if (item == null) {
            return "item";
        }
        if (!item.matches("[A-Za-z][A-Za-z0-9_]{0,62}")
                || Set.of("input", "steps").contains(item)) {
            fields.fault("as", "`" + item + "` is no name for an item", "letters, digits and _");
        }
        return item;
    }

    // ---- choose

    Steps.One choose(Fields fields, References known, int depth) {
        var branches = new ArrayList<Branch>();
        var conditions = new HashMap<String, Integer>();
        int choice = steps.names.choice();
        boolean always = false;
        for (int i = 0; i < fields.list("choose"); i++) {
            var pointer = Source.child(fields.pointer("choose"), i);
            steps.names.enter(choice, i);
            var branch = Fields.at(steps.source, pointer, Keys.BRANCH, steps.faults);
            if (branch.isPresent()) {
                var when = when(branch.get(), known);
                var read = steps.list(branch.get(), "steps", known.branch(), depth);
                reachable(branch.get(), when, always, conditions);
                always |= "true".equals(when);
                if (when != null) {
                    branches.add(new Branch(when, read.steps()));
                }
            }
        }
        if (fields.list("choose") == 0) {
            fields.fault("choose", "there is no branch", "choose: [{ when: …, steps: [ … ] }]");
        }
        steps.names.enter(choice, -1);
        List<WorkflowStep> otherwise = List.of();
        if (fields.has("otherwise")) {
            otherwise = steps.list(fields, "otherwise", known.branch(), depth).steps();
            if (always) {
                fields.fault(
                        "otherwise",
                        "this is never reached: a branch above always holds",
                        "take it out, or change the condition");
            }
        }
        steps.names.leave(choice);
        var name = steps.name(fields, "as", steps.names.free("choose"));
        return steps.done(
                fields.pointer("choose"),
                name,
                null,
                false,
                new WorkflowStep.Choose(name, List.copyOf(branches), otherwise),
                known);
    }

    private void reachable(
            Fields branch, @Nullable String when, boolean always, Map<String, Integer> conditions) {
        if (always) {
            branch.fault(
                    "when",
                    "this is never reached: a branch above always holds",
                    "take it out, or put it first");
        } else if ("false".equals(when)) {
            branch.fault("when", "this is never reached: it never holds", "take the branch out");
        } else if (when != null) {
            int line = steps.source.value(branch.pointer("when")).line();
            var first = conditions.putIfAbsent(when.replaceAll("\\s", ""), line);
            if (first != null) {
                branch.fault(
                        "when",
                        "this is never reached: the same condition stands on line " + first,
                        "put the steps there, or change the condition");
            }
        }
    }

    private @Nullable String when(Fields fields, References known) {
        if (!fields.has("when")) {
            fields.missing("when", "when: a condition, such as triage.severity == \"high\"");
            return null;
        }
        return condition(fields, "when", known);
    }

    private @Nullable String condition(Fields fields, String key, References known) {
        var condition = known.expression(steps.source, fields.pointer(key));
        isOfType(
                fields,
                key,
                condition,
                "boolean",
                known,
                "compare it with something, such as … == \"high\"");
        return condition;
    }

    /// What a schema says is of another type can never be right.
    private void isOfType(
            Fields fields,
            String key,
            @Nullable String expression,
            String type,
            References known,
            String right) {
        var types = expression == null ? Set.<String>of() : Fit.typesOf(known.schemaOf(expression));
        if (!types.isEmpty() && !types.contains(type)) {
            fields.fault(
                    key,
                    "`%s` is %s, not %s"
                            .formatted(
                                    expression,
                                    Fit.words(types.iterator().next()),
                                    Fit.words(type)),
                    right);
        }
    }

    // ---- repeat

    Optional<Steps.One> repeat(Fields fields, References known, int depth) {
        var inner = known.branch();
        inner.own("round", Json.object().put("type", "integer"));
        inner.own("last", null);
        steps.names.open();
        var read = steps.list(fields, "repeat", inner, depth);
        steps.names.close();
        if (!fields.has("until")) {
            fields.missing("until", "until: a condition, such as review.good == true");
        }
        if (!fields.has("at_most")) {
            fields.missing("at_most", "at_most: 3, the number of rounds");
        }
        var until = fields.has("until") ? condition(fields, "until", inner) : null;
        var name = steps.name(fields, "as", steps.names.free("repeat"));
        if (until == null) {
            return Optional.empty();
        }
        var step =
                new WorkflowStep.Repeat(
                        name,
                        read.steps(),
                        until,
                        fields.integer("at_most", 1, MOST_ROUNDS, 1),
                        fields.word("if_not", IfNot.class, IfNot.STOP));
        return Optional.of(
                steps.done(fields.pointer("repeat"), name, read.answer(), false, step, known));
    }
}
