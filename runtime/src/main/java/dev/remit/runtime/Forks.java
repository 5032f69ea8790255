package dev.remit.runtime;

import dev.remit.core.agent.Definition;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.money.Money;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.SessionLog.Forking;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.session.State;
import dev.remit.core.tool.Ended;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Making a session of another one's log, from any event of it.
///
/// What had ended by then, has ended. What was open there is begun anew here, with effects of its
/// own; only an action that can neither be cut in two nor done twice forbids the place.
public final class Forks {
    private Forks() {}

    /// What somebody wants.
    ///
    /// @param at seq of the newest event to keep; absent: the newest place that can be
    /// @param budget lowers the definition's own limit; absent: that limit
    /// @param message said to the new session at once
    /// @param rewind the new one takes the place of the other, which is told to cancel
    public record Request(
            SessionId from,
            @Nullable Long at,
            Principal by,
            @Nullable Money budget,
            @Nullable Content message,
            boolean rewind,
            @Nullable IdempotencyKey key) {}

    /// Why a session cannot be forked there.
    public static final class NotThere extends Exception {
        private static final long serialVersionUID = 1;

        NotThere(String message) {
            super(message);
        }
    }

    /// @param log the whole log of the other session, oldest first
    /// @throws NotThere whose message names places that would do
    static Forking plan(Iterable<Recorded> log, Request request, Parts parts) throws NotThere {
        var state = place(log, request.at());
        var definition = parts.definitions().find(state.opened().definition());
        var now = parts.clock().instant();
        var forked =
                new Event.Forked(
                        request.from(),
                        state.seq(),
                        cause(request.by(), state.opened().cause()),
                        Delegation.deadline(now, Delegation.time(definition), null),
                        budget(definition, request.budget()),
                        request.message(),
                        request.rewind());
        return new Forking(
                request.from(),
                state.seq(),
                SessionId.random(now, parts.random()),
                definition.ref(),
                forked,
                done(state),
                now,
                request.key());
    }

    /// What can be taken back, as far as it can be said here: all that was done.
    static List<ActionId> done(State state) {
        return state.actions().entrySet().stream()
                .filter(entry ->
                        entry.getValue() instanceof ActionState.Over(Ended.Done d)
                                || entry.getValue() instanceof ActionState.Returned)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static State place(Iterable<Recorded> log, @Nullable Long wanted) throws NotThere {
        var takenBack = takenBack(log);
        State state = null;
        State good = null;
        for (var event : log) {
            if (event.event() instanceof Event.Closed) {
                break;
            }
            state = state == null ? State.first(event) : state.apply(event);
            boolean fits = fits(state, takenBack);
            good = fits ? state : good;
            if (wanted != null && state.seq() == wanted) {
                break;
            }
        }
        if (state == null || good == null) {
            throw new NotThere("its log is empty");
        }
        if (wanted == null) {
            return good;
        }
        if (state.seq() != wanted) {
            throw new NotThere(
                    "there is no event " + wanted + " before its end; the last is " + state.seq());
        }
        if (good.seq() != state.seq()
                && state.actions().values().stream().noneMatch(Forks::cannotBeCut)) {
            throw new NotThere(
                    "what was done by event "
                            + wanted
                            + " has been taken back since, and a session that goes on from there"
                            + " would take it for done; fork at event "
                            + good.seq()
                            + ", or open a new session");
        }
        if (good.seq() != state.seq()) {
            throw new NotThere(
                    "at event "
                            + wanted
                            + " the action "
                            + open(state)
                            + " was under way, which may be neither cut in two nor done twice; fork"
                            + " at event "
                            + good.seq()
                            + ", or after it ended");
        }
        return state;
    }

    /// The actions by which a session has taken something back, begun or done.
    static Set<ActionId> takenBack(Iterable<Recorded> log) {
        var begun = new HashSet<ActionId>();
        for (var recorded : log) {
            if (recorded.event() instanceof Event.ActionStarted start && start.action().isUndo()) {
                begun.add(start.action());
            }
        }
        return begun;
    }

    /// Whether a session can go on from there.
    static boolean fits(State state, Set<ActionId> takenBack) {
        return state.actions().values().stream().noneMatch(Forks::cannotBeCut)
                && state.actions().keySet().stream()
                        .noneMatch(action -> takenBack.contains(action.undo()));
    }

    private static String open(State state) {
        return state.actions().entrySet().stream()
                .filter(entry -> cannotBeCut(entry.getValue()))
                .map(entry -> entry.getKey().value())
                .findFirst()
                .orElse("?");
    }

    /// Whether nobody could say, at this place, if it happened; and to do it again could be to do
    /// it twice.
    static boolean cannotBeCut(ActionState action) {
        return switch (action) {
            case ActionState.Started started -> !started.start().idempotent();
            case ActionState.InDoubt doubt -> true;
            default -> false;
        };
    }

    private static List<Principal> cause(Principal by, List<Principal> before) {
        var cause = new ArrayList<Principal>();
        if (!by.equals(before.getFirst())) {
            cause.add(by);
        }
        cause.addAll(before);
        return List.copyOf(cause);
    }

    private static @Nullable Money budget(Definition definition, @Nullable Money wanted) {
        var own = Delegation.budget(definition);
        if (wanted == null || own == null) {
            return wanted == null ? own : wanted;
        }
        return wanted.isMoreThan(own) ? own : wanted;
    }
}
