package dev.remit.runtime;

import dev.remit.core.brain.Step;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.Layout.Purpose;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Usage;
import dev.remit.core.session.Call;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog.Then;

/// Model calls that make room in the prompt of one session: reserved, written down, made, and
/// written down again, as every other call.
final class Compactions {
    private final Parts parts;
    private final Asking asking;
    private final Writer writer;
    private final Effects effects;

    Compactions(Parts parts, Asking asking, Writer writer, Effects effects) {
        this.parts = parts;
        this.asking = asking;
        this.writer = writer;
        this.effects = effects;
    }

    /// Has the oldest part of the prompt summed up. What cannot be paid for is a failure, after
    /// which that part is left out.
    void start(Step.Compact compact, Writer.Mark mark) throws LostClaim {
        var prompt = compact.prompt();
        var before = writer.state().prompt();
        if (before == null) {
            throw new IllegalStateException("nothing has been said that could be summed up");
        }
        var request =
                asking.request(
                        Purpose.COMPACTION,
                        asking.mind(),
                        prompt,
                        compact.turn(),
                        compact.attempt());
        var ready = parts.models().ready(request);
        var bound = ready.bound();
        boolean affordable = bound.isPresent() && Budget.of(writer.state()).allows(bound.get());
        writer.add(
                new Event.CompactionCalled(
                        compact.turn(),
                        compact.attempt(),
                        request.route(),
                        prompt.hash(),
                        before.hash(),
                        prompt.added(),
                        compact.upTo(),
                        affordable ? bound.orElse(null) : null));
        if (!affordable) {
            writer.add(
                    new Event.CompactionFailed(
                            compact.turn(),
                            compact.attempt(),
                            request.choice().provider(),
                            request.route(),
                            ModelAnswer.Kind.INVALID,
                            "it cannot be paid for out of the session's budget",
                            Usage.NONE,
                            null));
            return;
        }
        if (writer.flush(new Then.Keep(), mark) == Writer.Written.YES) {
            effects.call(request, ready, writer.state().seq());
        }
    }

    /// An answer that calls tools, or says nothing, is no summary.
    void ended(Signal.ModelAnswered ended, Call call) {
        switch (ended.answer()) {
            case ModelAnswer.Reply reply -> {
                var text = reply.message().text();
                boolean usable = reply.message().toolUses().isEmpty() && !text.isBlank();
                writer.add(
                        usable
                                ? new Event.Compacted(
                                        ended.turn(),
                                        ended.attempt(),
                                        reply.provider(),
                                        reply.model(),
                                        Content.clean(Json.text(text), parts.redactor()),
                                        reply.usage(),
                                        reply.cost(),
                                        reply.total())
                                : new Event.CompactionFailed(
                                        ended.turn(),
                                        ended.attempt(),
                                        reply.provider(),
                                        reply.model(),
                                        ModelAnswer.Kind.GARBAGE,
                                        "the model gave no summary",
                                        reply.usage(),
                                        reply.cost()));
            }
            case ModelAnswer.Failure failure ->
                    writer.add(
                            new Event.CompactionFailed(
                                    ended.turn(),
                                    ended.attempt(),
                                    failure.provider(),
                                    failure.model(),
                                    failure.kind(),
                                    parts.redactor().redact(failure.why()),
                                    failure.usage(),
                                    ModelCalls.cost(failure, call.reserved())));
        }
    }
}
