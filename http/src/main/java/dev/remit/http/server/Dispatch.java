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
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// One request from its headers to the last byte of its answer.
final class Dispatch extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_HEADERS = 200;
    private static final HttpField NO_STORE =
            new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");
    private static final HttpField CHUNKED =
            new PreEncodedHttpField(HttpHeader.TRANSFER_ENCODING, "chunked");
    private static final HttpField NO_SNIFF =
            new PreEncodedHttpField("X-Content-Type-Options", "nosniff");

    private final Set<String> hosts;
    private final Guard guard;
    private final Routes routes;
    private final long bodyBytes;
    private final Duration heartbeat;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    Dispatch(int port, Guard guard, Routes routes, long bodyBytes, Duration heartbeat) {
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port);
        this.guard = guard;
        this.routes = routes;
        this.bodyBytes = bodyBytes;
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
            finish(request, callback, failure(request, response));
        } finally {
            underWay.decrementAndGet();
        }
        return true;
    }

    /// Answers, and says what came in between.
    private @Nullable Exception failure(Request request, Response response) {
        var client = ClientEndPoint.of(request);
        client.answering(request.getLength() != 0);
        try {
            answer(request, response, client);
            return null;
        } catch (IOException e) {
            return e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        } finally {
            client.answered();
        }
    }

    private static void finish(Request request, Callback callback, @Nullable Exception failure) {
        if (failure == null) {
            callback.succeeded();
            return;
        }
        if (failure instanceof Broken) {
            ClientEndPoint.of(request).cut(!isChunkedKnown(request));
        }
        callback.failed(failure);
    }

    private void answer(Request request, Response response, ClientEndPoint client)
            throws IOException, InterruptedException {
        var path = request.getHttpURI().getCanonicalPath();
        var work = new Work(request, response, path == null ? "" : path);
        switch (reply(work, client)) {
            case Reply.Stream stream -> pass(work, stream, client);
            case Reply.Events events -> stream(work, events.source());
            case Reply ready -> {
                client.unwatch(); // nobody is left to be told
                write(work, ready);
            }
        }
    }

    private record Work(Request request, Response response, String path) {}

    private Reply reply(Work work, ClientEndPoint client) throws InterruptedException {
        var request = work.request();
        try {
            checkHost(request);
            if (!isChunkedKnown(request)
                    && request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
                throw malformed(); // RFC 9112, section 6.1
            }
            if (request.getHeaders().size() > MOST_HEADERS) {
                throw new Problem(431, "the request has too many headers");
            }
            var limit = routes.bodyLimit(work.path());
            var exchange =
                    Exchange.of(request, client, work.path(), limit == null ? bodyBytes : limit);
            guard.check(exchange);
            var match = routes.match(exchange.method(), exchange.path());
            exchange.found(match.parameters());
            return match.route().handler().handle(exchange);
        } catch (Problem problem) {
            return routes.problem(work.path(), problem);
        } catch (HttpException.RuntimeException e) {
            return routes.problem(work.path(), malformed());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | StackOverflowError e) {
            return routes.problem(work.path(), failed(request, e));
        }
    }

    private static Problem failed(Request request, Throwable cause) {
        LOG.error("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), cause);
        return new Problem(500, "something went wrong in the server; its log says what");
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

    private static void write(Work work, Reply ready) throws IOException {
        switch (ready) {
            case Reply.Json json -> {
                var type = json.status() < 400 ? "application/json" : Problem.MEDIA_TYPE;
                var body = JSON.writeValueAsBytes(json.body());
                write(work, json.status(), json.headers(), type, body);
            }
            case Reply.Bytes bytes ->
                    write(work, bytes.status(), bytes.headers(), bytes.contentType(), bytes.body());
            case Reply.Empty empty -> {
                work.response().setStatus(empty.status());
                Content.Sink.write(work.response(), true, BufferUtil.EMPTY_BUFFER);
            }
            case Reply.Stream stream -> throw new IllegalStateException("not ready: " + stream);
            case Reply.Events events -> throw new IllegalStateException("not ready: " + events);
        }
        if (work.response().getStatus() >= 400) {
            Lingering.drain(work.request());
        }
    }

    private static void write(
            Work work, int status, Map<String, String> headers, String contentType, byte[] body)
            throws IOException {
        var fields = head(work.response(), status, headers, contentType);
        fields.put(HttpHeader.CONTENT_LENGTH, body.length);
        Content.Sink.write(work.response(), true, ByteBuffer.wrap(body));
    }

    /// What the reply says itself goes before what is said by default.
    private static HttpFields.Mutable head(
            Response response, int status, Map<String, String> headers, String contentType) {
        var fields = response.getHeaders();
        response.setStatus(status);
        fields.put(HttpHeader.CONTENT_TYPE, contentType);
        fields.put(NO_STORE);
        fields.put(NO_SNIFF);
        headers.forEach(fields::put);
        return fields;
    }

    private void pass(Work work, Reply.Stream reply, ClientEndPoint client)
            throws IOException, InterruptedException {
        var response = work.response();
        var fields = head(response, reply.status(), reply.headers(), reply.contentType());
        if (isChunkedKnown(work.request()) && !fields.contains(HttpHeader.CONTENT_LENGTH)) {
            fields.put(CHUNKED); // also where the connection ends with the answer
        }
        var sink = new ByteSink(response, client, work.request().getMethod().equals("HEAD"));
        try {
            reply.source().writeTo(sink);
            sink.end();
        } catch (Problem problem) {
            instead(work, sink, problem);
        } catch (RuntimeException e) {
            instead(work, sink, failed(work.request(), e));
        }
    }

    private static boolean isChunkedKnown(Request request) {
        return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1;
    }

    private void instead(Work work, ByteSink sink, Problem problem) throws IOException {
        if (sink.begun()) {
            throw new Broken("too late to say: " + problem.detail());
        }
        work.response().reset();
        write(work, routes.problem(work.path(), problem));
    }

    private void stream(Work work, Reply.Source source) throws IOException, InterruptedException {
        var response = work.response();
        var fields = response.getHeaders();
        response.setStatus(200);
        fields.put(HttpHeader.CONTENT_TYPE, EventStream.MEDIA_TYPE);
        fields.put(HttpHeader.CACHE_CONTROL, "no-store");
        if (!work.request().getMethod().equals("HEAD") && !streamed(work, source)) {
            return;
        }
        Content.Sink.write(response, true, BufferUtil.EMPTY_BUFFER);
    }

    /// @return false if a problem was answered instead
    private boolean streamed(Work work, Reply.Source source)
            throws IOException, InterruptedException {
        var stream = new EventStream(work.response(), heartbeat);
        streams.add(stream);
        try {
            if (stopping) {
                stream.stop();
            }
            source.writeTo(stream);
            return true;
        } catch (Problem problem) {
            if (stream.begun()) {
                throw new IOException("too late to say: " + problem.detail(), problem);
            }
            work.response().reset();
            write(work, routes.problem(work.path(), problem));
            return false;
        } catch (RuntimeException e) {
            LOG.error("an event stream of {} failed", work.path(), e);
            throw new IOException("the event stream broke off", e);
        } finally {
            streams.remove(stream);
        }
    }
}
