package dev.remit.core.session;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A session as its log says it is: the fold of its events, and nothing else.
///
/// Its size is bounded by what is open and by the model's window, never by the length of the log.
///
/// @param seq of the newest event
/// @param now time of the newest event: the only clock a brain has
/// @param waiting what it is idle for; absent while it runs
/// @param prompt of the newest model call
/// @param fresh messages that are not in the prompt yet
/// @param call the model call it is at
/// @param actions of this turn, or of the whole workflow, in the order they were begun
/// @param recent hashes of the last tool calls, to notice repetition
/// @param rejections how often the output failed its check
/// @param faults of the last rejected output
/// @param budget what it may spend in all; absent: no limit of its own
/// @param cancel asked for, and not carried out yet
/// @param mail position of the last mail taken in
/// @param arrived events from outside that no wait has taken, the oldest first
/// @param halt it was told to end its turn, and has not been told to go on
/// @param move the version it is to go on by, as soon as nothing is under way
/// @param context what is known of the model's window
/// @param inherited so many of the actions, the oldest, were done by the session that this one is a
///   fork of, which stands by them; of a rewound one none, for it takes the other's place
public record State(
        SessionId id,
        long seq,
        Instant now,
        Event.Opened opened,
        @Nullable Waiting waiting,
        @Nullable Prompt prompt,
        List<Content> fresh,
        @Nullable Call call,
        Map<ActionId, ActionState> actions,
        List<Hash> recent,
        Totals totals,
        int rejections,
        List<String> faults,
        @Nullable Money budget,
        Mail.@Nullable Cancel cancel,
        Event.@Nullable Closed closed,
        long mail,
        List<Arrived> arrived,
        @Nullable Halt halt,
        Mail.@Nullable Move move,
        Context context,
        int inherited) {
    /// Most events that are kept for a later wait. Whoever sends more is refused before.
    public static final int MOST_ARRIVED = 100;

    public State {
        arrived = arrived == null ? List.of() : arrived; // a snapshot from before there were any
    }

    /// An event that came from outside.
    ///
    /// @param position of its mail
    public record Arrived(long position, Mail.Happened event) {}

    /// The state after the first event of a log.
    ///
    /// @throws IllegalArgumentException if that event is not [Event.Opened]
    public static State first(Recorded recorded) {
        if (!(recorded.event() instanceof Event.Opened opened)) {
            throw new IllegalArgumentException(
                    "a log begins with opened, not " + recorded.event().getClass().getSimpleName());
        }
        return new State(
                recorded.session(),
                recorded.seq(),
                recorded.at(),
                opened,
                null,
                null,
                List.of(),
                null,
                Map.of(),
                List.of(),
                Totals.NONE,
                0,
                List.of(),
                opened.budget(),
                null,
                null,
                0,
                List.of(),
                null,
                null,
                Context.NONE,
                0);
    }

    /// The state after one more event. Pure, and the same for ever for events once written.
    ///
    /// @throws IllegalArgumentException if the event does not follow directly
    public State apply(Recorded recorded) {
        if (recorded.seq() != seq + 1) {
            throw new IllegalArgumentException(
                    "event " + recorded.seq() + " does not follow event " + seq + " of " + id);
        }
        return apply(recorded.event(), recorded.at());
    }

    /// The state after one more event that is about to be appended.
    public State apply(Event event, Instant at) {
        return new Fold(this, at).apply(event);
    }

    /// What is spent, and what is reserved: for a model call and for actions under way, for what is
    /// in doubt, and for children that have not ended.
    public Money committed() {
        var spent = totals.cost();
        var committed = spent == null ? Money.ZERO : spent;
        var open = call;
        if (open != null && open.open()) {
            committed = plus(committed, open.reserved());
        }
        for (var action : actions.values()) {
            committed =
                    plus(
                            committed,
                            switch (action) {
                                case ActionState.Handed handed -> handed.work().allotted();
                                case ActionState.Started started -> started.start().reserved();
                                case ActionState.InDoubt doubt -> doubt.start().reserved();
                                default -> null;
                            });
        }
        return committed;
    }

    private static Money plus(Money sum, @Nullable Money more) {
        return more == null ? sum : sum.plus(more);
    }

    /// @return whether the deadline is over, by the log's own time
    public boolean isOverdue() {
        var deadline = opened.deadline();
        return deadline != null && !now.isBefore(deadline);
    }

    /// How often a tool was proposed with the same arguments within the last so many proposals.
    public int repetitions(String tool, Content arguments, int lately) {
        var signature = Fold.signature(tool, arguments);
        var newest = recent.subList(Math.max(0, recent.size() - lately), recent.size());
        return (int) newest.stream().filter(signature::equals).count();
    }

    public boolean isClosed() {
        return closed != null;
    }
}
