package dev.remit.gateway.provider;

import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.Settings.PriceOverride;
import dev.remit.gateway.price.PriceBook;
import dev.remit.http.client.Upstream;
import java.time.InstantSource;
import java.util.Map;

/// What providers share.
///
/// @param upstream for tokens that are fetched, not for calls
/// @param overrides prices that the operator set, by `provider/model` or `provider/model@tier`
record Context(
        Secrets secrets,
        PriceBook prices,
        Map<String, PriceOverride> overrides,
        Upstream upstream,
        InstantSource clock) {}
