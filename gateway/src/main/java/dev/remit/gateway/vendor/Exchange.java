package dev.remit.gateway.vendor;

import dev.remit.core.json.Json;
import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.model.ModelProvider.Listening;
import dev.remit.core.money.Usage;
import dev.remit.gateway.vendor.Protocol.Asked;
import dev.remit.gateway.vendor.Protocol.Reading;
import dev.remit.gateway.wire.Delay;
import dev.remit.gateway.wire.Words;
import dev.remit.http.client.Request;
import dev.remit.http.client.Response;
import dev.remit.http.client.Timeouts;
import dev.remit.http.client.Upstream;
import dev.remit.http.client.UpstreamException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends one request to a vendor and reads what comes.
///
/// @param key to be sent; absent: none
/// @param server for people, such as `Anthropic` or the address of a compatible server
record Exchange(
        Upstream upstream,
        Protocol protocol,
        Patience patience,
        InstantSource clock,
        @Nullable String key,
        String server) {
    private static final int ERROR_BYTES = 64 * 1024;
    private static final int EVENT_BYTES = 8 * 1024 * 1024;
    private static final int PROGRESS = 16;
    private static final Duration LAST_WORDS = Duration.ofMillis(200);

    /// The server refused, with a status that says the request itself is at fault.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final transient CallFailed failure;

        Refused(String words, CallFailed failure) {
            super(words, null, false, false);
            this.failure = failure;
        }

        String words() {
            return String.valueOf(getMessage());
        }

        CallFailed failure() {
            return failure;
        }
    }

    /// @param firstToken from sending
    record Received(Draft draft, Duration firstToken, Duration total) {}

    /// @param left of the time that the call may take
    Received call(Asked asked, ObjectNode body, Duration left, LongConsumer tokensSoFar)
            throws CallFailed, Refused, InterruptedException {
        var start = System.nanoTime();
        var reading = protocol.reading(asked);
        var request =
                request("POST", asked.endpoint().at(protocol.path()), left)
                        .header("Accept", "text/event-stream")
                        .body(Json.mapper().writeValueAsBytes(body), "application/json");
        try (var response = upstream.send(request)) {
            if (response.status() / 100 != 2) {
                throw refusal(response);
            }
            response.within(patience.firstToken());
            var first =
                    response.mediaType().equals("application/json")
                            ? whole(response, reading, start)
                            : stream(response, reading, asked, start, tokensSoFar);
            tokensSoFar.accept(reading.draft().tokensSoFar());
            return new Received(reading.draft(), first, since(start));
        } catch (UpstreamException e) {
            throw ErrorReading.ofTransport(e, reading.draft().usage());
        }
    }

    private Duration whole(Response response, Reading reading, long start)
            throws CallFailed, UpstreamException, InterruptedException {
        var body = response.body(EVENT_BYTES);
        var first = since(start);
        reading.takeWhole(json(body));
        if (!reading.draft().ended()) {
            throw CallFailed.lost(
                    Kind.GARBAGE,
                    server + " answered with JSON that is no answer of a model",
                    null,
                    reading.draft().usage());
        }
        return first;
    }

    private Duration stream(
            Response response, Reading reading, Asked asked, long start, LongConsumer tokensSoFar)
            throws CallFailed, UpstreamException, InterruptedException {
        var draft = reading.draft();
        var events = response.events(EVENT_BYTES, streamBytes(asked));
        Duration first = null;
        var told = 0L;
        var heard = 0;
        while (!draft.ended()) {
            var event = events.next();
            if (event == null) {
                break;
            }
            if (reading.take(event)) {
                first = first == null ? since(start) : first;
                response.within(patience.stall());
            }
            if (draft.tokensSoFar() >= told + PROGRESS) {
                told = draft.tokensSoFar();
                tokensSoFar.accept(told);
            }
            if (tokensSoFar instanceof Listening listening) {
                heard = draft.tell(listening, heard);
            }
        }
        if (draft.ended()) {
            response.finish(LAST_WORDS);
        }
        if (draft.stop() == null || (!draft.ended() && asked.endpoint().vendor())) {
            throw CallFailed.lost(
                    draft.ended() ? Kind.GARBAGE : Kind.CUT,
                    server + " ended its answer before it was whole",
                    null,
                    draft.usage());
        }
        return first == null ? since(start) : first;
    }

    /// Each token comes in an event of its own, with much around it.
    private static long streamBytes(Asked asked) {
        return Math.min(256L << 20, (4L << 20) + 2048L * asked.request().maxOutputTokens());
    }

    /// Asks for something that is no model call.
    JsonNode get(URI uri, Duration left) throws CallFailed, InterruptedException {
        try (var response = upstream.send(request("GET", uri, left))) {
            if (response.status() / 100 != 2) {
                throw refusal(response);
            }
            return json(response.body(EVENT_BYTES));
        } catch (UpstreamException e) {
            throw CallFailed.unbilled(
                    ErrorReading.ofTransport(e, Usage.NONE).kind(), String.valueOf(e.getMessage()));
        } catch (Refused e) {
            throw e.failure();
        }
    }

    private JsonNode json(byte[] body) throws CallFailed {
        try {
            return Json.parse(body);
        } catch (JacksonException e) {
            var text = new String(body, StandardCharsets.UTF_8);
            throw CallFailed.lost(
                    Kind.GARBAGE,
                    server + " answered with what is no JSON: " + said(Words.brief(text)),
                    null,
                    Usage.NONE);
        }
    }

    private Request request(String method, URI uri, Duration left) {
        var silence = patience.firstToken().compareTo(left) < 0 ? patience.firstToken() : left;
        var request = Request.of(method, uri, new Timeouts(silence, left));
        for (var header : protocol.headers(key).entrySet()) {
            request = request.header(header.getKey(), header.getValue());
        }
        return request;
    }

    private Refused refusal(Response response)
            throws CallFailed, UpstreamException, InterruptedException {
        var status = response.status();
        var body = new String(response.body(ERROR_BYTES), StandardCharsets.UTF_8);
        var failure =
                ErrorReading.ofStatus(
                        status,
                        server,
                        status == 401 ? "" : said(Words.ofError(body)), // it may quote the key
                        protocol.keyVariable(),
                        body.toLowerCase(Locale.ROOT).contains("insufficient_quota"),
                        Delay.of(name -> response.header(name).orElse(null), clock.instant()));
        if (status == 400 || status == 422) {
            return new Refused(body, failure);
        }
        throw failure;
    }

    private String said(String text) {
        return Words.clean(text, key);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
