package dev.remit.server.gateway;

import dev.remit.core.identity.LiveKey;
import dev.remit.core.identity.Permission;
import dev.remit.gateway.relay.Call;
import dev.remit.gateway.relay.Flow;
import dev.remit.gateway.relay.Relay;
import dev.remit.gateway.relay.Result;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.CountTokens;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Garbage;
import dev.remit.gateway.wire.GatewayError;
import dev.remit.gateway.wire.GeminiEmbeddings;
import dev.remit.http.server.Broken;
import dev.remit.http.server.ByteSink;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Model calls in one dialect, from the request to the last byte of the answer.
final class ChatEndpoint {
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream; charset=utf-8";
    private static final long LONGEST_CACHE = Duration.ofDays(7).toSeconds();

    private final Relay relay;
    private final Codec codec;

    ChatEndpoint(Relay relay, Dialect dialect) {
        this.relay = relay;
        this.codec = Codec.of(dialect);
    }

    Reply answer(Exchange exchange, Codec.InPath path) throws InterruptedException {
        var key = Callers.of(exchange);
        if (!key.key().may(Permission.MODELS_USE)) {
            return forbidden();
        }
        var body = exchange.body();
        try {
            var call = relay.open(asked(exchange, path), Attribution.of(exchange, key), body);
            watch(call, exchange, key);
            return answered(call, path, relay::run);
        } catch (BadRequest e) {
            return error(GatewayError.of(GatewayError.Kind.INVALID, e.why()), Map.of());
        }
    }

    /// Vectors of texts, in OpenAI's form.
    Reply embed(Exchange exchange) throws InterruptedException {
        var key = Callers.of(exchange);
        if (!key.key().may(Permission.MODELS_USE)) {
            return forbidden();
        }
        var body = exchange.body();
        try {
            var call =
                    relay.openEmbedding(
                            asked(exchange, Codec.InPath.NOTHING),
                            Attribution.of(exchange, key),
                            body);
            watch(call, exchange, key);
            return answered(call, Codec.InPath.NOTHING, relay::embed);
        } catch (BadRequest e) {
            return error(GatewayError.of(GatewayError.Kind.INVALID, e.why()), Map.of());
        }
    }

    /// Vectors of texts, in Google's form.
    Reply embed(Exchange exchange, String model, boolean batch) throws InterruptedException {
        var key = Callers.of(exchange);
        if (!key.key().may(Permission.MODELS_USE)) {
            return forbidden();
        }
        var body = exchange.body();
        try {
            var call =
                    relay.openEmbedding(
                            asked(exchange, Codec.InPath.NOTHING),
                            Attribution.of(exchange, key),
                            body,
                            GeminiEmbeddings.read(body, model, batch));
            watch(call, exchange, key);
            return answered(call, Codec.InPath.NOTHING, made -> inGemini(relay.embed(made), batch));
        } catch (BadRequest e) {
            return error(GatewayError.of(GatewayError.Kind.INVALID, e.why()), Map.of());
        }
    }

    private static Result inGemini(Result result, boolean batch) {
        if (!(result instanceof Result.Whole(var answer, var raw, var headers)) || raw == null) {
            return result;
        }
        try {
            return new Result.Whole(answer, GeminiEmbeddings.write(raw, batch), headers);
        } catch (Garbage e) {
            return new Result.Failed(
                    GatewayError.of(GatewayError.Kind.UPSTREAM, e.why()), null, headers);
        }
    }

    /// A client that goes, or whose key is revoked, ends its call.
    private static void watch(Call call, Exchange exchange, LiveKey key) {
        exchange.onHangUp(() -> call.cancel(Call.Cancelled.BY_CLIENT));
        var watch = key.onRevoked(() -> call.cancel(Call.Cancelled.KEY_REVOKED));
        call.onOver(watch::close);
    }

