package dev.remit.server.api;

import dev.remit.core.agent.Definition;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.money.Money;
import dev.remit.core.session.Event;
import dev.remit.core.session.Outcome;
import dev.remit.core.session.State;
import dev.remit.store.registry.Application;
import dev.remit.store.session.SessionSummary;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A session as the API shows it.
final class SessionResource {
    private static final Outcome NOT_YET = Outcome.unverified("it has not ended");

    private SessionResource() {}

    /// Who answered a session's last model call.
    record Answerer(String provider, String model) {}

    /// In a list: what is known without reading the log.
    static ObjectNode of(SessionSummary summary, Application.Kind kind) {
        var shown = Json.object();
        shown.put("id", summary.id().toString());
        shown.put("agent", summary.definition().name());
        shown.put("version", summary.definition().version().hex());
        shown.put("kind", ApiJson.word(kind));
        shown.put("status", ApiJson.word(summary.status()));
        var waiting = summary.waiting();
        if (waiting != null) {
            shown.set("waiting", ApiJson.waiting(waiting));
        }
        var reason = summary.reason();
        if (reason != null) {
            shown.put("stop_reason", ApiJson.word(reason));
        }
        shown.set("outcome", ApiJson.tree(Optional.ofNullable(summary.outcome()).orElse(NOT_YET)));
        if (summary.why() != null) {
            shown.put("why", summary.why());
        }
        parent(shown, summary.parent());
        shown.put("opened_at", summary.openedAt().toString());
        shown.put("updated_at", summary.updatedAt().toString());
        var usage = summary.usage();
        if (usage != null) {
            shown.set("usage", ApiJson.tree(usage));
        }
        cost(shown, summary.cost());
        shown.put("head", summary.head());
        return shown;
    }

    /// In full: as its log says.
    static ObjectNode of(
            State state,
            SessionSummary summary,
            Application.Kind kind,
            List<SessionSummary> children,
            Optional<Answerer> answerer) {
        var shown = of(summary, kind);
        var closed = state.closed();
        var waiting = state.waiting();
        shown.put("status", closed != null ? "closed" : waiting != null ? "idle" : "running");
        shown.remove("waiting");
        if (closed == null && waiting != null) {
            shown.set("waiting", ApiJson.waiting(waiting));
        }
        shown.put("updated_at", state.now().toString());
        shown.put("head", state.seq());
        shown.put("turns", state.totals().turns());
        shown.set("usage", ApiJson.tree(closed != null ? closed.usage() : state.totals().usage()));
        cost(shown, closed != null ? closed.cost() : state.totals().cost());
        if (closed != null) {
            close(shown, closed);
        }
        children(shown, children);
        models(shown, state.opened().models(), answerer);
        limits(shown, state);
        return shown;
    }

    private static void close(ObjectNode shown, Event.Closed closed) {
        shown.put("stop_reason", ApiJson.word(closed.reason()));
        shown.set("outcome", ApiJson.tree(closed.outcome()));
        if (closed.why() != null) {
            shown.put("why", closed.why());
        }
        var output = closed.output();
        if (output != null) {
            shown.set("output", output.value());
        }
    }

    private static void children(ObjectNode shown, List<SessionSummary> children) {
        var list = shown.putArray("children");
        for (var child : children) {
            var parent = child.parent();
            if (parent != null) {
                list.addObject()
                        .put("action", parent.action().value())
                        .put("session", child.id().toString())
                        .put("agent", child.definition().name());
            }
        }
    }

    private static void models(ObjectNode shown, ModelChoice chosen, Optional<Answerer> answerer) {
        shown.put("provider", answerer.map(Answerer::provider).orElse(chosen.provider()));
        answerer.ifPresent(a -> shown.put("model", a.model()));
    }

    private static void limits(ObjectNode shown, State state) {
        var budget = state.budget();
        if (budget != null) {
            shown.put("budget_micros", budget.micros());
        }
        var deadline = state.opened().deadline();
        if (deadline != null) {
            shown.put("deadline", deadline.toString());
        }
    }

    private static void parent(ObjectNode shown, Event.@Nullable Parent parent) {
        if (parent != null) {
            shown.putObject("parent")
                    .put("session", parent.session().toString())
                    .put("action", parent.action().value());
        }
    }

    private static void cost(ObjectNode shown, @Nullable Money cost) {
        if (cost != null) {
            shown.put("cost_micros", cost.micros());
        }
    }

    static String kind(Definition definition) {
        return definition instanceof WorkflowDefinition ? "workflow" : "agent";
    }

    /// @throws dev.remit.http.server.Problem 404 if it is no id of a session
    static SessionId id(String text) {
        try {
            if (text.length() == 36) {
                return SessionId.parse(text);
            }
        } catch (IllegalArgumentException e) {
            // the same as no such session
        }
        throw Problems.unknownSession(text.length() > 64 ? "of that name" : text);
    }
}
