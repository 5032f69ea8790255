package dev.remit.server.api;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Question;
import dev.remit.core.session.State;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Problem;
import dev.remit.http.server.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/approvals`: the questions that sessions ask people, and the answers. A question is answered
/// once: its id names its session and the digest of what is shown, so nobody can answer another one
/// by mistake.
final class ApprovalsApi {
    private static final int MARK = 12;
    private static final int DEEPEST = 50;
    private static final int LARGEST_FAMILY = 2000;
    private static final int NOTE_LENGTH = 2000;

    /// How often it is looked whether the session has taken an answer in, and for how long.
    private static final long LOOK_NANOS = 20_000_000;

    private static final int LOOKS = 250;

    private final ApiParts parts;

    ApprovalsApi(ApiParts parts) {
        this.parts = parts;
    }

    // ---- what is asked

    Reply list(Exchange exchange) {
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        var of = exchange.query("session").map(id -> parts.sessions().existing(exchange, id));
        if (of.isPresent()) {
            var body = Json.object();
            var items = body.putArray("items");
            for (var id : parts.queries().family(of.get(), LARGEST_FAMILY)) {
                of(id).forEach(items::add);
            }
            return Reply.ok(body);
        }
        var cursor = exchange.query("cursor").map(SessionResource::id).orElse(null);
        var asking = parts.queries().asking(cursor, limit + 1);
        var body = Json.object();
        var items = body.putArray("items");
        asking.stream().limit(limit).forEach(id -> of(id).forEach(items::add));
        if (asking.size() > limit) {
            body.put("next", asking.get(limit - 1).toString());
        }
        return Reply.ok(body);
    }

    private List<ObjectNode> of(SessionId id) {
        var state = parts.log().load(id).state();
        var shown = new ArrayList<ObjectNode>();
        var questions = Question.open(state);
        var root = questions.isEmpty() ? id : root(state);
        for (var question : questions) {
            shown.add(shown(state, root, question));
        }
        return shown;
    }

    private SessionId root(State state) {
        var parent = state.opened().parent();
        var root = state.id();
        for (int i = 0; parent != null && i < DEEPEST; i++) {
            root = parent.session();
            parent = parts.queries().find(root).map(summary -> summary.parent()).orElse(null);
        }
        return root;
    }

    static String id(SessionId session, Event.ApprovalAsked question) {
        return session + "." + question.digest().hex().substring(0, MARK);
    }

    private static ObjectNode shown(State state, SessionId root, Event.ApprovalAsked question) {
        var shown =
                Json.object()
                        .put("id", id(state.id(), question))
                        .put("session", state.id().toString())
                        .put("root", root.toString())
                        .put("agent", state.opened().definition().name())
                        .put("step", question.action().value());
        if (question.question() != null) {
            shown.put("question", question.question());
        }
        shown.set("shown", question.shown().value());
        shown.put("digest", question.digest().hex());
        if (question.by() != null) {
            shown.put("by", question.by());
        }
        var expires = question.expires();
        if (expires != null) {
            shown.put("expires_at", expires.toString());
        }
        return shown;
    }

    // ---- what is answered

    Reply approve(Exchange exchange) {
        return answer(exchange, true);
    }

    Reply reject(Exchange exchange) {
        return answer(exchange, false);
    }

    private Reply answer(Exchange exchange, boolean approved) {
        var id = exchange.parameter("id");
        int dot = id.indexOf('.');
        if (dot < 0 || id.length() - dot - 1 < MARK) {
            throw Problems.unknown("approval", id.length() > 64 ? "of that name" : id);
        }
        var session = parts.sessions().existing(exchange, id.substring(0, dot));
        var mark = id.substring(dot + 1);
        var body = Body.optional(exchange, "note", "digest");
        var question = open(session, mark);
        body.findText("digest").ifPresent(digest -> same(digest, question));
        var caller = Caller.of(exchange).principal();
        var answer =
                new Mail.Answer(
                        question.action(),
                        question.digest(),
                        approved,
                        note(body),
                        caller,
                        UUID.randomUUID().toString(),
                        parts.clock().instant());
        parts.sessions().send(session, answer);
        return taken(session, answer);
    }

    private static void same(String digest, Event.ApprovalAsked question) {
        if (!question.digest().hex().equals(digest)) {
            throw Problems.conflict(
                    "what is shown has another digest: "
                            + question.digest().hex()
                            + "; look at it again");
        }
    }

    private @Nullable String note(Body body) {
        var note = body.findText("note").map(parts.redactor()::redact).orElse(null);
        if (note != null && note.length() > NOTE_LENGTH) {
            throw Problems.badRequest("note is longer than " + NOTE_LENGTH + " characters");
        }
        return note;
    }

    /// The question, if it can be answered.
    private Event.ApprovalAsked open(SessionId session, String mark) {
        var state = parts.log().load(session).state();
        for (var question : Question.open(state)) {
            if (question.digest().hex().startsWith(mark)) {
                var expires = question.expires();
                if (expires != null && !parts.clock().instant().isBefore(expires)) {
                    throw Problems.conflict("the question expired at " + expires);
                }
                return question;
            }
        }
        for (var action : state.actions().values()) {
            if (action instanceof ActionState.Answered(var answer)
                    && answer.digest().hex().startsWith(mark)) {
                throw answered(answer);
            }
        }
        throw state.isClosed()
                ? Problems.closed(session)
                : Problems.conflict(
                        "the question is open no more: it has expired, or was withdrawn");
    }

    private static Problem answered(Mail.Answer answer) {
        return Problems.conflict(
                "the question is answered already: %s %s it at %s"
                        .formatted(
                                answer.by().name(),
                                answer.approved() ? "approved" : "rejected",
                                answer.at()));
    }

    /// The answer counts once the session's log says so: of two that come at the same time, one
    /// does.
    private Reply taken(SessionId session, Mail.Answer answer) {
        for (int i = 0; i < LOOKS; i++) {
            var state = parts.log().load(session).state();
            switch (state.actions().get(answer.action())) {
                case ActionState.Answered(var taken) -> {
                    if (!taken.id().equals(answer.id())) {
                        throw answered(taken);
                    }
                    return Reply.ok(told(session, answer).put("status", word(answer)));
                }
                case ActionState.Lapsed(var why) ->
                        throw Problems.conflict("the answer came too late: " + why);
                case null, default -> {
                    if (state.isClosed()) {
                        throw Problems.closed(session);
                    }
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
        }
        return new Reply.Json(202, Map.of(), told(session, answer).put("status", "accepted"));
    }

    private static ObjectNode told(SessionId session, Mail.Answer answer) {
        return Json.object()
                .put("session", session.toString())
                .put("step", answer.action().value())
                .put("by", answer.by().name());
    }

    private static String word(Mail.Answer answer) {
        return answer.approved() ? "approved" : "rejected";
    }
}
