package dev.remit.store.start;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.money.Usage;
import dev.remit.core.session.Event;
import dev.remit.core.session.Outcome;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.StopReason;
import dev.remit.store.database.DatabaseException;
import dev.remit.store.session.PostgresSessionLog;
import dev.remit.store.session.SessionQueries;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Agents for schedules and triggers to start, and their ends.
final class Starting {
    static final Principal PERSON = new Principal(Principal.Kind.PERSON, "local");
    static final DefinitionRef AGENT = new DefinitionRef("digest", Hash.of("v1"));

    private static final int MOST_ATTEMPTS = 20;

    private Starting() {}

    static final Opener OPENER = opener(AGENT);

    static Opener opener(DefinitionRef agent) {
        return wish -> {
            if (wish.input().path("bad").asBoolean(false)) {
                throw new Opener.Refused("it does not take that");
            }
            return new SessionLog.Opening(
                    SessionId.random(wish.at(), ThreadLocalRandom.current()),
                    new Event.Opened(
                            agent,
                            Content.derived(wish.input()),
                            wish.cause(),
                            null,
                            ModelChoice.rehearsal(1),
                            null,
                            null,
                            null),
                    wish.at(),
                    wish.key());
        };
    }

    /// A machine that is slow enough for the database to give up a transaction is nothing that
    /// these tests are about: it is done again.
    static <T> T surely(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (DatabaseException e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    static JsonNode json(String text) {
        return Json.parse(text);
    }

    static Event.Opened opened(PostgresSessionLog log, SessionId id) {
        return log.load(id).state().opened();
    }

    /// All sessions of an agent.
    static List<SessionId> sessions(PostgresSessionLog log, DefinitionRef agent) {
        var filter = new SessionQueries.Filter(null, agent.name(), null, null);
        return log.queries().list(filter, 100_000).stream().map(s -> s.id()).toList();
    }

    static void end(PostgresSessionLog log, SessionId id) {
        var fence = ((SessionLog.Claim.Claimed) log.claim(id)).fence();
        var closed =
                new Event.Closed(
                        StopReason.COMPLETED,
                        Outcome.GOOD,
                        Content.derived(Json.text("done")),
                        null,
                        Usage.NONE,
                        null);
        log.append(
                new SessionLog.Append(
                        fence,
                        log.load(id).state().seq(),
                        Instant.now(),
                        List.of(closed),
                        List.of(),
                        log.rules(),
                        true,
                        new SessionLog.Then.End(Long.MAX_VALUE)));
    }
}
