package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.money.Usage;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Speaks Anthropic's Messages (`/v1/messages`) and OpenAI's Chat Completions
/// (`/v1/chat/completions`, `/v1/models`) on loopback, streaming or not, as exactly as the vendors:
/// what they would refuse, it refuses. Answers as it is told, fails on order, remembers what it was
/// asked and what it bills.
public final class FakeVendor implements AutoCloseable {
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 31_900;

    private final Server server;
    private final int port;
    private final Queue<FakeReply> replies = new ConcurrentLinkedQueue<>();
    private final List<FakeRequest> requests = new CopyOnWriteArrayList<>();
    private final List<Billed> invoice = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final Semaphore hangUps = new Semaphore(0);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Function<FakeRequest, FakeReply> otherwise = r -> FakeReply.text("hello");
    private volatile List<String> models = List.of("fake-model");
    private volatile @Nullable String key;
    private volatile boolean streams = true;

    /// A line of the invoice.
    public record Billed(String model, Usage usage) {}

    private FakeVendor(Server server, int port) {
        this.server = server;
        this.port = port;
    }

    /// @throws IOException if no port is free
    public static FakeVendor start() throws IOException {
        for (int port = FIRST_PORT; port < LAST_PORT; port += 13) {
            var threads = new QueuedThreadPool(16);
            threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
            var server = new Server(threads);
            var connector = new ServerConnector(server, 1, 1);
            connector.setHost("127.0.0.1");
            connector.setPort(port);
            connector.setReuseAddress(false);
            server.addConnector(connector);
            var fake = new FakeVendor(server, port);
            server.setHandler(fake.new Serving());
            try {
                server.start();
                return fake;
            } catch (IOException taken) {
                stop(server);
            } catch (Exception e) {
                throw new IOException("a fake vendor could not start", e);
            }
        }
        throw new IOException("no port is free between " + FIRST_PORT + " and " + LAST_PORT);
    }

    // ---- what it shall do

    /// Gives these, each once, before anything else.
    public FakeVendor replies(FakeReply... next) {
        replies.addAll(List.of(next));
        return this;
    }

    /// Gives this when no reply is left.
    public FakeVendor otherwise(Function<FakeRequest, FakeReply> answer) {
        otherwise = answer;
        return this;
    }

    /// Accepts no other key; before it is called, any or none.
    public FakeVendor key(String expected) {
        key = expected;
        return this;
    }

    public FakeVendor models(String... served) {
        models = List.of(served);
        return this;
    }

    /// Answers a request that has this field with 400, as a server that does not know it.
    public FakeVendor refuses(String field) {
        refused.add(field);
        return this;
    }

    /// Answers in one piece, whatever is asked.
    public FakeVendor neverStreams() {
        streams = false;
        return this;
    }

    // ---- what it saw

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// Model calls that it got, in the order they came, refused ones included.
    public List<FakeRequest> requests() {
        return List.copyOf(requests);
    }

    public List<Billed> invoice() {
        return List.copyOf(invoice);
    }

    public Usage billed() {
        return invoice.stream().map(Billed::usage).reduce(Usage.NONE, Usage::plus);
    }

