package dev.remit.gateway.rehearsal;

import static dev.remit.core.model.ModelChoice.REHEARSAL;

import dev.remit.core.json.Json;
import dev.remit.core.model.Layout;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.model.ModelAnswer.Stop;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.model.Rehearsal;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Answers in place of a model: from an agent's script, from a recorded session, or, where there is
/// neither, with a smallest answer that its schema takes and that says it is rehearsed.
///
/// The same request gives the same answer. It costs nothing. Its usage is an estimate, four bytes a
/// token, under the provider and model name `rehearsal`.
public final class RehearsalProvider implements ModelProvider {
    private static final String PLAIN =
            "rehearsal: no model was asked. Add a rehearsal.yaml to this agent to script its"
                    + " answers, or use a real model.";
    private static final String WRONG =
            "{\"rehearsal\":\"an answer of the wrong shape, on order\"}";

    @Override
    public Optional<Money> bound(ModelRequest request) {
        return Optional.of(Money.ZERO);
    }

    @Override
    public ModelAnswer call(ModelRequest request, LongConsumer tokensSoFar)
            throws InterruptedException {
        if (request.layout().purpose() == Layout.Purpose.COMPACTION) {
            return said(request, summary(request), null, tokensSoFar);
        }
        try {
            return switch (request.rehearsal()) {
                case Rehearsal.Recording recording ->
                        said(request, replay(request, recording), null, tokensSoFar);
                case Rehearsal.Script script -> follow(request, script, tokensSoFar);
                case null -> said(request, plain(request), null, tokensSoFar);
            };
        } catch (Script.Faulty e) {
            return failed(
                    request,
                    Kind.INVALID,
                    "the rehearsal of " + request.agent() + " cannot go on: " + e.why(),
                    null);
        }
    }

    private static ModelAnswer follow(
            ModelRequest request, Rehearsal.Script script, LongConsumer tokensSoFar)
            throws Script.Faulty, InterruptedException {
        var evaluation = new Script(request);
        var reply = evaluation.choose(script);
        if (reply.isEmpty()) {
            return said(request, plain(request), null, tokensSoFar);
        }
        var fault = reply.get().fault();
        if (fault != null && isDue(request, fault)) {
            return onOrder(request, fault, tokensSoFar);
        }
        var message = evaluation.message(reply.get());
        return said(
                request,
                message.isPresent() ? message.get() : plain(request),
                reply.get().tokensPerSecond(),
                tokensSoFar);
    }

    /// A failed attempt is tried again within its turn; a wrong answer is shown to the model in a
    /// new turn, so those are counted in the conversation.
    private static boolean isDue(ModelRequest request, Rehearsal.Fault fault) {
        return fault.kind().equals("wrong_schema")
                ? Transcript.timesSaid(request, WRONG) < fault.times()
                : request.attempt() <= fault.times();
    }

    private static ModelAnswer onOrder(
            ModelRequest request, Rehearsal.Fault fault, LongConsumer tokensSoFar)
            throws Script.Faulty, InterruptedException {
        var delay =
                fault.retryAfterMillis() == null
                        ? null
                        : Duration.ofMillis(fault.retryAfterMillis());
        return switch (fault.kind()) {
            case "rate_limited" -> failed(request, Kind.RATE_LIMITED, "a rate limit", delay);
            case "overloaded" -> failed(request, Kind.OVERLOADED, "an overloaded provider", delay);
            case "server_error" ->
                    failed(request, Kind.UNAVAILABLE, "a fault of the server", delay);
            case "timed_out" -> failed(request, Kind.TIMED_OUT, "a time-out", delay);
            case "cut" -> failed(request, Kind.CUT, "a stream cut in the middle", delay);
            case "garbage" -> failed(request, Kind.GARBAGE, "an unreadable answer", delay);
            case "wrong_schema" ->
                    said(request, Message.of(Message.Role.ASSISTANT, WRONG), null, tokensSoFar);
            default -> throw new Script.Faulty("it orders an unknown fault: " + fault.kind());
        };
    }

    private static Message replay(ModelRequest request, Rehearsal.Recording recording)
            throws Script.Faulty {
        var replies = recording.messages();
        if (request.turn() > replies.size()) {
            throw new Script.Faulty(
                    "the recording has "
                            + replies.size()
                            + " replies, and turn "
                            + request.turn()
                            + " needs one more: the agent took another way than when it was"
                            + " recorded");
        }
        try {
            return Json.mapper().treeToValue(replies.get(request.turn() - 1), Message.class);
        } catch (JacksonException e) {
            throw new Script.Faulty("reply " + request.turn() + " of the recording is no message");
        }
    }

    /// Scripts and recordings are of turns, and a summary is none.
    private static Message summary(ModelRequest request) {
        return Message.of(
                Message.Role.ASSISTANT,
                "rehearsal: nobody summed up the "
                        + (request.messages().size() - 1)
                        + " messages before turn "
                        + request.turn()
                        + ".");
    }

    private static Message plain(ModelRequest request) {
        var schema = request.answer();
        return Message.of(
                Message.Role.ASSISTANT, schema == null ? PLAIN : Json.write(Sample.of(schema)));
    }

    private static ModelAnswer said(
            ModelRequest request,
            Message message,
            @Nullable Integer tokensPerSecond,
            LongConsumer tokensSoFar)
            throws InterruptedException {
        var usage = new Usage(Estimate.input(request), 0, 0, Estimate.output(message), 0);
        var pace = new Pace(tokensPerSecond, request.timeout(), tokensSoFar);
        if (!pace.speak(usage.output(), message.text())) {
            return failed(request, Kind.TIMED_OUT, "tokens too slow for the time it had", null);
        }
        return new ModelAnswer.Reply(
                REHEARSAL,
                REHEARSAL,
                message,
                message.toolUses().isEmpty() ? Stop.END : Stop.TOOL_USE,
                usage,
                Money.ZERO,
                pace.firstToken(),
                pace.total());
    }

    private static ModelAnswer failed(
            ModelRequest request, Kind kind, String what, @Nullable Duration retryAfter) {
        var onOrder = kind == Kind.INVALID ? what : "rehearsed on order: " + what;
        return new ModelAnswer.Failure(
                REHEARSAL,
                REHEARSAL,
                kind,
                onOrder,
                retryAfter,
                kind == Kind.CUT ? new Usage(Estimate.input(request), 0, 0, 0, 0) : Usage.NONE,
                Money.ZERO);
    }
}
