package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.session.Event;
import dev.remit.core.session.LogCodec;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.session.SessionLog.Append;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Fence;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.State;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.UnknownLog;
import dev.remit.core.tool.Ended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// What a simulated database holds. Survives every simulated crash; does what the real one promises
/// and nothing more, and checks on the way that no promise is broken.
final class Disk {
    final Map<SessionId, Row> rows = new TreeMap<>();
    private final Map<String, SessionId> keys = new HashMap<>();
    final Map<SessionId, SessionLog.Failure> failures = new HashMap<>();
    private final Map<String, Ended> kept = new HashMap<>();
    private final Map<String, Instant> leases = new HashMap<>();
    private final Set<String> fenced = new HashSet<>();
    long rules = 1;

    /// What nodes are told of whether there are others.
    boolean alone;

    /// Sessions into whose logs a newer program has written.
    final Set<SessionId> newer = ConcurrentHashMap.newKeySet();

    static final class Row {
        final List<Recorded> events = new ArrayList<>();
        final List<Mail> inbox = new ArrayList<>();
        final Map<Long, String> writers = new HashMap<>();
        long epoch;
        String owner = "";
        int recoveries;
        boolean ready;
        boolean closed;
        Instant due = Instant.MAX;
        LogCodec.Encoded snapshot = null;
    }

    // ---- nodes

    void renew(String node, Instant until) {
        if (!fenced.contains(node)) {
            leases.put(node, until);
        }
    }

    boolean lives(String node) {
        return !node.isEmpty() && !fenced.contains(node);
    }

    void fence(Instant now) {
        leases.forEach((node, lease) -> {
            if (lease.isBefore(now)) {
                fenced.add(node);
            }
        });
    }

    // ---- places at tools

    private record Ticket(String tool, SessionId session, ActionId action, String node) {}

    private final List<Ticket> tickets = new ArrayList<>();

    boolean place(Fence fence, ActionId action, String tool, int atOnce) {
        var row = rows.get(fence.session());
        if (row.epoch != fence.epoch() || !lives(fence.node())) {
            return false;
        }
        tickets.removeIf(t -> !lives(t.node()));
        var mine = new Ticket(tool, fence.session(), action, fence.node());
        int place = -1;
        for (int i = 0, before = 0; i < tickets.size(); i++) {
            var ticket = tickets.get(i);
            if (ticket.session().equals(mine.session()) && ticket.action().equals(action)) {
                tickets.set(i, mine);
                return before < atOnce;
            }
            before += ticket.tool().equals(tool) ? 1 : 0;
            place = before;
        }
        tickets.add(mine);
        return place < atOnce;
    }

    void vacate(SessionId session, List<ActionId> actions) {
        tickets.removeIf(t -> t.session().equals(session) && actions.contains(t.action()));
    }

    /// Tickets that nobody will give back.
    List<?> leaked() {
        return tickets.stream().filter(t -> lives(t.node())).toList();
    }

    // ---- sessions

    Accepted open(SessionLog.Opening opening) {
        var key = opening.key();
        if (key != null) {
            var known = keys.get(key.principal() + "/" + key.key());
            if (known != null) {
                return new Accepted.Existing(known);
            }
            keys.put(key.principal() + "/" + key.key(), opening.id());
        }
        if (rows.containsKey(opening.id())) {
            return new Accepted.Existing(opening.id());
        }
        var row = new Row();
        row.events.add(new Recorded(opening.id(), 1, 0, opening.at(), opening.opened()));
        row.ready = true;
        rows.put(opening.id(), row);
        return new Accepted.New(opening.id());
    }

    Accepted fork(SessionLog.Forking forking) {
        var key = forking.key();
        var known = key == null ? null : keys.get(key.principal() + "/" + key.key());
        if (known != null || rows.containsKey(forking.id())) {
            return new Accepted.Existing(known == null ? forking.id() : known);
        }
        if (key != null) {
            keys.put(key.principal() + "/" + key.key(), forking.id());
        }
        var row = new Row();
        for (var event : rows.get(forking.from()).events.subList(0, (int) forking.at())) {
            row.events.add(new Recorded(forking.id(), event.seq(), 0, event.at(), event.event()));
        }
        row.events.add(
                new Recorded(forking.id(), forking.at() + 1, 0, forking.when(), forking.forked()));
        row.ready = true;
        rows.put(forking.id(), row);
        if (forking.forked().rewind()) {
            send(forking.from(), forking.cancel());
        }
        return new Accepted.New(forking.id());
    }

    Claim claim(SessionId id, String node) {
        var row = rows.get(id);
        if (row == null || row.closed) {
            return new Claim.Refused("no such session, or closed", true);
        }
        if (fenced.contains(node)) {
            return new Claim.Refused("this node is fenced");
        }
        if (lives(row.owner) && !row.owner.equals(node)) {
            return new Claim.Refused("its owner lives");
        }
        boolean recovered = !row.owner.isEmpty();
        row.epoch++;
        row.owner = node;
        row.ready = false;
        row.recoveries = recovered ? row.recoveries + 1 : 0;
        return new Claim.Claimed(new Fence(id, row.epoch, node, node), row.recoveries, recovered);
    }

