package dev.remit.store.start;

import dev.remit.core.expression.Template;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.session.Mail;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.start.TriggerSpec;
import dev.remit.core.start.TriggerSpec.Gather;
import dev.remit.core.start.TriggerSpec.OneAtATime;
import dev.remit.store.database.Database;
import dev.remit.store.session.Parameters;
import dev.remit.store.session.Within;
import dev.remit.store.start.TriggerRows.Group;
import dev.remit.store.start.TriggerRows.Waiting;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Sessions that events start. An event is stored with the groups that it belongs to before it is
/// acknowledged; a group becomes a session in a transaction that holds its row.
public final class PostgresTriggers {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresTriggers.class);

    /// Most events of one key that wait.
    public static final int MOST_WAITING = 10_000;

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int MOST_SENDERS = 10;

    /// Of so many events that one session is started by, the senders are looked at.
    private static final int MOST_DEBOUNCED = 1000;

    private final Database database;
    private final Within sessions;

    public PostgresTriggers(Database database, Within sessions) {
        this.database = database;
        this.sessions = sessions;
    }

    // ---- reading and writing

    public Optional<Trigger> find(String name) {
        return database
                .with(connection -> TriggerRows.list(connection, "WHERE name = ?", name))
                .stream()
                .findFirst();
    }

    private Optional<Trigger> find(long id) {
        return database
                .with(connection -> TriggerRows.list(connection, "WHERE id = ?", id))
                .stream()
                .findFirst();
    }

    /// In the order of names.
    public List<Trigger> list(@Nullable String after, int limit) {
        return database.with(connection ->
                TriggerRows.list(
                        connection,
                        "WHERE name > ? ORDER BY name LIMIT ?",
                        after == null ? "" : after,
                        limit));
    }

    /// @param written checked by [dev.remit.core.start.StartReader#trigger] already
    public Trigger put(String name, String agent, JsonNode written, Principal by, Instant now) {
        return database.with(connection -> {
            TriggerRows.write(connection, name, agent, false, written, by, now);
            return TriggerRows.list(connection, "WHERE name = ?", name).getFirst();
        });
    }

    /// With all that waits for it.
    ///
    /// @return false if there is none
    public boolean remove(String name) {
        return database.with(connection -> {
            try (var delete =
                    connection.prepareStatement("DELETE FROM event_trigger WHERE name = ?")) {
                new Parameters(delete).text(name);
                return delete.executeUpdate() == 1;
            }
        });
    }

    /// What became of its events lately, the newest first.
    public List<EventStart> starts(Trigger trigger, int limit) {
        return database.with(connection -> TriggerRows.newest(connection, trigger.id(), limit));
    }

    /// How many events wait.
    public long waiting(Trigger trigger) {
        return database.with(connection -> TriggerRows.waiting(connection, trigger.id()));
    }

    // ---- events

    /// What became of an event.
    public sealed interface Taken {
        /// @param triggers how many wanted it
        record New(int triggers) implements Taken {}

        /// It came before; nothing is done a second time.
        record Known(int triggers) implements Taken {}

        /// Too many wait; it was not taken.
        record Full(String trigger) implements Taken {}
    }

    /// Takes in an event, once for each id. Durable when it returns.
    public Taken take(String name, String id, JsonNode body, Principal from, Instant now) {
        var wanted = new TreeMap<Long, Trigger>();
        for (var trigger :
                database.with(
                        connection -> TriggerRows.list(connection, "WHERE event = ?", name))) {
            if (trigger.spec().wants(body)) {
                wanted.put(trigger.id(), trigger);
            }
        }
        try {
            return database.with(connection ->
                    Transaction.of(connection, c -> take(c, wanted, name, id, body, from, now)));
        } catch (TooMany e) {
            return new Taken.Full(e.trigger);
        }
    }

    private static final class TooMany extends IllegalStateException {
        private static final long serialVersionUID = 1;

        private final String trigger;

        TooMany(String trigger) {
            super(trigger);
            this.trigger = trigger;
        }
    }

    private static Taken take(
            Connection connection,
            Map<Long, Trigger> wanted,
            String name,
            String id,
            JsonNode body,
            Principal from,
            Instant now)
            throws SQLException {
        if (!TriggerRows.arrive(connection, name, id, from, wanted.size(), now)) {
            return new Taken.Known(TriggerRows.wanted(connection, name, id));
        }
        for (var trigger : wanted.values()) { // in order, so that two events cannot deadlock
            var spec = trigger.spec();
            var key = spec.keyOf(body);
            var group = TriggerRows.join(connection, trigger.id(), key, id, from, body, now);
            if (group.events() > MOST_WAITING) {
                throw new TooMany(trigger.name());
            }
            TriggerRows.due(connection, trigger.id(), key, due(spec.gather(), group, now));
        }
        return new Taken.New(wanted.size());
    }

    private static Instant due(Gather gather, Group group, Instant now) {
        return switch (gather) {
            case Gather.None none -> now;
            case Gather.Debounce debounce ->
                    earlier(now.plus(debounce.quiet()), group.firstAt().plus(debounce.atMost()));
            case Gather.Batch batch ->
                    group.events() >= batch.most() ? now : group.firstAt().plus(batch.within());
        };
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    // ---- starting

    /// A group that somebody has to look at.
    public record Due(Trigger trigger, String key) {}

    /// Those that are due, the longest first.
    public List<Due> due(Instant now, int limit) {
        var groups =
                database.with(connection -> {
                    try (var select =
                            connection.prepareStatement(
                                    """
                                    SELECT trigger, key, first_at, events, due FROM event_group
                                    WHERE due <= ? ORDER BY due LIMIT ?
                                    """)) {
                        new Parameters(select).set(now).set(limit);
                        return Parameters.list(select, TriggerRows::group);
                    }
                });
        var due = new ArrayList<Due>();
        for (var group : groups) {
            find(group.trigger()).ifPresent(trigger -> due.add(new Due(trigger, group.key())));
        }
        return due;
    }

    /// When somebody has to look next.
    public Optional<Instant> nextDue() {
        return database.with(connection -> {
            try (var select = connection.prepareStatement("SELECT min(due) FROM event_group")) {
                return Parameters.list(
                                select, row -> Optional.ofNullable(ScheduleRows.instant(row, 1)))
                        .getFirst();
            }
        });
    }

    /// Starts a session with the events of a group, if it may. Does nothing if another node is at
    /// it, or has been.
    ///
    /// @return sessions that were opened, or told something
    public List<SessionId> start(Due due, Instant now, Opener opener) {
        return database.with(connection ->
                Transaction.of(
                        connection,
                        c -> new Starting(c, due.trigger(), now, opener).start(due.key())));
    }

    /// Nobody looks at it before then: a look at it fails, and others are not to wait for that.
    public void defer(Due due, Instant until) {
        database.with(connection -> {
            TriggerRows.due(connection, due.trigger().id(), due.key(), until);
            return true;
        });
    }

    /// Forgets what is older than anybody asks for.
    public void forget(Instant now) {
        database.with(connection -> {
            TriggerRows.forget(connection, now);
            return true;
        });
    }

    /// One look at one group.
    private final class Starting {
        private final Connection connection;
        private final Trigger trigger;
        private final TriggerSpec spec;
        private final Instant now;
        private final Opener opener;

        Starting(Connection connection, Trigger trigger, Instant now, Opener opener) {
            this.connection = connection;
            this.trigger = trigger;
            this.spec = trigger.spec();
            this.now = now;
            this.opener = opener;
        }

        List<SessionId> start(String key) throws SQLException {
            var held = TriggerRows.lock(connection, trigger.id(), key, now);
            if (held.isEmpty()) {
                return List.of();
            }
            var group = held.get();
            if (spec.oneAtATime() != OneAtATime.NO) {
                TriggerRows.settle(connection, trigger.id(), key);
                var open = TriggerRows.open(connection, trigger.id(), key);
                if (!open.isEmpty()) {
                    return whileOpen(group, open);
                }
            }
            var later = limited();
            if (later != null) {
                TriggerRows.due(connection, trigger.id(), key, later);
                return List.of();
            }
            var events = events(key);
            if (events.isEmpty()) {
                TriggerRows.take(connection, group, Long.MAX_VALUE, now, now);
                return List.of();
            }
            return start(group, events);
        }

        /// Those that a session is started by. Of a debounce it is the last one, and the others say
        /// who sent them.
        private List<Waiting> events(String key) throws SQLException {
            return switch (spec.gather()) {
                case Gather.None none -> TriggerRows.waiting(connection, trigger.id(), key, 1);
                case Gather.Debounce debounce ->
                        TriggerRows.latest(connection, trigger.id(), key, MOST_DEBOUNCED);
                case Gather.Batch batch ->
                        TriggerRows.waiting(connection, trigger.id(), key, batch.most());
            };
        }

        private List<SessionId> whileOpen(Group group, List<TriggerRows.Open> open)
                throws SQLException {
            var told = new ArrayList<SessionId>();
            switch (spec.oneAtATime()) {
                case NO -> {}
                case SKIP -> {
                    var first = TriggerRows.waiting(connection, trigger.id(), group.key(), 1);
                    int dropped = TriggerRows.take(connection, group, Long.MAX_VALUE, now, now);
                    var why = "session " + open.getFirst().session() + " of the same key is open";
                    record(group.key(), first, dropped, "skipped", null, why);
                }
                case QUEUE ->
                        TriggerRows.due(connection, trigger.id(), group.key(), now.plus(SOON));
                case CANCEL -> {
                    for (var one : open) {
                        if (!one.cancelling()) {
                            sessions.send(
                                    connection,
                                    one.session(),
                                    new Mail.Cancel(cause(), "a later event takes its place"));
                            told.add(one.session());
                        }
                    }
                    TriggerRows.cancelling(connection, trigger.id(), group.key());
                    TriggerRows.due(connection, trigger.id(), group.key(), now.plus(SOON));
                }
            }
            return told;
        }

        private Principal cause() {
            return new Principal(Principal.Kind.WEBHOOK, trigger.name());
        }

        /// When the next start may be; absent: now. Holds the trigger's row, so that nodes count
        /// together.
        private @Nullable Instant limited() throws SQLException {
            var rate = spec.rate();
            if (rate == null) {
                return null;
            }
            TriggerRows.hold(connection, trigger.id());
            var times =
                    TriggerRows.times(
                            connection, trigger.id(), now.minus(rate.per()), rate.starts());
            return times.size() < rate.starts() ? null : times.getLast().plus(rate.per());
        }

        private List<SessionId> start(Group group, List<Waiting> events) throws SQLException {
            int taken =
                    TriggerRows.take(
                            connection,
                            group,
                            events.getLast().place(),
                            dueOfRest(group, events),
                            now);
            try {
                var input = spec.inputOf(events.stream().map(Waiting::body).toList());
                var session = open(opener.open(wish(input, events)));
                record(group.key(), events, taken, "started", session, null);
                return List.of(session);
            } catch (Opener.Refused | Template.Fault e) {
                LOG.warn("{} could not be started by an event: {}", trigger.name(), e.getMessage());
                record(group.key(), events, taken, "failed", null, e.getMessage());
                return List.of();
            }
        }

        /// What is left of a batch waits as if it had come now; of single events the next is due.
        private Instant dueOfRest(Group group, List<Waiting> events) {
            return spec.gather() instanceof Gather.Batch batch
                            && group.events() - events.size() < batch.most()
                    ? now.plus(batch.within())
                    : now;
        }

        private SessionId open(dev.remit.core.session.SessionLog.Opening opening)
                throws SQLException {
            return switch (sessions.open(connection, opening)) {
                case Accepted.New opened -> opened.id();
                case Accepted.Existing existing -> existing.id();
                case Accepted.Conflict conflict -> conflict.id();
            };
        }

        private Opener.Wish wish(JsonNode input, List<Waiting> events) {
            var causes = new ArrayList<Principal>();
            causes.add(cause());
            events.stream()
                    .map(Waiting::principal)
                    .distinct()
                    .limit(MOST_SENDERS)
                    .forEach(from -> causes.add(principal(from)));
            var key =
                    new IdempotencyKey(
                            "webhook:" + trigger.name() + "#" + trigger.id(),
                            Long.toString(events.getFirst().place()),
                            Hash.of(Json.canonical(input)).hex());
            return new Opener.Wish(input, causes, spec.models(), key, now);
        }

        private void record(
                String key,
                List<Waiting> events,
                int taken,
                String state,
                @Nullable SessionId session,
                @Nullable String why)
                throws SQLException {
            if (!events.isEmpty()) {
                TriggerRows.started(
                        connection,
                        trigger.id(),
                        events.getFirst().place(),
                        new EventStart(key, state, now, taken, session, why));
            }
        }
    }

    private static Principal principal(String written) {
        int colon = written.indexOf(':');
        return new Principal(
                Principal.Kind.valueOf(written.substring(0, colon).toUpperCase(Locale.ROOT)),
                written.substring(colon + 1));
    }
}
