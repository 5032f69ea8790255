package dev.remit.runtime;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.brain.Step;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.Layout.Purpose;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.session.Event;
import dev.remit.core.session.Prompt;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.Waiting;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Model calls of one session: reserved, written down, made, and written down again.
final class ModelCalls {
    private final Parts parts;
    private final Definition definition;
    private final Writer writer;
    private final Effects effects;
    private final Asking asking;
    private final Compactions compactions;
    private @Nullable Waiting refused;

    ModelCalls(Parts parts, Definition definition, Writer writer, Effects effects) {
        this.parts = parts;
        this.definition = definition;
        this.writer = writer;
        this.effects = effects;
        this.asking = new Asking(parts, definition, writer);
        this.compactions = new Compactions(parts, asking, writer, effects);
    }

    /// What the session must wait for instead of the call it wanted; asked once.
    @Nullable Waiting refusedForBudget() {
        var waiting = refused;
        refused = null;
        return waiting;
    }

    void compact(Step.Compact compact, Writer.Mark mark) throws LostClaim {
        compactions.start(compact, mark);
    }

    void start(Step.CallModel call, Writer.Mark mark) throws LostClaim {
        var agent = (AgentDefinition) definition;
        var mind = asking.mind();
        var request =
                asking.request(Purpose.ANSWER, mind, call.prompt(), call.turn(), call.attempt());
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
            refused = new Waiting.Budget(budget.refusal("call", bound.get()));
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
                        bound.get(),
                        mind.equals(writer.state().context().mind()) ? null : mind,
                        call.edit()));
        if (writer.flush(new Then.Keep(), mark) == Writer.Written.YES) {
            effects.call(request, ready, writer.state().seq());
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
        if (call.compacting()) {
            compactions.ended(ended, call);
            return;
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
    static @Nullable Money cost(ModelAnswer.Failure failure, @Nullable Money reserved) {
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