    void release(Fence fence) {
        var row = rows.get(fence.session());
        if (row.epoch == fence.epoch() && row.owner.equals(fence.node())) {
            row.owner = "";
            row.ready = true;
        }
    }

    Optional<Ended> ended(SessionId id, ActionId action) {
        return rows.get(id).events.stream()
                .map(Recorded::event)
                .filter(Event.ActionEnded.class::isInstance)
                .map(Event.ActionEnded.class::cast)
                .filter(e -> e.action().equals(action) && e.retryAt() == null)
                .map(Event.ActionEnded::end)
                .reduce((first, last) -> last);
    }

    State load(SessionId id) {
        if (newer.contains(id)) {
            throw new UnknownLog("a newer program wrote into " + id);
        }
        var row = rows.get(id);
        var whole = fold(row.events);
        if (row.snapshot == null) {
            return whole;
        }
        var state = LogCodec.state(Json.parse(row.snapshot.body()), row.snapshot.blobs()::get);
        for (var event : row.events.subList((int) state.seq(), row.events.size())) {
            state = state.apply(event);
        }
        assertThat(LogCodec.encode(state).body())
                .as("snapshot and tail give what the whole log gives")
                .isEqualTo(LogCodec.encode(whole).body());
        return state;
    }

    static State fold(List<Recorded> events) {
        var state = State.first(events.getFirst());
        for (var event : events.subList(1, events.size())) {
            state = state.apply(event);
        }
        return state;
    }

    Answer append(Append append) {
        var fence = append.fence();
        var row = rows.get(fence.session());
        if (row.epoch != fence.epoch()
                || row.events.size() != append.head()
                || fenced.contains(fence.node())
                || row.closed) {
            return new Answer.Stale();
        }
        if (append.rules() != rules) {
            return new Answer.RulesChanged(rules);
        }
        if (append.then() instanceof Then.End end && row.inbox.size() > end.seen()) {
            return new Answer.MailCame(row.inbox.size());
        }
        for (var event : append.events()) {
            row.events.add(
                    new Recorded(
                            fence.session(),
                            row.events.size() + 1,
                            fence.epoch(),
                            append.at(),
                            event));
        }
        var writer = row.writers.putIfAbsent(fence.epoch(), fence.node());
        assertThat(writer).as("one writer an epoch").isIn(null, fence.node());
        if (append.progress()) {
            row.recoveries = 0;
        }
        append.outbox().forEach(this::deliver);
        boolean parked =
                switch (append.then()) {
                    case Then.Keep k -> false;
                    case Then.Park park -> park.seen() == row.inbox.size() && park(row, park);
                    case Then.Yield y -> {
                        row.owner = "";
                        row.ready = true;
                        row.recoveries = 0;
                        yield true;
                    }
                    case Then.End e -> {
                        row.closed = true;
                        row.owner = "";
                        yield true;
                    }
                };
        return new Answer.Appended(row.events.size(), row.inbox.size(), parked, 500);
    }

    private static boolean park(Row row, Then.Park park) {
        row.owner = "";
        row.ready = false;
        row.recoveries = 0;
        row.due = park.due() == null ? Instant.MAX : park.due();
        return true;
    }

    private void deliver(Outgoing outgoing) {
        switch (outgoing) {
            case Outgoing.Open open -> open(open.child());
            case Outgoing.Send send -> send(send.to(), send.mail());
            case Outgoing.Became became -> {}
        }
    }

    boolean send(SessionId to, Mail mail) {
        var row = rows.get(to);
        if (row == null || row.closed) {
            return false;
        }
        row.inbox.add(mail);
        row.ready = true;
        return true;
    }

    List<SessionId> ready(Instant now) {
        var ready = new ArrayList<SessionId>();
        rows.forEach((id, row) -> {
            boolean due = row.ready || !row.due.isAfter(now) || !row.owner.isEmpty();
            if (!row.closed && due && !lives(row.owner)) {
                ready.add(id);
            }
        });
        return ready;
    }

    List<SessionId> held(String node) {
        return rows.entrySet().stream()
                .filter(e -> !e.getValue().closed && e.getValue().owner.equals(node))
                .map(Map.Entry::getKey)
                .toList();
    }

    Optional<Instant> nextDue() {
        return rows.values().stream()
                .filter(r -> !r.closed && r.owner.isEmpty())
                .map(r -> r.due)
                .filter(d -> d.isBefore(Instant.MAX))
                .min(Instant::compareTo);
    }

    void snapshot(Fence fence, State state) {
        rows.get(fence.session()).snapshot = LogCodec.encode(state);
    }

    void keep(SessionId id, ActionId action, int attempt, Ended end) {
        kept.putIfAbsent(id + "/" + action + "/" + attempt, end);
    }

    Optional<Ended> kept(SessionId id, ActionId action, int attempt) {
        return Optional.ofNullable(kept.get(id + "/" + action + "/" + attempt));
    }

    static boolean isCompleted(State state) {
        return state.closed() instanceof Event.Closed closed
                && closed.reason() == StopReason.COMPLETED;
    }
}
