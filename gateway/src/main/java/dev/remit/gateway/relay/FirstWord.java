package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Attempt.End;
import dev.remit.gateway.wire.Delta;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Garbage;
import dev.remit.http.client.ThinAnswer;
import dev.remit.http.client.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads a stream until the answer is known to be good: its first word, call or refusal has come,
/// or the whole of it, if the route checks answers. Up to there a failure is not seen.
///
/// @param passOn whether its events may go to the client as they came
/// @param lowered the cap that the budget allowed; absent: as it was asked for
record FirstWord(
        Leg leg, Account account, Dialect dialect, boolean passOn, @Nullable Integer lowered) {
    private static final long HELD_BACK = 4 << 20;

    Tried await(ThinAnswer answer) throws InterruptedException {
        var stream = stream(answer);
        try {
            return await(stream);
        } catch (Garbage | Frames.TooLarge e) {
            var why = leg.where() + ": " + e.getMessage();
            stream.fail(ModelAnswer.Kind.GARBAGE, why);
            return new Tried.Bad(Missed.answer(why));
        } catch (UpstreamException e) {
            return failed(stream, Missed.of(e, leg.where()));
        } catch (InterruptedException e) {
            stream.abandon(End.CANCELLED, "cancelled");
            throw e;
        }
    }

    private Streaming stream(ThinAnswer answer) {
        return new Streaming(
                answer,
                Events.of(leg.provider().framing(dialect), answer),
                dialect,
                account,
                leg.trial(),
                leg.where(),
                leg.route().stall(),
                passOn && !isList(),
                !leg.call().facts().usageInStream());
    }

    /// A client of Gemini that wants no Server-Sent Events gets a list, which no provider is asked
    /// for.
    private boolean isList() {
        return dialect == Dialect.GEMINI && !leg.call().asked().path().sse();
    }

    private Tried await(Streaming stream)
            throws UpstreamException, InterruptedException, Frames.TooLarge, Garbage {
        List<Flow.Step> held = new ArrayList<>();
        long bytes = 0;
        while (true) {
            var step = stream.next();
            if (step == null) {
                return ended(stream, held);
            }
            held.add(step);
            bytes += step.raw() == null ? 64 : step.raw().length;
            for (var delta : step.deltas()) {
                if (delta instanceof Delta.Broken(var error)) {
                    return failed(stream, Missed.of(error, leg.where(), null));
                }
            }
            if (isGood(step)) {
                leg.firstTokenCame(account);
                if (leg.route().check() == null || bytes > HELD_BACK) {
                    return new Tried.Good(
                            new Result.Flowing(new LiveFlow(stream, held), leg.headers(lowered)));
                }
            }
        }
    }

    private static Tried failed(Streaming stream, Missed missed) {
        stream.fail(missed.kind(), missed.error().message());
        return new Tried.Bad(missed);
    }

    private static boolean isGood(Flow.Step step) {
        for (var delta : step.deltas()) {
            if (delta instanceof Delta.Grown(var _, var text) && !text.isEmpty()) {
                return true;
            }
            if (delta instanceof Delta.Opened(var _, var kind, var _, var _)
                    && kind == Delta.Kind.TOOL_CALL) {
                return true;
            }
        }
        return false;
    }

    /// The whole of it has come and was held back.
    private Tried ended(Streaming stream, List<Flow.Step> held) throws Garbage {
        var said = stream.collected().answer();
        var fault = Checks.fault(said, leg.route().check(), leg.call().facts());
        if (fault != null) {
            stream.reject(fault);
            return leg.notGood(fault);
        }
        leg.firstTokenCame(account);
        stream.finish();
        return new Tried.Good(
                new Result.Flowing(
                        new HeldFlow(held, stream.isPassedOn(), dialect), leg.headers(lowered)));
    }
}
