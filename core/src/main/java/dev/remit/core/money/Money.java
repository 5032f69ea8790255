package dev.remit.core.money;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// An amount in millionths of the ledger's currency. Never a floating-point number.
public record Money(@JsonValue long micros) implements Comparable<Money> {
    public static final Money ZERO = new Money(0);

    @JsonCreator
    public Money {
        if (micros < 0) {
            throw new IllegalArgumentException("negative amount: " + micros);
        }
    }

    /// Rounds up, so that a bound stays a bound.
    public static Money ofUnits(BigDecimal units) {
        return new Money(
                units.movePointRight(6).setScale(0, RoundingMode.CEILING).longValueExact());
    }

    public Money plus(Money other) {
        return new Money(Math.addExact(micros, other.micros));
    }

    public boolean isMoreThan(Money other) {
        return micros > other.micros;
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(micros, other.micros);
    }

    /// As people write it: `0.0123`, at least two digits behind the point, at most six.
    @Override
    public String toString() {
        var units = BigDecimal.valueOf(micros, 6).stripTrailingZeros();
        return (units.scale() < 2 ? units.setScale(2) : units).toPlainString();
    }
}
