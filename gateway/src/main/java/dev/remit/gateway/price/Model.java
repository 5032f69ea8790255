package dev.remit.gateway.price;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the list knows of a model.
///
/// @param seller such as `anthropic` or `amazon-bedrock`
/// @param name as the seller calls it
/// @param price absent: none that can be reckoned with
/// @param context tokens of prompt and answer together; absent: not known
/// @param maxOutput the most it writes, in tokens; absent: not known
/// @param tools whether it calls tools
public record Model(
        String seller,
        String name,
        @Nullable Price price,
        @Nullable Long context,
        @Nullable Long maxOutput,
        boolean tools,
        boolean reasoning) {
    public Optional<Price> knownPrice() {
        return Optional.ofNullable(price);
    }

    @Override
    public String toString() {
        return seller + "/" + name;
    }
}
