package dev.remit.core.brain;

import dev.remit.core.identity.ActionId;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.State;
import dev.remit.core.tool.Ended;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a look at a part of the graph found: what is to be written down and begun, and what is
/// open.
final class Plan {
    /// How the end of something begins that was let go of, because something beside it failed.
    static final String UNWANTED = "no longer wanted: ";

    private final List<Event> notes = new ArrayList<>();
    private final List<Step.Action> todo = new ArrayList<>();
    private final List<ActionId> open = new ArrayList<>();
    private final Set<ActionId> recall = new LinkedHashSet<>();
    private String recallWhy = "";

    void note(Event event) {
        notes.add(event);
    }

    void begin(Step.Action action) {
        todo.add(action);
    }

    void open(ActionId id) {
        open.add(id);
    }

    List<Event> notes() {
        return notes;
    }

    List<Step.Action> todo() {
        return todo;
    }

    Set<ActionId> recall() {
        return recall;
    }

    String recallWhy() {
        return recallWhy;
    }

    boolean isEmpty() {
        return notes.isEmpty() && todo.isEmpty() && recall.isEmpty();
    }

    void add(Plan part) {
        notes.addAll(part.notes);
        todo.addAll(part.todo);
        open.addAll(part.open);
        if (!part.recall.isEmpty()) {
            recall.addAll(part.recall);
            recallWhy = part.recallWhy;
        }
    }

    /// Nothing of a part is begun any more; what can be let go of is let go of.
    ///
    /// @return whether something of it is still under way, whose end must be waited for
    boolean abandon(Plan part, String why, State state) {
        boolean waits = false;
        var lapsed = new ArrayList<ActionId>();
        for (var id : part.open) {
            switch (state.actions().get(id)) {
                case ActionState.Handed handed -> {
                    waits = true;
                    open.add(id);
                    if (!handed.recalled()) {
                        recall.add(id);
                        recallWhy = why;
                    }
                }
                case ActionState.Started s when s.orphaned() && s.start().idempotent() ->
                        notes.add(end(id, s.start(), new Ended.Unknown(UNWANTED + why)));
                case ActionState.Retrying r ->
                        notes.add(
                                end(
                                        id,
                                        r.start(),
                                        r.unsure()
                                                ? new Ended.Unknown(UNWANTED + why)
                                                : new Ended.Failed(true, UNWANTED + why, null)));
                case ActionState.Asked a -> lapsed.add(id);
                case ActionState.Waits w -> lapsed.add(id);
                case null, default -> {
                    waits = true; // a hand is at it, or a person must say what became of it
                    open.add(id);
                }
            }
        }
        if (!lapsed.isEmpty()) {
            notes.add(new Event.Lapsed(lapsed, UNWANTED + why));
        }
        return waits;
    }

    private static Event end(ActionId id, Event.ActionStarted start, Ended end) {
        return new Event.ActionEnded(id, start.attempt(), end, null);
    }
}
