package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Attempt.End;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Garbage;
import dev.remit.http.client.ThinAnswer;
import dev.remit.http.client.UpstreamException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A provider's stream, read, understood and accounted for.
final class Streaming {
    private final ThinAnswer answer;
    private final Events events;
    private final Dialect dialect;
    private final Codec.StreamReader reader;
    private final Collected collected;
    private final Account account;
    private final Trial trial;
    private final String where;
    private final Duration stall;
    private final boolean passOn;
    private final boolean dropUsage;

    /// @param passOn whether events may go to the client as they came
    /// @param dropUsage whether those go not that only tell usage, since the client did not ask
    Streaming(
            ThinAnswer answer,
            Events events,
            Dialect dialect,
            Account account,
            Trial trial,
            String where,
            Duration stall,
            boolean passOn,
            boolean dropUsage) {
        this.answer = answer;
        this.events = events;
        this.dialect = dialect;
        this.reader = Codec.of(dialect).streamReader();
        this.collected = new Collected(dialect);
        this.account = account;
        this.trial = trial;
        this.where = where;
        this.stall = stall;
        this.passOn = passOn;
        this.dropUsage = dropUsage;
    }

    String where() {
        return where;
    }

    Collected collected() {
        return collected;
    }

    /// @return nothing at the end of the transport, when the answer is whole
    /// @throws Garbage if it is not, or cannot be read
    Flow.@Nullable Step next()
            throws UpstreamException, InterruptedException, Frames.TooLarge, Garbage {
        var frame = events.next();
        if (frame == null) {
            reader.end();
            return null;
        }
        var event = frame.event();
        List<Delta> deltas = event == null ? List.of() : reader.read(event);
        for (var delta : deltas) {
            collected.take(delta);
        }
        if (!deltas.isEmpty()) {
            answer.within(stall);
        }
        var usageOnly = deltas.size() == 1 && deltas.getFirst() instanceof Delta.Used;
        return new Flow.Step(passOn && !(dropUsage && usageOnly) ? frame.raw() : null, deltas);
    }

    Dialect dialect() {
        return dialect;
    }

    boolean isPassedOn() {
        return passOn;
    }

    boolean isReady() {
        return events.isReady();
    }

    /// The answer is whole.
    void finish() {
        account.answeredBy(collected.model());
        keep();
        if (collected.usageKnown()) {
            trial.billed(collected.usage());
            account.settle(End.ANSWERED, collected.usage(), null);
        } else {
            account.settleUntold(End.ANSWERED, collected.usage(), null);
        }
        trial.succeeded();
        answer.close();
    }

    /// Nobody wants it any more.
    void abandon(End end, String why) {
        lose(end, why);
        trial.dropped();
    }

    /// It is whole, and no good.
    void reject(String why) {
        lose(End.FAILED, why);
    }

    /// The provider failed.
    void fail(ModelAnswer.Kind kind, String why) {
        lose(End.FAILED, why);
        trial.failed(kind, null);
    }

    private void lose(End end, String why) {
        answer.close();
        account.answeredBy(collected.model());
        keep();
        var usage = collected.usage();
        if (collected.ended() && collected.usageKnown()) {
            account.settle(end, usage, why);
        } else {
            account.settleLost(end, usage, usage.tokens() > 0, collected.written(), why);
        }
        trial.billed(usage);
    }

    private void keep() {
        ChatAnswer whole = null;
        try {
            whole = collected.answer();
        } catch (Garbage partial) {
            // a tool call that was cut has no arguments to keep
        }
        account.exchanged(trial.kept(whole));
    }
}
