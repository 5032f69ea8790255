package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.provider.Provider;
import dev.remit.gateway.wire.GatewayError;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One leg of a call's way: an attempt at one target.
///
/// @param number from 1, of this call
record Leg(
        Relay.Parts parts,
        Call call,
        Route route,
        Target target,
        Provider provider,
        Trial trial,
        int number) {

    /// The target, for people.
    String where() {
        return target.toString();
    }

    Tried refused(GatewayError error) {
        return bad(Missed.request(error));
    }

    Tried bad(Missed missed) {
        trial.missed(missed);
        return new Tried.Bad(missed);
    }

    /// What came makes no sense.
    Tried garbage(String why) {
        trial.failed(ModelAnswer.Kind.GARBAGE, null);
        return new Tried.Bad(Missed.answer(why));
    }

    /// A check of the route says nothing about the health of a target that was tried as a cheap
    /// one.
    Tried notGood(String fault) {
        if (route.strategy() == Route.Strategy.ESCALATE) {
            trial.dropped();
        } else {
            trial.failed(ModelAnswer.Kind.GARBAGE, null);
        }
        return new Tried.Bad(Missed.answer(where() + ": " + fault));
    }

    void firstTokenCame(Account account) {
        account.firstTokenCame();
        trial.firstTokenCame();
    }

    /// Headers of an answer.
    ///
    /// @param lowered the cap that the budget allowed; absent: as it was asked for
    Map<String, String> headers(@Nullable Integer lowered) {
        var headers = new HashMap<String, String>();
        headers.put("x-remit-target", where());
        headers.put("x-remit-attempt", Integer.toString(number));
        if (lowered != null) {
            headers.put("x-remit-output-cap", Integer.toString(lowered));
        }
        return headers;
    }
}
