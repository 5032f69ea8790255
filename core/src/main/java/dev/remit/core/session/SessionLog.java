package dev.remit.core.session;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.tool.Ended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The log of all sessions, as one node sees it. The log alone is the truth.
///
/// A session has one writer: whoever claimed it last. Every append names the head and the epoch it
/// expects, and the log refuses a stale one. The mechanisms, and the histories that break weaker
/// ones, are described in `docs/durability.md`.
public interface SessionLog {

    // ---- acceptance

    /// Stores a session's first event and makes it ready. When this returns, it is durable.
    Accepted open(Opening opening);

    /// @param key of the client; the same key by the same principal opens the same session
    /// @param standing where it stands in the queue
    record Opening(
            SessionId id,
            Event.Opened opened,
            Instant at,
            @Nullable IdempotencyKey key,
            Standing standing) {
        /// One that stands where its cause puts it, with the usual priority and without limits.
        public Opening(
                SessionId id, Event.Opened opened, Instant at, @Nullable IdempotencyKey key) {
            this(id, opened, at, key, Standing.of(opened.cause()));
        }
    }

    /// @param principal whose key it is
    /// @param request hash of what was asked, to tell a repetition from a mistake
    record IdempotencyKey(String principal, String key, String request) {}

    /// What became of an opening.
    sealed interface Accepted {
        record New(SessionId id) implements Accepted {}

        /// The key was used before, for the same request.
        record Existing(SessionId id) implements Accepted {}

        /// The key was used before, for another request.
        record Conflict(SessionId id) implements Accepted {}
    }

    /// Opens a session, and if nobody stands in the queue before it, claims it for this node in the
    /// same step, as [#take] would have done.
    ///
    /// @param drive whether this node would drive it at once
    default Begun begin(Opening opening, boolean drive) {
        return new Begun(open(opening), null);
    }

    /// @param mine absent: it stands in the queue, or is not new
    record Begun(Accepted accepted, @Nullable Mine mine) {}

    /// A session that was claimed as it was opened. Nobody has written to it before; mail that came
    /// since is seen with the first append.
    record Mine(Claim.Claimed claimed, Loaded loaded) {}

    // ---- one writer

    /// Makes this node the session's writer, unless another owner lives. A node may claim again
    /// what it owns itself: that is the barrier after an [Answer.Unknown], and voids its earlier
    /// fence.
    Claim claim(SessionId id);

    /// Answer to a claim.
    sealed interface Claim {
        /// @param recoveries how often in a row a driver of this session died without progress
        /// @param recovered whether the driver before did not let go of it by itself
        record Claimed(Fence fence, int recoveries, boolean recovered) implements Claim {}

        /// Somebody else has it, it is closed, or there is no such session, or this node is fenced.
        ///
        /// @param forGood nobody will ever drive it again: it is closed, or does not exist
        record Refused(String why, boolean forGood) implements Claim {
            public Refused(String why) {
                this(why, false);
            }
        }
    }

    /// Proof of being the writer. A later claim makes it worthless.
    record Fence(SessionId session, long epoch, String node, String incarnation) {}

    /// Gives a claim back with nothing done, so that another node may have the session.
    void release(Fence fence);

    /// The state of a session: snapshot and tail, folded. Call it after the claim, never with it.
    ///
    /// @throws UnknownLog if a newer program has written something that this one does not know
    Loaded load(SessionId id);

    /// How an action of a session ended, as its log has it, however long ago.
    Optional<Ended> ended(SessionId id, ActionId action);

    /// @param snapshotBytes size of the snapshot it was loaded from
    /// @param tailBytes size of the events since, without the contents that they name by hash
    record Loaded(State state, long snapshotBytes, long tailBytes) {}

    /// Appends events, all or none. The one operation that changes a session.
    Answer append(Append append);

    /// @param head the seq of the last event that the writer knows
    /// @param rules version of the rules by which the events were authorised, see [#rules]
    /// @param progress whether something was finished, so that earlier recoveries do not count
    /// @param then what becomes of the claim
    record Append(
            Fence fence,
            long head,
            Instant at,
            List<Event> events,
            List<Outgoing> outbox,
            long rules,
            boolean progress,
            Then then) {
        public Append {
            events = List.copyOf(events);
            outbox = List.copyOf(outbox);
        }
    }

    /// What goes out in the same transaction as the events.
    sealed interface Outgoing {
        /// A child is opened. Does nothing if it is open already.
        record Open(Opening child) implements Outgoing {}

        record Send(SessionId to, Mail mail) implements Outgoing {}

        /// The session is listed under another version of its definition from now on.
        record Became(SessionId session, DefinitionRef definition) implements Outgoing {}
    }

    /// What becomes of the claim after an append.
    sealed interface Then {
        /// The driver goes on.
        record Keep() implements Then {}

        /// The claim is released if the inbox holds nothing after `seen`; else it is kept.
        ///
        /// @param due when it is to be woken
        record Park(Waiting waiting, @Nullable Instant due, long seen) implements Then {}

        /// The claim is released for good, if the inbox holds nothing after `seen`; else nothing is
        /// written: [Answer.MailCame].
        record End(long seen) implements Then {}

        /// The claim is released at the end of a step, and the session is ready at once: another
        /// node goes on with it.
        record Yield() implements Then {}
    }

    /// Answer to an append.
    sealed interface Answer {
        /// @param head seq of the last event
        /// @param mail position of the newest mail in the inbox
        /// @param parked whether the claim was released
        /// @param bytes of the events, without the contents that they name by hash
        record Appended(long head, long mail, boolean parked, long bytes) implements Answer {}

