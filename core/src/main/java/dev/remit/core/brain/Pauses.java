package dev.remit.core.brain;

import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.agent.WorkflowStep.WaitFor;
import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Question;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.text.Moments;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The steps that wait: for people, for a time, for an event.
final class Pauses {
    private final State state;
    private final Walk walk;

    Pauses(State state, Walk walk) {
        this.state = state;
        this.walk = walk;
    }

    // ---- people

    Stand approve(WorkflowStep.Approve step, Scope scope, Plan plan) {
        var id = scope.id(step.name());
        return switch (state.actions().get(id)) {
            case null -> {
                ask(id, step, scope, plan);
                yield new Stand.Busy(false);
            }
            case ActionState.Asked asked -> {
                var expires = asked.question().expires();
                yield isOver(expires) ? lapse(id, "nobody answered in time", plan) : open(id, plan);
            }
            case ActionState.Answered(var answer) -> {
                var shown = shown(answer);
                yield answer.approved()
                        ? new Stand.Done(shown)
                        : otherwise(
                                id,
                                step.otherwise(),
                                refusal(answer),
                                StopReason.DENIED,
                                shown,
                                scope,
                                plan);
            }
            case ActionState.Lapsed(var why) ->
                    otherwise(
                            id,
                            step.otherwise(),
                            why,
                            StopReason.DENIED,
                            Json.object().put("approved", false).put("expired", true),
                            scope,
                            plan);
            case ActionState other -> Walk.failed(id, other);
        };
    }

    private void ask(ActionId id, WorkflowStep.Approve step, Scope scope, Plan plan) {
        var shown = walk.computed(id, plan, () -> scope.fill(step.show()));
        var ask = step.ask();
        var question = ask == null ? null : walk.computed(id, plan, () -> scope.fill(ask));
        if (shown == null || (ask != null && question == null)) {
            return;
        }
        var content = Content.derived(shown);
        var words =
                question == null
                        ? null
                        : question.isString() ? question.asString() : Json.write(question);
        plan.note(
                new Event.ApprovalAsked(
                        id,
                        words,
                        content,
                        Question.digest(state.id(), id, words, content),
                        step.by(),
                        step.within() == null ? null : state.now().plus(step.within())));
    }

    private static JsonNode shown(Mail.Answer answer) {
        return Json.object()
                .put("approved", answer.approved())
                .put("by", answer.by().name())
                .put("note", answer.note());
    }

    private static String refusal(Mail.Answer answer) {
        return answer.by().name()
                + " said no"
                + (answer.note() == null ? "" : ": " + answer.note());
    }

    // ---- times and events

    Stand await(WorkflowStep.Wait step, Scope scope, Plan plan) {
        var id = scope.id(step.name());
        return switch (state.actions().get(id)) {
            case null -> {
                walk.computed(
                        id,
                        plan,
                        () -> {
                            plan.note(begun(id, step.waitFor(), scope));
                            return Json.nothing();
                        });
                yield new Stand.Busy(false);
            }
            case ActionState.Waits waits -> waiting(id, step, waits.begun(), scope, plan);
            case ActionState.Came(var event) -> new Stand.Done(event.body().value());
            case ActionState.Lapsed(var why) ->
                    step.waitFor() instanceof WaitFor.Event
                            ? otherwise(
                                    id,
                                    step.otherwise(),
                                    why,
                                    StopReason.FAILED,
                                    Json.nothing(),
                                    scope,
                                    plan)
                            : why.startsWith(Plan.UNWANTED)
                                    ? Walk.failed(id, why, StopReason.FAILED)
                                    : new Stand.Done(null);
            case ActionState other -> Walk.failed(id, other);
        };
    }

    private Event begun(ActionId id, WaitFor waitFor, Scope scope) {
        return switch (waitFor) {
            case WaitFor.Span(var duration) ->
                    new Event.WaitBegun(id, state.now().plus(duration), null);
            case WaitFor.Time(var at) -> new Event.WaitBegun(id, at, null);
            case WaitFor.Computed(var when) -> new Event.WaitBegun(id, time(when, scope), null);
            case WaitFor.Event event ->
                    new Event.WaitBegun(id, after(event.within()), event.event());
        };
    }

    private Instant time(String when, Scope scope) {
        var value = scope.evaluate(when);
        try {
            if (value.isString()) {
                return Moments.time(value.asString(), state.now());
            }
        } catch (DateTimeException e) {
            // told below
        }
        throw new Walk.Unusable(
                "`%s` gives %s, which is neither a duration nor a time with its zone"
                        .formatted(when, Json.write(value)));
    }

    private @Nullable Instant after(@Nullable Duration duration) {
        return duration == null ? null : state.now().plus(duration);
    }

    private Stand waiting(
            ActionId id, WorkflowStep.Wait step, Event.WaitBegun begun, Scope scope, Plan plan) {
        if (step.waitFor() instanceof WaitFor.Event event) {
            for (var arrived : state.arrived()) {
                if (arrived.event().name().equals(event.event())
                        && fits(event, arrived.event(), scope)) {
                    plan.note(new Event.EventTaken(id, arrived.position()));
                    return new Stand.Busy(false);
                }
            }
            return isOver(begun.until())
                    ? lapse(id, "`" + event.event() + "` did not come in time", plan)
                    : open(id, plan);
        }
        return isOver(begun.until()) ? lapse(id, "its time has come", plan) : open(id, plan);
    }

    /// An event whose body does not have what the condition asks for is another event.
    private static boolean fits(WaitFor.Event wanted, Mail.Happened event, Scope scope) {
        var where = wanted.where();
        return where == null || scope.holds(where, Map.of("event", event.body().value()));
    }

    // ---- both

    private boolean isOver(@Nullable Instant time) {
        return time != null && !time.isAfter(state.now());
    }

    private static Stand lapse(ActionId id, String why, Plan plan) {
        plan.note(new Event.Lapsed(List.of(id), why));
        return new Stand.Busy(false);
    }

    private static Stand open(ActionId id, Plan plan) {
        plan.open(id);
        return new Stand.Busy(true);
    }

    private Stand otherwise(
            ActionId id,
            WorkflowStep.Otherwise otherwise,
            String why,
            StopReason reason,
            JsonNode answer,
            Scope scope,
            Plan plan) {
        if (otherwise.stop() || why.startsWith(Plan.UNWANTED)) {
            return Walk.failed(id, why, reason);
        }
        var stand = walk.sequence(otherwise.steps(), scope, plan);
        return stand instanceof Stand.Done ? new Stand.Done(answer) : stand;
    }
}
