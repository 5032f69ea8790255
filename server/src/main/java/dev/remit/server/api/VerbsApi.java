package dev.remit.server.api;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.money.Money;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;

/// `/v1/sessions/{id}:cancel`, `:resolve`, `:raise`: mail to a session from a person.
final class VerbsApi {
    private static final int WHY_LENGTH = 2000;

    private final ApiParts parts;

    VerbsApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply cancel(Exchange exchange) {
        var id = parts.sessions().existing(exchange);
        var why =
                parts.redactor()
                        .redact(
                                Body.optional(exchange, "why")
                                        .findText("why")
                                        .orElse("a person asked for it"));
        if (why.length() > WHY_LENGTH) {
            throw Problems.badRequest("why is longer than " + WHY_LENGTH + " characters");
        }
        return parts.sessions().send(id, new Mail.Cancel(Caller.of(exchange).principal(), why));
    }

    Reply resolve(Exchange exchange) {
        var id = parts.sessions().existing(exchange);
        var body = Body.of(exchange, "action", "happened");
        boolean happened = body.flag("happened");
        var action = body.findText("action").map(ActionId::new).orElse(null);
        var inDoubt =
                parts.log().load(id).state().actions().entrySet().stream()
                        .filter(entry -> entry.getValue() instanceof ActionState.InDoubt)
                        .map(entry -> entry.getKey())
                        .toList();
        if (inDoubt.isEmpty()) {
            throw Problems.conflict("no action of session " + id + " is in doubt");
        }
        if (action == null && inDoubt.size() > 1) {
            throw Problems.conflict("several actions are in doubt; name one of " + inDoubt);
        }
        if (action != null && !inDoubt.contains(action)) {
            throw Problems.conflict("that action is not in doubt; these are: " + inDoubt);
        }
        return parts.sessions()
                .send(id, new Mail.Resolve(action, happened, Caller.of(exchange).principal()));
    }

    Reply raise(Exchange exchange) {
        var id = parts.sessions().existing(exchange);
        var limit = Budgets.read(Body.of(exchange, "budget").text("budget"));
        var by = Caller.of(exchange).principal();
        var state = parts.log().load(id).state();
        var parent = state.opened().parent();
        var now = state.budget();
        if (parent == null || (now != null && !limit.isMoreThan(now))) {
            return parts.sessions().send(id, new Mail.RaiseBudget(limit, by));
        }
        if (state.isClosed()) {
            throw Problems.closed(id);
        }
        checkLeft(parent, limit, id);
        return parts.sessions()
                .send(parent.session(), new Mail.RaiseChild(parent.action(), limit, by));
    }

    /// A child's budget is part of its parent's, whose driver has the last word.
    private void checkLeft(Event.Parent parent, Money limit, SessionId child) {
        var state = parts.log().load(parent.session()).state();
        if (state.isClosed()
                || !(state.actions().get(parent.action()) instanceof ActionState.Handed handed)) {
            throw Problems.conflict(
                    "session "
                            + child
                            + " works for session "
                            + parent.session()
                            + ", which waits for it no more: nobody would pay");
        }
        var whole = state.budget();
        var had = handed.work().allotted();
        if (whole == null || had == null) {
            return;
        }
        long left = whole.micros() - state.committed().micros();
        long more = limit.micros() - had.micros();
        if (more > left) {
            throw Problems.conflict(
                    "the budget of session "
                            + child
                            + " is part of that of session "
                            + parent.session()
                            + ", which has "
                            + new Money(Math.max(0, left))
                            + " USD left of "
                            + whole
                            + "; raise that one first: ./remit raise "
                            + parent.session()
                            + " \""
                            + new Money(whole.micros() + more - left)
                            + " USD\"");
        }
    }
}
