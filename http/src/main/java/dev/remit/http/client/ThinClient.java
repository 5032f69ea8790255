package dev.remit.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.remit.http.client.UpstreamException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/// Sends requests to servers over HTTP/1.1 with as little in between as can be: blocking sockets,
/// meant for virtual threads, one buffer a connection, one write for a small request.
///
/// It follows no redirect, keeps no cookies, asks for no compression. It sends a request a second
/// time in one case: the connection had been used before and was found dead at once, before any
/// byte of an answer, and nobody can have acted: the request had not been written to its end, or it
/// asks for nothing but to be told (GET, HEAD). A POST that went out whole is never sent again: a
/// vendor that took it and died would bill it twice. For everything else there is [Upstream].
public final class ThinClient implements AutoCloseable {
    /// A kept connection that the server closed in the meantime says so within this time. One that
    /// dies later had been alive, and the server may have acted.
    private static final long DEAD_ON_ARRIVAL = TimeUnit.SECONDS.toNanos(1);

    /// A connection that was used a moment ago is taken as it is; any other is looked at first, so
    /// that it is rarely found dead by a request.
    private static final Duration TRUSTED = Duration.ofMillis(100);

    private static final int MOST_ORIGINS = 256;
    private static final byte[] LENGTH = "Content-Length: ".getBytes(ISO_8859_1);

    /// @param connect the longest time to get a connection to one address of a host, its TLS
    ///   handshake included
    /// @param idle after this an unused connection is closed; sooner if the server says so
    /// @param connections to one origin, at the same time
    public record Settings(Duration connect, Duration idle, int connections) {
        public static final Settings DEFAULT =
                new Settings(Duration.ofSeconds(10), Duration.ofSeconds(20), 1024);
    }

    private final Settings settings;
    private final long trusted;
    private final Deadlines deadlines = new Deadlines();
    private final Dialer dialer;
    private final Map<Origin, Pool> pools = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public ThinClient() {
        this(Settings.DEFAULT, InetAddress::getAllByName);
    }

    /// @param addresses finds the addresses of a host; exactly those are connected to
    public ThinClient(Settings settings, Addresses addresses) {
        this(settings, addresses, defaultContext());
    }

    /// @param context says which certificates are trusted
    public ThinClient(Settings settings, Addresses addresses, SSLContext context) {
        this(settings, addresses, context, TRUSTED);
    }

    ThinClient(Settings settings, Addresses addresses, SSLContext context, Duration trusted) {
        this.settings = settings;
        this.trusted = trusted.toNanos();
        this.dialer = new Dialer(addresses, new Tls(context), settings.connect(), deadlines);
    }

    private static SSLContext defaultContext() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /// Sends it and waits for the answer to begin, whatever its status. Close the answer.
    ///
    /// @throws UpstreamException if no answer began
    /// @throws InterruptedException if this thread was interrupted; the connection is cut
    public ThinAnswer send(Request request) throws UpstreamException, InterruptedException {
        return send(request, new Cancellation());
    }

