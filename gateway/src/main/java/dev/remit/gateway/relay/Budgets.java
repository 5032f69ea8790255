package dev.remit.gateway.relay;

import dev.remit.core.money.Ledger;
import dev.remit.core.money.Money;
import dev.remit.gateway.wire.GatewayError;
import java.util.LinkedHashMap;
import java.util.Map;

/// Says why a budget refuses.
final class Budgets {
    private Budgets() {}

    static Missed refusal(Ledger.Refused refused, Bound bound, String where) {
        var details = new LinkedHashMap<String, String>();
        details.put("scope", refused.rule().scope().toString());
        details.put("window", refused.rule().window().toString());
        details.put("limit", refused.rule().limit().toString());
        details.put("spent", refused.spent().toString());
        details.put("left", refused.left().toString());
        details.put("needed", bound.least().toString());
        var renews = refused.renews();
        if (renews != null) {
            details.put("renews", renews.toString());
        }
        var message =
                "the budget of "
                        + refused.rule()
                        + " is used up: this call to "
                        + where
                        + " may cost up to "
                        + bound.least()
                        + " USD, and "
                        + refused.left()
                        + " USD are left"
                        + (renews == null ? "" : " until " + renews)
                        + "; set a smaller cap, or have the budget raised";
        return Missed.budget(
                new GatewayError(GatewayError.Kind.BUDGET, message, null, false, details));
    }

    /// What the caller itself has set aside for the call is not enough for one more attempt.
    static Missed ownRefusal(Bound bound, Money spent, String where) {
        var message =
                "another attempt, at "
                        + where
                        + ", may cost up to "
                        + bound.least()
                        + " USD; "
                        + spent
                        + " USD of what was reserved for this call are spent";
        return Missed.budget(
                new GatewayError(GatewayError.Kind.BUDGET, message, null, false, Map.of()));
    }
}