    /// Waits until a client has hung up on an answer that was under way.
    ///
    /// @return false if none did within the time
    public boolean awaitHangUp(Duration atMost) throws InterruptedException {
        return hangUps.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        closing.countDown();
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("a fake vendor could not stop", e);
        }
    }

    // ---- serving

    private final class Serving extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            try {
                new Answering(response).answer(read(request));
                callback.succeeded();
            } catch (Cut e) {
                callback.failed(e); // the connection is closed without the end of the body
            } catch (IOException e) {
                hangUps.release();
                callback.failed(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                callback.failed(e);
            }
            return true;
        }

        private FakeRequest read(Request request) throws IOException {
            Map<String, String> headers = new HashMap<>();
            request.getHeaders()
                    .forEach(field ->
                            headers.put(
                                    field.getName().toLowerCase(Locale.ROOT),
                                    field.getValue() == null ? "" : field.getValue()));
            var body = Content.Source.asString(request, StandardCharsets.UTF_8);
            return new FakeRequest(
                    request.getHttpURI().getPath(),
                    headers,
                    body.isEmpty() ? Json.object() : Json.parse(body));
        }
    }

    private final class Answering {
        private final Response response;

        Answering(Response response) {
            this.response = response;
        }

        void answer(FakeRequest request) throws IOException, InterruptedException {
            switch (request.path()) {
                case "/v1/messages" -> model(request, new AnthropicWire());
                case "/v1/chat/completions" -> model(request, new OpenAiWire());
                case "/v1/models" -> {
                    var list = Json.object().put("object", "list");
                    var data = list.putArray("data");
                    models.forEach(m -> data.addObject().put("id", m).put("object", "model"));
                    write(200, list);
                }
                default -> write(404, new OpenAiWire().error(404, "not_found", "no such path"));
            }
        }

        private void model(FakeRequest request, Wire wire)
                throws IOException, InterruptedException {
            requests.add(request);
            var expected = key;
            if (expected != null && !wire.key(request).equals(expected)) {
                // vendors quote a part of the key; this one is worse
                var quoting = "Incorrect API key provided: " + wire.key(request);
                write(401, wire.error(401, "authentication_error", quoting));
                return;
            }
            var objection = objection(request, wire);
            if (objection != null) {
                write(400, wire.error(400, "invalid_request_error", objection));
                return;
            }
            var next = replies.poll();
            reply(request, wire, next == null ? otherwise.apply(request) : next);
        }

        private @Nullable String objection(FakeRequest request, Wire wire) {
            for (var field : refused) {
                if (request.body().has(field)) {
                    return "Unsupported parameter: '" + field + "'";
                }
            }
            return wire.objection(request);
        }

        private void reply(FakeRequest request, Wire wire, FakeReply reply)
                throws IOException, InterruptedException {
            TimeUnit.NANOSECONDS.sleep(reply.latency().toNanos());
            switch (reply.fault()) {
                case FakeFault.Status(var status, var headers) -> {
                    headers.forEach((n, v) -> response.getHeaders().put(n, v));
                    write(status, wire.error(status, type(status), "on order"));
                }
                case FakeFault.Mute m -> closing.await();
                case null, default -> {
                    var usage = usage(request, reply);
                    invoice.add(new Billed(request.model(), usage));
                    if (request.streams() && streams) {
                        stream(wire, reply, wire.stream(request, reply, usage));
                    } else {
                        write(200, wire.whole(request, reply, usage));
                    }
                }
            }
        }

        private void stream(Wire wire, FakeReply reply, List<String> events)
                throws IOException, InterruptedException {
            response.setStatus(200);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream; charset=utf-8");
            var fault = reply.fault();
            for (int i = 0; i < events.size(); i++) {
                if (fault != null && breaksOff(fault, i, wire)) {
                    return;
                }
                send(events.get(i));
                TimeUnit.NANOSECONDS.sleep(reply.gap().toNanos());
            }
            Content.Sink.write(response, true, ByteBuffer.allocate(0));
        }

        /// @return whether the answer is over
        private boolean breaksOff(FakeFault fault, int sent, Wire wire)
                throws IOException, InterruptedException {
            switch (fault) {
                case FakeFault.Cut(var events) when events == sent -> throw new Cut();
                case FakeFault.Unfinished(var events) when events == sent -> {
                    Content.Sink.write(response, true, ByteBuffer.allocate(0));
                    return true;
                }
                case FakeFault.Broken(var events, var type, var message) when events == sent ->
                        send(wire.errorEvent(type, message));
                case FakeFault.Garbage g when sent == 1 -> send("data: {\"not\": json\n\n");
                case FakeFault.Stall(var events, var pings) when events == sent ->
                        stall(wire, pings);
                default -> {}
            }
            return false;
        }

        private void stall(Wire wire, boolean pings) throws IOException, InterruptedException {
            while (!closing.await(20, TimeUnit.MILLISECONDS)) {
                if (pings) {
                    send(wire.ping());
                }
            }
        }

        private void send(String event) throws IOException {
            Content.Sink.write(
                    response, false, ByteBuffer.wrap(event.getBytes(StandardCharsets.UTF_8)));
        }

        private void write(int status, JsonNode body) throws IOException {
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            var bytes = Json.write(body).getBytes(StandardCharsets.UTF_8);
            Content.Sink.write(response, true, ByteBuffer.wrap(bytes));
        }
    }

    private static final class Cut extends IOException {
        private static final long serialVersionUID = 1;

        Cut() {
            super("cut on order");
        }
    }

    private static String type(int status) {
        return switch (status) {
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> status >= 500 ? "api_error" : "invalid_request_error";
        };
    }

    private static Usage usage(FakeRequest request, FakeReply reply) {
        var told = reply.usage();
        if (told != null) {
            return told;
        }
        var input = (Json.write(request.body()).length() + 3) / 4;
        var output = (Json.mapper().writeValueAsBytes(reply.parts()).length + 3) / 4;
        return new Usage(input, 0, 0, output, 0);
    }
}