        /// Another writer took over, or the head is elsewhere, or this node is fenced. Let go.
        record Stale() implements Answer {}

        /// Somebody holds the session's row. Nothing was written; try again.
        record Busy() implements Answer {}

        /// Kills, mandates or keys changed. Nothing was written; decide again by the new rules.
        record RulesChanged(long rules) implements Answer {}

        /// The session was to end, and mail came that nobody has read: whoever sent it was told
        /// that it is accepted. Nothing was written; read it, and decide again.
        ///
        /// @param mail position of the newest
        record MailCame(long mail) implements Answer {}

        /// The connection was lost on the way: it may have been written, or may yet be. Never try
        /// again blindly: claim, which is the barrier, and read the log.
        record Unknown(String why) implements Answer {}
    }

    /// Keeps the folded state, so that the next load is short. Losing one costs only time.
    ///
    /// @return its size in bytes
    long snapshot(Fence fence, State state);

    // ---- another session out of one

    /// Opens a session whose log begins as another one's does. The other one stays as it is; it is
    /// known of it that it was forked, and a rewound one is told to cancel, in the same
    /// transaction.
    ///
    /// @throws java.util.NoSuchElementException if there is no such event to begin with
    Accepted fork(Forking forking);

    /// @param at seq of the newest event to copy
    /// @param id of the new session
    /// @param forked its first event of its own
    /// @param done what the copied log calls done: a rewound session does not take that back
    record Forking(
            SessionId from,
            long at,
            SessionId id,
            DefinitionRef definition,
            Event.Forked forked,
            List<ActionId> done,
            Instant when,
            @Nullable IdempotencyKey key) {
        public Forking {
            done = List.copyOf(done);
        }

        /// What a rewound session is told.
        public Mail.Cancel cancel() {
            return new Mail.Cancel(
                    forked.cause().getFirst(),
                    "rewound to event " + at + ": session " + id + " goes on",
                    done);
        }
    }

    // ---- mail

    /// Puts mail into a session's inbox and makes the session ready. Durable when it returns.
    ///
    /// @return false if there is no such session or it is closed
    boolean send(SessionId to, Mail mail);

    /// Mail after a position, oldest first.
    List<Delivered> mail(SessionId id, long after);

    record Delivered(long position, Mail mail) {}

    // ---- when

    /// Sessions that have something to do and no living owner: ready ones, and those that are due.
    /// This is the truth; a dispatcher's wake-ups are hints.
    List<SessionId> ready(Instant now, int limit);

    /// What there will be to do, as of now; for a dispatcher that wants to know when to look again.
    Outlook outlook();

    /// What there will be to do.
    ///
    /// @param nextDue when the next waiting session is due
    /// @param waiting whether somebody stands in the queue, as for a place of its agent or its team
    record Outlook(Optional<Instant> nextDue, boolean waiting) {}

    /// Claims those that are first in the queue and have a place, as [#claim] would: people before
    /// agents, then by priority, then fairly between teams; never more of an agent or a team at a
    /// time than its limit. What fenced nodes left behind and what is due stands in the queue.
    ///
    /// @param most how many at most
    /// @param without sessions that are left to other nodes
    default List<Claim.Claimed> take(Instant now, int most, Set<SessionId> without) {
        var taken = new ArrayList<Claim.Claimed>();
        for (var id : ready(now, most + without.size())) {
            if (taken.size() < most
                    && !without.contains(id)
                    && claim(id) instanceof Claim.Claimed claimed) {
                taken.add(claimed);
            }
        }
        return taken;
    }

    default List<Claim.Claimed> take(Instant now, int most) {
        return take(now, most, Set.of());
    }

    /// Sessions that this node has claimed, whether it knows of it or not: the answer to a claim
    /// may have been lost.
    default List<SessionId> held() {
        return List.of();
    }

    // ---- places at tools

    /// Asks for a place at a tool that only so many may use at a time, on all nodes together.
    /// Whoever asked first has it first; ask again when woken, or after a while.
    ///
    /// @return whether the action has one; it keeps it until [#vacate]
    default boolean place(Fence fence, ActionId action, String tool, int atOnce) {
        return true;
    }

    /// Gives back the places of actions, or their turn to get one.
    default void vacate(SessionId session, List<ActionId> actions) {}

    // ---- ends that could not be appended

    /// Keeps how an action ended, though the one who knows may no longer append. Insert-only. What
    /// cannot be stored now, this node remembers and stores later, for as long as it lives.
    void keep(SessionId id, ActionId action, int attempt, Ended end);

    Optional<Ended> kept(SessionId id, ActionId action, int attempt);

    // ---- drivers that failed

    /// Keeps why a driver of this node could not go on, for whoever has to look into it. Not part
    /// of the log: losing one costs only a reason.
    ///
    /// @param what cleaned of secrets
    void failed(SessionId id, String what);

    /// The newest reason.
    Optional<Failure> failure(SessionId id);

    /// @param times how often drivers of this session have failed in all
    record Failure(Instant at, String node, String what, int times) {}

    // ---- this node

    /// Version of the rules (kills, mandates, revoked keys) that this node knows.
    long rules();

    /// Whether no other node is known to live, so that nobody else could take what this one leaves.
    default boolean isAlone() {
        return true;
    }

    /// Tells all nodes that there may be something in the queue for them. A hint; costs nothing
    /// more however often it is asked for within a moment.
    default void callOthers() {}

    /// False when this node's lease is nearly out: it must not start effects any more.
    boolean mayStart();
}
