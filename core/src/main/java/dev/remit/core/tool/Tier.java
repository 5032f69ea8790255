package dev.remit.core.tool;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// How much harm a tool can do, and so who must agree to its use.
public enum Tier {
    READ(1),
    WRITE_WITH_EVIDENCE(2),
    NEEDS_APPROVAL(3),
    PEOPLE_ONLY(4);

    private final int number;

    Tier(int number) {
        this.number = number;
    }

    @JsonValue
    public int number() {
        return number;
    }

    /// @throws IllegalArgumentException if the number is not 1, 2, 3 or 4
    @JsonCreator
    public static Tier of(int number) {
        for (var tier : values()) {
            if (tier.number == number) {
                return tier;
            }
        }
        throw new IllegalArgumentException("a tier is 1, 2, 3 or 4, not " + number);
    }
}
