package dev.remit.core.drawing;

import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.agent.WorkflowStep.Care;
import dev.remit.core.agent.WorkflowStep.Otherwise;
import dev.remit.core.agent.WorkflowStep.WaitFor;
import dev.remit.core.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// One part of a picture: what is written in it, and what stands in it.
///
/// @param title its first line
/// @param notes further lines, in small letters
/// @param lanes what stands in it, side by side; each lane from top to bottom
record Node(Kind kind, String title, List<String> notes, List<Lane> lanes) {
    private static final int LONGEST = 60;

    enum Kind {
        AGENT,
        TOOL,
        WORKFLOW,
        PEOPLE,
        WAIT,
        GROUP
    }

    /// @param label above it; empty: none
    record Lane(String label, List<Node> nodes) {}

    /// What holds for all of it: the budget and the time; empty if neither is limited.
    static String limits(WorkflowDefinition workflow) {
        var limits = new ArrayList<String>();
        if (workflow.sessionBudget() != null) {
            limits.add(workflow.sessionBudget() + " USD a session");
        }
        if (workflow.deadline() != null) {
            limits.add("deadline " + written(workflow.deadline()));
        }
        return String.join(", ", limits);
    }

    static List<Node> of(List<WorkflowStep> steps) {
        var nodes = new ArrayList<Node>();
        for (var step : steps) {
            if (step instanceof WorkflowStep.Sequence(var inner)) {
                nodes.addAll(of(inner));
            } else {
                nodes.add(of(step));
            }
        }
        return List.copyOf(nodes);
    }

    private static Node of(WorkflowStep step) {
        return switch (step) {
            case WorkflowStep.Agent a -> leaf(Kind.AGENT, named(a.agent(), a.name()), a.care());
            case WorkflowStep.Do d -> leaf(Kind.TOOL, named(d.tool(), d.name()), d.care());
            case WorkflowStep.Workflow w ->
                    leaf(Kind.WORKFLOW, named(w.workflow(), w.name()), w.care());
            case WorkflowStep.Sequence s ->
                    new Node(
                            Kind.GROUP,
                            "in order",
                            List.of(),
                            List.of(new Lane("", of(s.steps()))));
            case WorkflowStep.Parallel p ->
                    new Node(
                            Kind.GROUP,
                            "side by side",
                            List.of("if one fails: " + word(p.ifOneFails())),
                            p.branches().stream().map(b -> new Lane("", of(List.of(b)))).toList());
            case WorkflowStep.ForEach f ->
                    new Node(
                            Kind.GROUP,
                            called(f.name(), last(f.steps()))
                                    + "for each "
                                    + f.item()
                                    + " of "
                                    + brief(f.over()),
                            List.of(
                                    "%d at once, at most %d, if one fails: %s"
                                            .formatted(
                                                    f.atOnce(), f.atMost(), word(f.ifOneFails()))),
                            List.of(new Lane("", of(f.steps()))));
            case WorkflowStep.Choose c -> choose(c);
            case WorkflowStep.Repeat r ->
                    new Node(
                            Kind.GROUP,
                            called(r.name(), "repeat") + "repeat until " + brief(r.until()),
                            List.of(
                                    "at most %d rounds, else %s"
                                            .formatted(r.atMost(), word(r.ifNot()))),
                            List.of(new Lane("", of(r.steps()))));
            case WorkflowStep.Approve a ->
                    waiting(
                            Kind.PEOPLE,
                            called(a.name(), "approve")
                                    + "ask "
                                    + (a.by() == null ? "people" : a.by()),
                            asked(a),
                            a.otherwise());
            case WorkflowStep.Wait w -> wait(w);
        };
    }

    private static Node choose(WorkflowStep.Choose choose) {
        var lanes = new ArrayList<Lane>();
        for (var branch : choose.branches()) {
            lanes.add(new Lane("if " + brief(branch.when()), of(branch.steps())));
        }
        lanes.add(new Lane("otherwise", of(choose.otherwise())));
        return new Node(Kind.GROUP, called(choose.name(), "choose") + "choose", List.of(), lanes);
    }

