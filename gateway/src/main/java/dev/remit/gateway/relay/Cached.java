package dev.remit.gateway.relay;

import dev.remit.core.money.Attempt;
import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.settings.Settings.Route;
import dev.remit.gateway.cache.AnswerCache;
import dev.remit.gateway.cache.CacheKey;
import dev.remit.gateway.cache.Kept;
import dev.remit.gateway.telemetry.Telemetry;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.Dialect;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The cache as one call sees it. Answers are shared within a team, and of keys without one within
/// the key alone.
///
/// @param key absent: this call neither takes nor gives
record Cached(
        AnswerCache cache,
        Relay.Parts parts,
        Call call,
        Route route,
        @Nullable CacheKey key,
        Duration ttl) {
    private static final Map<String, String> MISS = Map.of("x-remit-cache", "miss");

    static Cached of(AnswerCache cache, Relay.Parts parts, Call call, Route route) {
        var asked = call.asked().cacheFor();
        var ttl = asked == null ? route.cache() : asked;
        var dialect = call.asked().dialect();
        if (ttl == null || ttl.isZero() || dialect == null) {
            return new Cached(cache, parts, call, route, null, Duration.ZERO);
        }
        var who = call.caller().who();
        var scope = who.team() == null ? "key:" + who.key() : "team:" + who.team();
        var key = CacheKey.of(scope, route.name(), "chat", dialect, call.body()).orElse(null);
        return new Cached(cache, parts, call, route, key, ttl);
    }

    /// An answer that was given before.
    Optional<Result> find(Telemetry telemetry) {
        if (key == null) {
            return Optional.empty();
        }
        var kept = cache.find(key, ttl);
        telemetry.figures().looked(kept.isPresent());
        return kept.flatMap(Kept::answer).map(answer -> given(kept.get(), answer));
    }

    private Result given(Kept kept, ChatAnswer answer) {
        parts.ledger().record(row(kept, answer));
        var headers =
                Map.of(
                        "x-remit-cache", "hit",
                        "x-remit-target", kept.provider(),
                        "x-remit-cost", Money.ZERO.toString());
        var origin = call.asked().dialect();
        return call.facts().stream()
                ? new Result.Flowing(
                        new WholeFlow(answer, origin == null ? Dialect.OPENAI_CHAT : origin),
                        headers)
                : new Result.Whole(answer, kept.body().map(Kept.Body::bytes).orElse(null), headers);
    }

    private Attempt row(Kept kept, ChatAnswer answer) {
        var slash = kept.provider().indexOf('/');
        return new Attempt(
                call.id(),
                1,
                call.at(),
                call.caller().who(),
                new Attempt.Target(
                        route.name(),
                        kept.provider().substring(0, slash),
                        kept.provider().substring(slash + 1),
                        answer.model()),
                Usage.NONE,
                Money.ZERO,
                true,
                kept.cost(),
                Words.wire(call),
                call.facts().stream(),
                call.elapsed(),
                call.elapsed(),
                End.CACHED,
                null,
                null,
                null);
    }

    /// Keeps a good answer for the next one who asks the same.
    Result keep(Result result) {
        var target = result.headers().get("x-remit-target");
        if (key == null || target == null) {
            return result;
        }
        return switch (result) {
            case Result.Whole(var answer, var raw, var headers) -> {
                put(answer, raw, target);
                yield new Result.Whole(answer, raw, headers).with(MISS);
            }
            case Result.Flowing(var flow, var headers) ->
                    new Result.Flowing(
                                    new Watched(flow, null, answer -> put(answer, null, target)),
                                    headers)
                            .with(MISS);
            case Result.Failed failed -> failed;
        };
    }

    private void put(ChatAnswer answer, byte @Nullable [] raw, String target) {
        if (key == null) {
            return;
        }
        var body = Optional.ofNullable(raw).map(bytes -> new Kept.Body(bytes, "application/json"));
        cache.put(
                key,
                new Kept(Optional.of(answer), body, target, call.spent(), parts.clock().instant()),
                ttl);
    }
}
