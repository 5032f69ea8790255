package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.settings.Settings.Route;
import dev.remit.gateway.provider.Provider;
import dev.remit.gateway.provider.Providers;
import dev.remit.gateway.route.Plan;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Goes from target to target of a route, until one answers well or none is left that could.
///
/// @param errands what each of them is asked for
record Attempts(
        Relay.Parts parts,
        Call call,
        Route route,
        Providers providers,
        Function<Leg, Errand> errands) {
    private static final int MOST = 8;

    Result run() throws InterruptedException {
        var plan = parts.targets().plan(route, call);
        var left = new ArrayDeque<>(plan.candidates());
        Missed worst = null;
        var number = 0;
        while (!left.isEmpty() && number < MOST) {
            var candidate = left.remove();
            var provider = providers.find(candidate.target().provider()).orElse(null);
            if (provider == null) {
                continue;
            }
            if (number > 0 && !call.timeLeft(route.total()).isPositive()) {
                break;
            }
            var tried = attempt(candidate, provider, ++number, left.isEmpty());
            if (tried instanceof Tried.Good(var result)) {
                return result;
            }
            worst = better(worst, ((Tried.Bad) tried).missed());
            if (worst.reach() == Missed.Reach.REQUEST) {
                break;
            }
            if (worst.reach() == Missed.Reach.WINDOW) {
                left.retainAll(plan.larger(candidate));
            }
        }
        return none(plan, worst);
    }

    private Tried attempt(Plan.Candidate candidate, Provider provider, int number, boolean last)
            throws InterruptedException {
        var target = candidate.target();
        return switch (parts.targets().begin(route, target, call, last)) {
            case Targets.Turn.Full(var error) ->
                    new Tried.Bad(
                            new Missed(
                                    error,
                                    null,
                                    Missed.Reach.ANSWER,
                                    ModelAnswer.Kind.RATE_LIMITED,
                                    error.retryAfter()));
            case Targets.Turn.Yours(var trial) -> {
                var leg = new Leg(parts, call, route, target, provider, trial, number);
                yield new Attempting(leg, errands.apply(leg)).run();
            }
        };
    }

    /// What the client is told is the trouble that he can do something about, rather than the last.
    private static Missed better(@Nullable Missed before, Missed now) {
        if (before != null
                && before.reach() == Missed.Reach.BUDGET
                && now.reach() != Missed.Reach.BUDGET
                && now.reach() != Missed.Reach.REQUEST) {
            return before;
        }
        return now;
    }

    private Result none(Plan plan, @Nullable Missed worst) {
        var refusal = new Refusal(parts, call);
        if (worst == null) {
            var until = plan.retryAfter();
            return refusal.of(
                    route.name(),
                    until == null
                            ? Refusal.nowhere(route)
                            : plan.isLimited()
                                    ? Refusal.limited(route, until)
                                    : Refusal.resting(route, until));
        }
        return worst.reach() == Missed.Reach.BUDGET
                ? refusal.of(route.name(), worst.error())
                : new Result.Failed(worst.error(), worst.original(), Map.of());
    }
}
