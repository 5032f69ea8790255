package dev.remit.core.tool;

import dev.remit.core.money.Money;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Quantities;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;

/// Reads the price of a tool: an amount for each use, or the most that a use comes to and where its
/// result tells what it came to.
public final class PriceFields {
    /// What a price may say that is no plain amount.
    public static final Set<String> KEYS = Set.of("at_most", "reported", "each");

    private static final Money DOLLAR = new Money(1_000_000);

    private PriceFields() {}

    /// @return absent if there is none, or, with a fault, if it is none
    public static @Nullable ToolPrice read(Fields fields, String key) {
        var value = fields.get(key);
        if (value == null || !value.isObject()) {
            var each = fields.money(key);
            return each == null ? null : ToolPrice.of(each);
        }
        return fields.object(key, KEYS).map(PriceFields::reported).orElse(null);
    }

    private static @Nullable ToolPrice reported(Fields price) {
        if (!price.has("at_most")) {
            price.missing("at_most", "the most that one use comes to, " + Quantities.MONEY);
        }
        var most = price.money("at_most");
        var at =
                price.required(
                        "reported", "where the result tells what a use cost, such as /usage/cost");
        if (at != null && !isPointer(at)) {
            price.fault(
                    "reported",
                    "`" + at + "` names no place in a result",
                    "a JSON Pointer, such as /usage/cost");
            return null;
        }
        var each = price.money("each");
        return most == null || at == null
                ? null
                : new ToolPrice(
                        most, new ToolPrice.Reported(at, Objects.requireNonNullElse(each, DOLLAR)));
    }

    private static boolean isPointer(String text) {
        try {
            return text.startsWith("/")
                    && text.length() <= 200
                    && JsonPointer.compile(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
