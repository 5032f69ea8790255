package dev.remit.http.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One request from its headers to the last byte of its answer.
final class Dispatch extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Set<String> hosts;
    private final Guard guard;
    private final Routes routes;
    private final Duration heartbeat;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    Dispatch(int port, Guard guard, Routes routes, Duration heartbeat) {
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
        this.guard = guard;
        this.routes = routes;
        this.heartbeat = heartbeat;
    }

    int underWay() {
        return underWay.get();
    }

    void stopStreams() {
        stopping = true;
        streams.forEach(EventStream::stop);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // A handler may think for longer than a connection may be idle.
        request.addIdleTimeoutListener(timeout -> false);
        underWay.incrementAndGet();
        try {
            answer(request, response);
            callback.succeeded();
        } catch (IOException gone) {
            callback.failed(gone);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        } finally {
            underWay.decrementAndGet();
        }
        return true;
    }

    private void answer(Request request, Response response)
            throws IOException, InterruptedException {
        switch (reply(request)) {
            case Reply.Json json -> write(response, json.status(), json.headers(), json.body());
            case Reply.Empty empty -> {
                response.setStatus(empty.status());
                Content.Sink.write(response, true, BufferUtil.EMPTY_BUFFER);
            }
            case Reply.Events events -> stream(request, response, events.source());
        }
    }

    private Reply reply(Request request) throws InterruptedException {
        try {
            checkHost(request);
            var exchange = Exchange.of(request);
            guard.check(exchange);
            var match = routes.match(exchange.method(), exchange.path());
            return match.route().handler().handle(exchange.with(match.parameters()));
        } catch (Problem problem) {
            return problem(problem);
        } catch (HttpException.RuntimeException e) {
            return problem(e.getCode() == 413 ? Exchange.tooLarge() : malformed());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | StackOverflowError e) {
            LOG.error("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), e);
            return problem(
                    new Problem(500, "something went wrong in the server; its log says what"));
        }
    }

    /// A page in a browser may have its own name point at 127.0.0.1, but cannot change the name
    /// that the browser sends.
    private void checkHost(Request request) {
        var host = request.getHeaders().get(HttpHeader.HOST);
        if (host == null || !hosts.contains(host.toLowerCase(Locale.ROOT))) {
            throw new Problem(421, "this server answers only to its own loopback address and port");
        }
    }

    private static Problem malformed() {
        return new Problem(400, "the request is not well formed");
    }

    private static Reply problem(Problem problem) {
        return new Reply.Json(problem.status(), problem.headers(), problem.body());
    }

    private static void write(
            Response response, int status, Map<String, String> headers, JsonNode body)
            throws IOException {
        var bytes = JSON.writeValueAsBytes(body);
        var fields = response.getHeaders();
        response.setStatus(status);
        headers.forEach(fields::put);
        fields.put(HttpHeader.CONTENT_TYPE, status < 400 ? "application/json" : Problem.MEDIA_TYPE);
        fields.put(HttpHeader.CONTENT_LENGTH, bytes.length);
        fields.put(HttpHeader.CACHE_CONTROL, "no-store");
        fields.put("X-Content-Type-Options", "nosniff");
        Content.Sink.write(response, true, ByteBuffer.wrap(bytes));
    }

    private void stream(Request request, Response response, Reply.Source source)
            throws IOException, InterruptedException {
        var fields = response.getHeaders();
        response.setStatus(200);
        fields.put(HttpHeader.CONTENT_TYPE, EventStream.MEDIA_TYPE);
        fields.put(HttpHeader.CACHE_CONTROL, "no-store");
        if (!request.getMethod().equals("HEAD")) {
            var stream = new EventStream(response, heartbeat);
            streams.add(stream);
            try {
                if (stopping) {
                    stream.stop();
                }
                stream.write(": connected\n\n");
                source.writeTo(stream);
            } catch (RuntimeException e) {
                LOG.error("an event stream of {} failed", request.getHttpURI().getPath(), e);
                throw new IOException("the event stream broke off", e);
            } finally {
                streams.remove(stream);
            }
        }
        Content.Sink.write(response, true, BufferUtil.EMPTY_BUFFER);
    }
}