    /// Like [#send(Request)].
    ///
    /// @param cancellation ends it from another thread, until the answer is closed
    public ThinAnswer send(Request request, Cancellation cancellation)
            throws UpstreamException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (closed) {
            throw new IllegalStateException("the client is closed");
        }
        request.head().bytes(); // may refuse a header: before a connection is made for it
        long end = Deadlines.after(request.timeouts().total().toNanos());
        var pool = pool(request.head().origin());
        if (!pool.enter(settings.connect().toNanos())) {
            throw new UpstreamException(
                    Kind.CONNECT_TIMED_OUT,
                    request.where()
                            + ": all "
                            + settings.connections()
                            + " connections are in use");
        }
        boolean answered = false;
        try {
            var answer = send(request, pool, cancellation, end);
            answered = true;
            return answer;
        } finally {
            if (!answered) {
                pool.leave();
            }
        }
    }

    private Pool pool(Origin origin) {
        var pool = pools.get(origin);
        if (pool != null) {
            return pool;
        }
        if (pools.size() >= MOST_ORIGINS) {
            pools.values().removeIf(Pool::isUnused);
        }
        return pools.computeIfAbsent(
                origin, o -> new Pool(settings.connections(), settings.idle().toNanos(), trusted));
    }

    private ThinAnswer send(Request request, Pool pool, Cancellation cancellation, long end)
            throws UpstreamException, InterruptedException {
        var kept = pool.take();
        if (kept != null) {
            var answer = exchange(request, kept, pool, cancellation, end);
            if (answer != null) {
                return answer;
            }
            pool.drop();
        }
        var fresh = dialer.dial(request, cancellation);
        fresh.belongsTo(pool);
        var answer = exchange(request, fresh, pool, cancellation, end);
        if (answer == null) {
            throw new IllegalStateException("a new connection was taken for a used one");
        }
        return answer;
    }

    /// @return nothing if the connection had been used before and was dead already
    private static @org.jspecify.annotations.Nullable ThinAnswer exchange(
            Request request, Connection connection, Pool pool, Cancellation cancellation, long end)
            throws UpstreamException, InterruptedException {
        try {
            request.begin();
        } catch (UpstreamException tooLate) {
            connection.cut();
            throw tooLate;
        }
        var in = new Incoming(connection, request.timeouts(), end);
        long sent = Deadlines.now();
        boolean whole = false;
        try {
            cancellation.hold(connection);
            write(request, in);
            whole = true;
            return new ThinAnswer(request, pool, in, cancellation, AnswerHead.read(in));
        } catch (IOException e) {
            boolean alone = cancellation.letGo(connection);
            boolean dead =
                    alone
                            && (!whole || asksOnly(request.method()))
                            && connection.used
                            && connection.isOpen()
                            && !connection.expired()
                            && !in.began()
                            && Deadlines.now() - sent < DEAD_ON_ARRIVAL;
            connection.cut();
            if (dead && !Thread.currentThread().isInterrupted()) {
                return null;
            }
            throw ThinAnswer.failure(e, request, in, cancellation);
        } catch (RuntimeException e) {
            cancellation.letGo(connection);
            connection.cut();
            throw e;
        }
    }

    private static boolean asksOnly(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    /// All of a small request in one write. A server that answers before it has read everything,
    /// and closes, may still have said why: then its answer is read.
    private static void write(Request request, Incoming in) throws IOException {
        var out = in.connection().buffer();
        int at = head(request, out);
        var body = request.body();
        boolean small = body != null && body.length() <= out.length - at;
        if (body != null && small) {
            for (var piece : body.pieces()) {
                System.arraycopy(piece.bytes(), piece.offset(), out, at, piece.length());
                at += piece.length();
            }
        }
        in.write(out, 0, at);
        if (body != null && !small) {
            try {
                for (var piece : body.pieces()) {
                    in.write(piece.bytes(), piece.offset(), piece.length());
                }
            } catch (IOException e) {
                if (!in.connection().isOpen() || in.fill() <= 0) {
                    throw e;
                }
            }
        }
    }

    private static int head(Request request, byte[] out) {
        var common = request.head().bytes();
        var own = own(request);
        var body = request.body();
        boolean framed = body != null || expectsBody(request.method());
        int needed = common.length + own.length + LENGTH.length + 24;
        if (needed > out.length) {
            throw new IllegalArgumentException(
                    "the headers of a request have at most " + out.length + " bytes");
        }
        System.arraycopy(common, 0, out, 0, common.length);
        int at = common.length;
        System.arraycopy(own, 0, out, at, own.length);
        at += own.length;
        if (framed) {
            System.arraycopy(LENGTH, 0, out, at, LENGTH.length);
            at = decimal(body == null ? 0 : body.length(), out, at + LENGTH.length);
            out[at++] = '\r';
            out[at++] = '\n';
        }
        out[at++] = '\r';
        out[at++] = '\n';
        return at;
    }

    private static byte[] own(Request request) {
        if (request.more().isEmpty()) {
            return new byte[0];
        }
        var text = new StringBuilder(128);
        request.more().forEach(header -> RequestHead.line(header, text));
        return text.toString().getBytes(ISO_8859_1);
    }

    private static boolean expectsBody(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    private static int decimal(long number, byte[] out, int at) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        for (int i = at + digits - 1; i >= at; i--) {
            out[i] = (byte) ('0' + number % 10);
            number /= 10;
        }
        return at + digits;
    }

    /// Connections that are open, used or not.
    int connections() {
        return deadlines.watched();
    }

    /// Cuts whatever is under way.
    @Override
    public void close() {
        closed = true;
        deadlines.close();
    }
}
