package dev.remit.server.api;

import dev.remit.core.money.Money;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/// Amounts as people write them.
final class Budgets {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?) USD");

    private Budgets() {}

    /// @throws dev.remit.http.server.Problem 422 if it is not such as `0.50 USD`, and more than 0
    static Money read(String text) {
        var parts = AMOUNT.matcher(text.strip());
        if (parts.matches()) {
            var amount = Money.ofUnits(new BigDecimal(parts.group(1)));
            if (amount.isMoreThan(Money.ZERO)) {
                return amount;
            }
        }
        throw Problems.unusable("a budget is an amount above 0, such as 0.50 USD");
    }
}
