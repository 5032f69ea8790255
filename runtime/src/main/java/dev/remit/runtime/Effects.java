package dev.remit.runtime;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.model.Layout;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.money.Usage;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import dev.remit.core.tool.Tier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one driver has under way. Every effect ends in a signal; where the driver is gone by then,
/// the end of an action is kept beside the log, for whoever comes next.
final class Effects {
    private static final Logger LOG = LoggerFactory.getLogger(Effects.class);

    private final Parts parts;
    private final Workers workers;
    private final SessionId session;
    private final Signals signals;
    private final Map<ActionId, Under> actions = new HashMap<>();
    private Workers.@Nullable Task call;

    private record Under(Workers.Task task, boolean interruptible) {}

    Effects(Parts parts, Workers workers, SessionId session, Signals signals) {
        this.parts = parts;
        this.workers = workers;
        this.session = session;
        this.signals = signals;
    }

    /// @param begun the `seq` of the event that says so
    void call(ModelRequest request, ModelProvider.Ready ready, long begun) {
        call =
                workers.start(
                        "model " + session,
                        () ->
                                signals.post(
                                        new Signal.ModelAnswered(
                                                request.turn(),
                                                request.attempt(),
                                                ask(request, ready, begun))));
    }

    private ModelAnswer ask(ModelRequest request, ModelProvider.Ready ready, long begun) {
        try {
            return ready.call(listening(request, begun));
        } catch (InterruptedException e) {
            return failure(request, ModelAnswer.Kind.CANCELLED, "the call was cut");
        } catch (RuntimeException e) {
            LOG.error("model call of session {} failed inside of Remit", session, e);
            return failure(
                    request,
                    ModelAnswer.Kind.GARBAGE,
                    "Remit could not handle the answer (" + e.getClass().getSimpleName() + ")");
        } finally {
            parts.progress().over(session, begun);
        }
    }

    /// A summary that makes room in the prompt is nothing that the agent says to anybody.
    private LongConsumer listening(ModelRequest request, long begun) {
        if (request.layout().purpose() != Layout.Purpose.ANSWER) {
            return tokens -> parts.progress().tokens(session, tokens);
        }
        return new ModelProvider.Listening() {
            @Override
            public void accept(long tokens) {
                parts.progress().tokens(session, tokens);
            }

            @Override
            public void said(String more) {
                parts.progress().said(session, begun, more);
            }
        };
    }

    private static ModelAnswer failure(ModelRequest request, ModelAnswer.Kind kind, String why) {
        var model = request.choice().model();
        return new ModelAnswer.Failure(
                request.choice().provider(),
                model == null ? request.route() : model,
                kind,
                why,
                null,
                Usage.NONE,
                null);
    }

    /// @param toll settled as soon as the end is known; absent: it costs nothing
    void invoke(Invocation invocation, boolean idempotent, @Nullable Toll toll) {
        var id = invocation.action();
        boolean interruptible =
                !id.isUndo() && (idempotent || invocation.tool().tier() == Tier.READ);
        var task =
                workers.start(
                        "hand " + session + " " + id,
                        () -> {
                            var end = use(invocation);
                            leavePlace(invocation);
                            if (toll != null) {
                                toll.settle(end);
                            }
                            var ended = new Signal.HandEnded(id, invocation.attempt(), end);
                            if (!signals.post(ended)) {
                                keep(ended);
                            }
                        });
        actions.put(id, new Under(task, interruptible));
    }

    /// The last gate before an effect: a node that was paused, or that lost its lease, begins
    /// nothing, for by then somebody else may have decided what became of it.
    private Ended use(Invocation invocation) {
        if (!invocation.mayBegin().getAsBoolean()) {
            return Ended.Failed.tooLate();
        }
        try {
            return EarlierResults.isMeant(invocation.tool())
                    ? new EarlierResults(parts.log()).read(invocation)
                    : parts.hands().invoke(invocation);
        } catch (InterruptedException e) {
            return new Ended.Unknown("it was cut off while it ran");
        } catch (RuntimeException e) {
            LOG.error(
                    "action {} of session {} failed inside of Remit",
                    invocation.action(),
                    session,
                    e);
            return new Ended.Unknown(
                    "Remit failed while doing it (" + e.getClass().getSimpleName() + ")");
        }
    }

    /// Keeps an end that this driver may no longer append.
    void keep(Signal.HandEnded ended) {
        parts.log().keep(session, ended.action(), ended.attempt(), ended.end());
    }

    void ended(Signal signal) {
        switch (signal) {
            case Signal.ModelAnswered a -> call = null;
            case Signal.HandEnded h -> actions.remove(h.action());
            case Signal.Woken w -> {}
        }
    }

    /// Cuts what may be cut: the model call, and actions that do no harm when cut. The others are
    /// left to end by themselves, so that their end is known.
    void interrupt() {
        cutCall();
        actions.values().stream().filter(Under::interruptible).forEach(u -> u.task().interrupt());
    }

    void cutCall() {
        var running = call;
        if (running != null) {
            running.interrupt();
        }
    }

    /// The use is over, whoever may still append its end.
    private void leavePlace(Invocation invocation) {
        if (invocation.tool().atOnce() > 0) {
            vacate(List.of(invocation.action()));
        }
    }

    /// A place that cannot be given back now is free when this node has let go of the session.
    void vacate(List<ActionId> places) {
        try {
            parts.log().vacate(session, places);
        } catch (RuntimeException e) {
            LOG.warn("places {} of session {} are not free yet: {}", places, session, e.toString());
        }
    }

    /// Whether nothing is under way.
    boolean isIdle() {
        return call == null && actions.isEmpty();
    }

    /// Whether only things are under way that may be cut without harm.
    boolean isQuiet() {
        return actions.values().stream().allMatch(Under::interruptible);
    }
}
