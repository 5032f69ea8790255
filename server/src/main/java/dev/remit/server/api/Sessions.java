package dev.remit.server.api;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.State;
import dev.remit.http.server.Reply;
import dev.remit.server.api.SessionResource.Answerer;
import dev.remit.store.session.SessionQueries.Filter;
import dev.remit.store.session.SessionSummary;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Sessions as the API finds them.
final class Sessions {
    private static final int MOST_CHILDREN = 1000;

    /// How far back the newest answer of a model is looked for.
    private static final int ANSWER_WITHIN = 200;

    private final ApiParts parts;

    Sessions(ApiParts parts) {
        this.parts = parts;
    }

    /// @throws dev.remit.http.server.Problem 404 if there is no such session
    SessionId existing(String text) {
        var id = SessionResource.id(text);
        summary(id);
        return id;
    }

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
