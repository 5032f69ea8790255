package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import tools.jackson.databind.JsonNode;

/// Answers one request.
final class Answering {
    private static final AtomicLong NUMBER = new AtomicLong();

    private final Behaviour behaviour;
    private final FakeRequest request;
    private final Response response;
    private final String id = "fake%016x".formatted(NUMBER.incrementAndGet());

    Answering(Behaviour behaviour, FakeRequest request, Response response) {
        this.behaviour = behaviour;
        this.request = request;
        this.response = response;
    }

    void answer() throws IOException, InterruptedException {
        var meaning = Paths.of(request);
        if (meaning == null) {
            noSuchPath();
            return;
        }
        var wire = meaning.wire();
        if (!meaning.list()) {
            behaviour.books.asked(meaning.request());
        }
        headers(wire.headers(id));
        try {
            behaviour.admit(meaning);
            if (meaning.list()) {
                var model = meaning.request().model();
                write(
                        200,
                        model.isEmpty()
                                ? ModelList.all(wire.vendor(), behaviour.models)
                                : ModelList.one(wire.vendor(), model));
            } else {
                take(wire, meaning.request());
                reply(wire, meaning.request());
            }
        } catch (Refused refused) {
            refuse(wire, refused);
        }
    }

    /// @throws Refused if there were too many requests
    private void take(Wire wire, FakeRequest asked) throws Refused {
        var running = behaviour.drill;
        var allowance = running == null ? null : running.take(wire.vendor() + wire.key(asked));
        if (allowance == null) {
            return;
        }
        headers(wire.rates(allowance));
        if (!allowance.granted()) {
            throw new Refused(
                    429,
                    "Rate limit reached: limit "
                            + allowance.limit()
                            + " requests a minute. Please try again in "
                            + allowance.retry().toMillis()
                            + "ms.",
                    null,
                    "rate_limit_exceeded");
        }
    }

    void tooLarge() throws IOException {
        outside(new Refused(413, "Request exceeds the maximum size", null, null));
    }

    void noJson() throws IOException {
        outside(Refused.invalid("We could not parse the JSON body of your request."));
    }

    /// What is wrong before the body was looked at.
    private void outside(Refused refused) throws IOException {
        var meaning = Paths.of(request);
        if (meaning == null) {
            noSuchPath();
        } else {
            refuse(meaning.wire(), refused);
        }
    }

    private void noSuchPath() throws IOException {
        var says = "Invalid URL (" + request.method() + " " + request.path() + ")";
        write(404, OpenAi.error("invalid_request_error", says, null, null));
    }

    private void refuse(Wire wire, Refused refused) throws IOException {
        headers(wire.errorHeaders(refused));
        write(refused.status, wire.error(refused, id));
    }

    private void reply(Wire wire, FakeRequest asked)
            throws IOException, InterruptedException, Refused {
        var reply = behaviour.next(wire, asked);
        TimeUnit.NANOSECONDS.sleep(reply.latency().toNanos());
        switch (reply.fault()) {
            case FakeFault.Status(var status, var more) -> {
                var refused = new Refused(status, "on order", null, null);
                headers(wire.errorHeaders(refused));
                headers(more);
                write(status, wire.error(refused, id));
            }
            case FakeFault.Mute m -> behaviour.closing.await();
            case FakeFault.HangUp h -> throw new Serving.Cut();
            case FakeFault.Empty e -> {
                type("application/json");
                send(new byte[0], true);
            }
            case null, default -> say(wire, asked, reply);
        }
    }

    private void say(Wire wire, FakeRequest asked, FakeReply reply)
            throws IOException, InterruptedException {
        long now = InstantSource.system().instant().getEpochSecond();
        var said = billed(reply, wire.asked(asked), asked, now);
        if (wire.isBilled()) {
            behaviour.books.billed(wire.vendor(), asked.model(), said.usage());
        }
        if (asked.streams() && behaviour.streams) {
            new Streaming(this, behaviour, wire, asked).send(wire.stream(asked, said), reply);
        } else {
            whole(wire, asked, said, reply);
        }
    }

    private Said billed(FakeReply reply, Asked wants, FakeRequest asked, long now) {
        var said = Speech.of(asked, wants, reply, id, now);
        var running = behaviour.drill;
        return running == null || reply.usage() != null
                ? said
                : said.billing(running.bill(wants, said.usage()));
    }

    private void whole(Wire wire, FakeRequest asked, Said said, FakeReply reply)
            throws IOException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(reply.firstToken().toNanos());
        var body = Json.mapper().writeValueAsBytes(wire.whole(asked, said));
        type("application/json");
        switch (reply.fault()) {
            case FakeFault.Garbage g -> send(Sse.bytes("{\"not\": json"), true);
            case FakeFault.Stall s -> behaviour.closing.await();
            case FakeFault.Broken(var events, var type, var message) -> {
                int status = status(type);
                write(status, wire.error(new Refused(status, message, null, null), id));
            }
            case FakeFault.Cut c -> {
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
                Content.Sink.write(response, false, ByteBuffer.wrap(body, 0, body.length / 2));
                throw new Serving.Cut();
            }
            case null, default -> send(body, true);
        }
    }

    private static int status(String type) {
        var word = type.toLowerCase(Locale.ROOT);
        return word.contains("rate_limit")
                ? 429
                : word.contains("invalid") ? 400 : word.contains("overloaded") ? 529 : 500;
    }

    // ---- writing

    void headers(Map<String, String> headers) {
        headers.forEach((name, value) -> response.getHeaders().put(name, value));
    }

    void type(String type) {
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    }

    void send(byte[] bytes, boolean last) throws IOException {
        Content.Sink.write(response, last, ByteBuffer.wrap(bytes));
    }

    void write(int status, JsonNode body) throws IOException {
        write(status, "application/json", Json.mapper().writeValueAsBytes(body));
    }

    void write(int status, String type, byte[] body) throws IOException {
        type(type);
        response.setStatus(status);
        send(body, true);
    }
}
