package dev.remit.gateway.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Facts as they are found, one by one.
final class Found {
    @Nullable String model;
    boolean stream;
    boolean usageInStream;
    @Nullable Integer maxOutput;
    int answers = 1;
    int turns;
    int tools;
    final Media.Counting media = new Media.Counting();
    boolean structured;
    @Nullable String serviceTier;
    boolean bounded = true;
    boolean longCache;
    @Nullable String user;
    Map<String, String> metadata = Map.of();
    final Prefix prefix = new Prefix();

    /// @param bytes of the body
    /// @throws BadRequest if there is no model
    Facts facts(int bytes) throws BadRequest {
        var named = model;
        if (named == null || named.isBlank()) {
            throw new BadRequest("`model` is missing: name a route, or provider/model.");
        }
        return new Facts(
                named,
                stream,
                usageInStream,
                maxOutput,
                answers,
                turns,
                tools,
                media.found(),
                structured,
                serviceTier,
                bounded,
                user,
                metadata,
                prefix.value(),
                bytes,
                longCache);
    }
}
