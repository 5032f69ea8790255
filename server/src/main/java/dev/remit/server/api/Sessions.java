package dev.remit.server.api;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.State;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.server.api.SessionResource.Answerer;
import dev.remit.store.session.SessionQueries.Filter;
import dev.remit.store.session.SessionSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Sessions as the API finds them.
final class Sessions {
    private static final int MOST_CHILDREN = 1000;
    private static final int BATCH = 200;

    /// Of a list that is filtered here, for one page.
    private static final int MOST_LOOKED_AT = 10_000;

    /// How far back the newest answer of a model is looked for.
    private static final int ANSWER_WITHIN = 200;

    private final ApiParts parts;

    Sessions(ApiParts parts) {
        this.parts = parts;
    }

    /// The session that a path names.
    ///
    /// @throws dev.remit.http.server.Problem 404 if there is none that the caller may see
    SessionId existing(Exchange exchange) {
        return existing(exchange, exchange.parameter("id"));
    }

    /// A session by its id, if whoever asks may see it.
    SessionId existing(Exchange exchange, String text) {
        var id = SessionResource.id(text);
        if (!isSeen(Caller.of(exchange), summary(id).definition())) {
            throw Problems.unknownSession(id.toString());
        }
        return id;
    }

    /// A key that is bound to a team sees the sessions of the agents that the team owns, and one
    /// that is bound to an agent those of the agent.
    boolean isSeen(Caller caller, DefinitionRef definition) {
        return caller.isUnbound()
                || caller.sees(owner(parts.catalog().find(definition)), definition.name());
    }

    /// The team that owns it.
    static @Nullable String owner(Definition definition) {
        return switch (definition) {
            case AgentDefinition agent -> agent.owner();
            case WorkflowDefinition _ -> null;
        };
    }

    /// Those of a list that the caller may see, as many as are wanted.
    ///
    /// @return with a cursor if there may be more behind them
    Seen list(Caller caller, Filter filter, int limit) {
        var seen = new ArrayList<SessionSummary>();
        var last = filter.before();
        for (int looked = 0; looked < MOST_LOOKED_AT; looked += BATCH) {
            var from = new Filter(filter.status(), filter.definition(), filter.parent(), last);
            var batch = parts.queries().list(from, BATCH);
            for (var summary : batch) {
                if (seen.size() == limit) {
                    return new Seen(seen, last);
                }
                last = summary.id();
                if (isSeen(caller, summary.definition())) {
                    seen.add(summary);
                }
            }
            if (batch.size() < BATCH) {
                return new Seen(seen, null);
            }
        }
        return new Seen(seen, last);
    }

    record Seen(List<SessionSummary> sessions, @Nullable SessionId next) {}

    /// @throws dev.remit.http.server.Problem 404 if there is no such session
    SessionSummary summary(SessionId id) {
        return parts.queries().find(id).orElseThrow(() -> Problems.unknownSession(id.toString()));
    }

    /// The resource in full.
    ObjectNode show(SessionId id) {
        var summary = summary(id);
        var state = parts.log().load(id).state();
        var children =
                parts.queries().list(new Filter(null, null, id, null), MOST_CHILDREN).reversed();
        var shown =
                SessionResource.of(
                        state,
                        summary,
                        parts.catalog().kind(summary.definition()),
                        children,
                        answerer(state));
        relatives(shown, id);
        parts.catalog()
                .current(summary.definition().name())
                .map(current -> current.definition().version())
                .filter(newest -> !newest.equals(summary.definition().version()))
                .ifPresent(newest -> shown.put("newest_version", newest.hex()));
        return shown;
    }

    /// What it was made of, and what was made of it.
    private void relatives(ObjectNode shown, SessionId id) {
        parts.queries()
                .origin(id)
                .ifPresent(fork ->
                        shown.putObject("forked_from")
                                .put("session", fork.origin().toString())
                                .put("at", fork.at())
                                .put("rewind", fork.rewind()));
        var forks = parts.queries().forks(id);
        if (!forks.isEmpty()) {
            var list = shown.putArray("forks");
            forks.forEach(fork ->
                    list.addObject()
                            .put("session", fork.session().toString())
                            .put("at", fork.at())
                            .put("by", fork.by())
                            .put("rewind", fork.rewind()));
        }
    }

    /// Who answered last; for one who has not been answered lately, nobody.
    private Optional<Answerer> answerer(State state) {
        if (state.totals().turns() == 0) {
            return Optional.empty();
        }
        long from = Math.max(0, state.seq() - ANSWER_WITHIN);
        return parts.log().events(state.id(), from, ANSWER_WITHIN).reversed().stream()
                .map(recorded -> recorded.event())
                .filter(Event.ModelReplied.class::isInstance)
                .map(Event.ModelReplied.class::cast)
                .map(replied -> new Answerer(replied.provider(), replied.model()))
                .findFirst();
    }

    /// @return 202 once it is in the inbox
    /// @throws dev.remit.http.server.Problem 409 if the session is closed
    Reply send(SessionId id, Mail mail) {
        if (!parts.engine().send(id, mail)) {
            throw Problems.closed(id);
        }
        return new Reply.Empty(202);
    }
}
