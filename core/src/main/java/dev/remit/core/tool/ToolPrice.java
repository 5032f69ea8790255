package dev.remit.core.tool;

import dev.remit.core.money.Money;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What one use of a tool costs.
///
/// @param atMost the price of each use; where the tool tells what a use came to, the most that it
///   can come to
/// @param reported where it tells so; absent: every use costs the same
public record ToolPrice(Money atMost, @Nullable Reported reported) {
    /// Nobody is billed more than this for one use; what claims it is no number to go by.
    private static final BigDecimal ABSURD = BigDecimal.valueOf(1_000_000_000);

    /// @param at JSON Pointer into the result, to a number
    /// @param each what one of it is worth
    public record Reported(String at, Money each) {}

    /// @param certain whether it is what the tool says or its fixed price, rather than a bound
    public record Cost(Money amount, boolean certain) {}

    /// The same price for every use.
    public static ToolPrice of(Money each) {
        return new ToolPrice(each, null);
    }

    /// What an attempt came to. What is not known is taken to be the most.
    public Cost cost(Ended end) {
        return switch (end) {
            case Ended.Done done -> done(done.result().value());
            case Ended.Failed failed -> new Cost(Money.ZERO, true);
            case Ended.Unknown unknown -> new Cost(atMost, false);
        };
    }

    private Cost done(JsonNode result) {
        if (reported == null) {
            return new Cost(atMost, true);
        }
        var number = number(result.at(reported.at()));
        if (number == null) {
            return new Cost(atMost, false);
        }
        var units = number.multiply(BigDecimal.valueOf(reported.each().micros(), 6));
        return units.compareTo(ABSURD) > 0
                ? new Cost(atMost, false)
                : new Cost(Money.ofUnits(units), true);
    }

    private static @Nullable BigDecimal number(JsonNode value) {
        BigDecimal number;
        try {
            number =
                    value.isNumber()
                            ? value.decimalValue()
                            : new BigDecimal(value.asString("").strip());
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
        boolean usable =
                number.signum() >= 0 && number.scale() < 100 && number.compareTo(ABSURD) <= 0;
        return usable ? number : null;
    }
}