    private static List<String> asked(WorkflowStep.Approve approve) {
        var notes = new ArrayList<String>();
        var ask = approve.ask();
        if (ask != null) {
            notes.add("“" + brief(ask.isString() ? ask.asString() : Json.write(ask)) + "”");
        }
        notes.add("shows " + brief(shown(approve.show())));
        if (approve.within() != null) {
            notes.add(within(approve.within()));
        }
        return notes;
    }

    private static Node wait(WorkflowStep.Wait wait) {
        var name = called(wait.name(), "wait");
        return switch (wait.waitFor()) {
            case WaitFor.Span(var span) ->
                    leaf(Kind.WAIT, name + "wait " + written(span), Care.NONE);
            case WaitFor.Time(var at) -> leaf(Kind.WAIT, name + "wait until " + at, Care.NONE);
            case WaitFor.Computed(var when) ->
                    leaf(Kind.WAIT, name + "wait for " + brief(when), Care.NONE);
            case WaitFor.Event event ->
                    waiting(
                            Kind.WAIT,
                            name + "wait for the event " + event.event(),
                            conditions(event),
                            wait.otherwise());
        };
    }

    private static List<String> conditions(WaitFor.Event event) {
        var notes = new ArrayList<String>();
        if (event.where() != null) {
            notes.add("where " + brief(event.where()));
        }
        if (event.within() != null) {
            notes.add(within(event.within()));
        }
        return notes;
    }

    private static Node waiting(Kind kind, String title, List<String> notes, Otherwise otherwise) {
        var all = new ArrayList<>(notes);
        if (otherwise.steps().isEmpty()) {
            all.add("otherwise " + (otherwise.stop() ? "stop" : "go on"));
            return new Node(kind, title, all, List.of());
        }
        return new Node(kind, title, all, List.of(new Lane("otherwise", of(otherwise.steps()))));
    }

    private static Node leaf(Kind kind, String title, Care care) {
        var notes = new ArrayList<String>();
        var limits = new ArrayList<String>();
        if (care.within() != null) {
            limits.add(within(care.within()));
        }
        if (care.retry() != null) {
            limits.add(care.retry().attempts() + " attempts");
        }
        if (!limits.isEmpty()) {
            notes.add(String.join(", ", limits));
        }
        if (care.undo() != null) {
            notes.add("undo: " + care.undo().tool());
        }
        return new Node(kind, title, notes, List.of());
    }

    private static String named(String what, String name) {
        return what.equals(name) ? what : name + " (" + what + ")";
    }

    private static String shown(JsonNode show) {
        return show.isString()
                ? show.asString().replaceAll("^\\$\\{(.*)}$", "$1")
                : String.join(", ", show.propertyNames()).isEmpty()
                        ? Json.write(show)
                        : String.join(", ", show.propertyNames());
    }

    private static String within(Duration within) {
        return "within " + written(within);
    }

    /// The name by which other steps know it, where it is not the one that it has by itself.
    private static String called(String name, String otherwise) {
        return name.matches(Pattern.quote(otherwise) + "(-[0-9]+)?") ? "" : name + ": ";
    }

    /// By what a list is known that has no name of its own.
    private static String last(List<WorkflowStep> steps) {
        return switch (steps.isEmpty() ? null : steps.getLast()) {
            case null -> "";
            case WorkflowStep.Agent a -> a.name();
            case WorkflowStep.Do d -> d.name();
            case WorkflowStep.Workflow w -> w.name();
            case WorkflowStep.Sequence s -> last(s.steps());
            case WorkflowStep.Parallel p -> "";
            case WorkflowStep.ForEach f -> f.name();
            case WorkflowStep.Choose c -> c.name();
            case WorkflowStep.Repeat r -> r.name();
            case WorkflowStep.Approve a -> a.name();
            case WorkflowStep.Wait w -> w.name();
        };
    }

    private static String written(Duration duration) {
        long days = duration.toDays();
        var rest = duration.minusDays(days);
        return (days == 0 ? "" : days + "d")
                + (rest.isZero() && days > 0
                        ? ""
                        : rest.toString().substring(2).toLowerCase(Locale.ROOT));
    }

    private static String word(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String brief(String text) {
        var line = text.replaceAll("\\s+", " ").replaceAll("\\bsteps\\.", "");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }
}