    /// How many tokens a prompt has.
    Reply count(Exchange exchange, Codec.InPath path) throws InterruptedException {
        var key = Callers.of(exchange);
        if (!key.key().may(Permission.MODELS_USE)) {
            return forbidden();
        }
        try {
            var caller = Attribution.of(exchange, key);
            var count = relay.count(codec.dialect(), exchange.body(), path, caller);
            return new Reply.Bytes(
                    200,
                    count.estimated() ? Map.of(CountTokens.ESTIMATED, "true") : Map.of(),
                    JSON,
                    count.body());
        } catch (BadRequest e) {
            return error(GatewayError.of(GatewayError.Kind.INVALID, e.why()), Map.of());
        }
    }

    private Reply forbidden() {
        return error(
                GatewayError.of(
                        GatewayError.Kind.FORBIDDEN,
                        "this key may not use models: it lacks " + Permission.MODELS_USE),
                Map.of());
    }

    private Call.Asked asked(Exchange exchange, Codec.InPath path) throws BadRequest {
        return new Call.Asked(
                codec.dialect(),
                path,
                Forwarded.of(exchange),
                cacheFor(exchange),
                exchange.header("traceparent").orElse(null));
    }

    /// `X-Remit-Cache: 60` lets an answer be given again for a minute, `0` forbids it.
    private static @Nullable Duration cacheFor(Exchange exchange) throws BadRequest {
        var said = exchange.header("X-Remit-Cache").orElse(null);
        if (said == null) {
            return null;
        }
        try {
            var seconds = Long.parseLong(said.strip());
            if (seconds >= 0 && seconds <= LONGEST_CACHE) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // said below, for both cases
        }
        throw new BadRequest("X-Remit-Cache is expected to be seconds from 0 to " + LONGEST_CACHE);
    }

    /// How a call is made.
    private interface Making {
        Result of(Call call) throws InterruptedException;
    }

    private Reply answered(Call call, Codec.InPath path, Making making)
            throws InterruptedException {
        Result result;
        try {
            result = making.of(call);
        } catch (InterruptedException e) {
            var why = call.cancelled();
            if (why == null) {
                throw e;
            }
            return error(Relay.ended(why), Map.of());
        }
        return switch (result) {
            case Result.Failed(var error, var original, var headers) ->
                    original == null
                            ? error(error, headers)
                            : new Reply.Bytes(
                                    original.status(), transport(headers), JSON, original.body());
            case Result.Whole(var answer, var raw, var headers) ->
                    new Reply.Bytes(
                            200,
                            transport(headers),
                            JSON,
                            raw == null ? codec.writeAnswer(answer, call.facts()) : raw);
            case Result.Flowing(var flow, var headers) ->
                    new Reply.Stream(
                            200,
                            streaming(headers),
                            path.sse() || codec.dialect() != Dialect.GEMINI ? EVENTS : JSON,
                            sink -> pump(call, flow, sink));
        };
    }

    private void pump(Call call, Flow flow, ByteSink sink) throws IOException {
        if (!relay.pump(call, flow).run(sink::write)) {
            throw new Broken("the provider's answer broke off");
        }
    }

    private Reply error(GatewayError error, Map<String, String> headers) {
        var all = new HashMap<>(transport(headers));
        all.putAll(codec.errorHeaders(error));
        return new Reply.Bytes(codec.status(error), all, JSON, codec.writeError(error));
    }

    /// The SDKs look for the call's id under their vendor's name.
    private Map<String, String> transport(Map<String, String> headers) {
        var id = headers.get("x-remit-call");
        if (id == null) {
            return headers;
        }
        var all = new HashMap<>(headers);
        all.put(codec.dialect() == Dialect.ANTHROPIC ? "request-id" : "x-request-id", id);
        return all;
    }

    private Map<String, String> streaming(Map<String, String> headers) {
        var all = new HashMap<>(transport(headers));
        all.put("Cache-Control", "no-cache");
        all.put("X-Accel-Buffering", "no");
        return all;
    }
}
