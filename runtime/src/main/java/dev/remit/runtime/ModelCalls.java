package dev.remit.runtime;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.Rehearsal;
import dev.remit.core.authority.Authority;
import dev.remit.core.brain.Step;
import dev.remit.core.identity.Principal;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.session.Event;
import dev.remit.core.session.Prompt;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.State;
import dev.remit.core.session.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Model calls of one session: reserved, written down, made, and written down again.
final class ModelCalls {
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);

    private final Parts parts;
    private final Definition definition;
    private final Writer writer;
    private final Effects effects;
    private @Nullable Waiting refused;

    ModelCalls(Parts parts, Definition definition, Writer writer, Effects effects) {
        this.parts = parts;
        this.definition = definition;
        this.writer = writer;
        this.effects = effects;
    }

    /// What the session must wait for instead of the call it wanted; asked once.
    @Nullable Waiting refusedForBudget() {
        var waiting = refused;
        refused = null;
        return waiting;
    }

    void start(Step.CallModel call, Writer.Mark mark) throws LostClaim {
        var agent = (AgentDefinition) definition;
        var request = request(agent, call);
        var ready = parts.models().ready(request);
        var bound = ready.bound();
        if (bound.isEmpty()) {
            fail(
                    call,
                    request,
                    "no price is known for this model, so it is not called; choose a model with a"
                            + " known price");
            return;
        }
        var budget = Budget.of(writer.state());
        if (!budget.allows(bound.get())) {
            refused = new Waiting.Budget(budget.refusal(bound.get()));
            return;
        }
        writer.add(
                new Event.ModelCalled(
                        call.turn(),
                        call.attempt(),
                        agent.model(),
                        call.prompt().hash(),
                        parentOf(call.prompt()),
                        addedBy(call.prompt()),
                        call.leftOut(),
                        bound.get()));
        if (writer.flush(new Then.Keep(), mark) == Writer.Written.YES) {
            effects.call(request, ready);
        }
    }

    private @Nullable Hash parentOf(Prompt prompt) {
        var parent = prompt.parent();
        return parent == null ? null : parent.hash();
    }

    /// A repeated attempt shows the same prompt, and adds nothing.
    private List<Content> addedBy(Prompt prompt) {
        var shown = writer.state().prompt();
        return shown != null && shown.hash().equals(prompt.hash()) ? List.of() : prompt.added();
    }

    private ModelRequest request(AgentDefinition agent, Step.CallModel call) {
        var opened = writer.state().opened();
        return new ModelRequest(
                writer.fence().session(),
                agent.name(),
                agent.owner(),
                cause(agent, opened),
                call.turn(),
                call.attempt(),
                opened.models(),
                agent.model(),
                call.prompt().messages(),
                Authority.offered(agent),
                agent.answer(),
                agent.limits().outputTokens(),
                timeLeft(writer.state()),
                opened.input(),
                rehearsal(agent, opened));
    }

    private static List<Principal> cause(AgentDefinition agent, Event.Opened opened) {
        var cause = new ArrayList<Principal>();
        cause.add(new Principal(Principal.Kind.AGENT, agent.name()));
        cause.addAll(opened.cause());
        return cause;
    }

    private static @Nullable Rehearsal rehearsal(AgentDefinition agent, Event.Opened opened) {
        var recording = opened.recording();
        var replies = recording == null ? null : recording.of(agent.name());
        return replies != null ? replies : agent.rehearsal();
    }

    private Duration timeLeft(State state) {
        var deadline = state.opened().deadline();
        if (deadline == null) {
            return LONGEST_CALL;
        }
        var left = Duration.between(parts.clock().instant(), deadline);
        return left.compareTo(LONGEST_CALL) < 0 ? left : LONGEST_CALL;
    }

    private void fail(Step.CallModel call, ModelRequest request, String why) {
        var model = request.choice().model();
        writer.add(
                new Event.ModelFailed(
                        call.turn(),
                        call.attempt(),
                        request.choice().provider(),
                        model == null ? request.route() : model,
                        ModelAnswer.Kind.INVALID,
                        why,
                        Usage.NONE,
                        null,
                        null));
    }

    void ended(Signal.ModelAnswered ended) {
        var call = writer.state().call();
        if (call == null
                || !call.open()
                || call.turn() != ended.turn()
                || call.attempt() != ended.attempt()) {
            return; // of a claim that was lost in between
        }
        writer.add(
                switch (ended.answer()) {
                    case ModelAnswer.Reply reply ->
                            new Event.ModelReplied(
                                    ended.turn(),
                                    ended.attempt(),
                                    reply.provider(),
                                    reply.model(),
                                    Content.clean(Json.tree(reply.message()), parts.redactor()),
                                    reply.stop(),
                                    reply.usage(),
                                    reply.cost(),
                                    reply.firstToken(),
                                    reply.total());
                    case ModelAnswer.Failure failure ->
                            new Event.ModelFailed(
                                    ended.turn(),
                                    ended.attempt(),
                                    failure.provider(),
                                    failure.model(),
                                    failure.kind(),
                                    parts.redactor().redact(failure.why()),
                                    failure.usage(),
                                    cost(failure, call.reserved()),
                                    retryAt(ended.attempt(), failure));
                });
    }

    /// A call that was cut may have used anything up to what was reserved: it is taken to have.
    private static @Nullable Money cost(ModelAnswer.Failure failure, @Nullable Money reserved) {
        return failure.cost() == null && failure.kind() == ModelAnswer.Kind.CANCELLED
                ? reserved
                : failure.cost();
    }

    private @Nullable Instant retryAt(int attempt, ModelAnswer.Failure failure) {
        return failure.kind().retryable() && attempt < Backoff.MODEL_ATTEMPTS
                ? Backoff.next(
                        parts.clock().instant(), attempt, failure.retryAfter(), parts.random())
                : null;
    }
}
