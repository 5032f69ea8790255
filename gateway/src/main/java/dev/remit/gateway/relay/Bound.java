package dev.remit.gateway.relay;

import dev.remit.core.money.Money;
import dev.remit.gateway.price.Caching;
import dev.remit.gateway.price.Price;

/// The most that an attempt can cost.
///
/// @param price absent prices are not called at all, so there is one
/// @param input the most tokens that the prompt can have
/// @param answers how many alternatives are wanted
/// @param cap of each answer, in tokens
/// @param caching what of the prompt the provider is asked to keep
/// @param media whether there is sound in it
/// @param fixed whether the client set the cap, so that it cannot be lowered
record Bound(
        Price price,
        long input,
        int answers,
        long cap,
        Caching caching,
        boolean media,
        boolean fixed) {
    /// Below this an answer is of no use to anybody.
    private static final long LEAST_CAP = 256;

    Money most() {
        return at(cap);
    }

    Money least() {
        return fixed ? most() : at(Math.min(cap, LEAST_CAP));
    }

    /// The largest cap that this much money is enough for.
    long capFor(Money amount) {
        long fits = 0;
        long beyond = cap + 1;
        while (beyond - fits > 1) {
            var middle = fits + (beyond - fits) / 2;
            if (at(middle).isMoreThan(amount)) {
                beyond = middle;
            } else {
                fits = middle;
            }
        }
        return fits;
    }

    private Money at(long output) {
        return price.bound(input, Math.multiplyExact(output, answers), caching, media);
    }
}
