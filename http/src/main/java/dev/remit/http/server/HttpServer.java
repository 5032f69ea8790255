package dev.remit.http.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// An HTTP server on the loopback address. Each request is handled on a virtual thread.
public final class HttpServer implements AutoCloseable {
    /// Free ports are looked for below the range that systems give to outgoing connections.
    private static final int FIRST_PORT = 20_000;

    private static final int LAST_PORT = 32_767;
    private static final int PORTS_TRIED = 100;

    /// Connections that may wait to be accepted, when many come at once.
    private static final int BACKLOG = 1024;

    private final Server server;
    private final int port;
    private final Dispatch dispatch;

    /// @param port to listen on; 0: a free one below 32768
    /// @param bodyBytes largest body of a request
    /// @param idle after this a connection on which nothing moves is closed
    /// @param heartbeat how often a silent event stream says that it is there
    /// @param stop how long requests under way may take when the server stops
    /// @param connections accepted at the same time
    /// @param pace how slow a client may be
    public record Settings(
            int port,
            long bodyBytes,
            Duration idle,
            Duration heartbeat,
            Duration stop,
            int connections,
            Pace pace) {
        public static final Settings DEFAULT =
                new Settings(
                        0,
                        16 << 20,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        8192);

        public Settings(
                int port,
                long bodyBytes,
                Duration idle,
                Duration heartbeat,
                Duration stop,
                int connections) {
            this(port, bodyBytes, idle, heartbeat, stop, connections, Pace.DEFAULT);
        }

        public Settings withPort(int chosen) {
            return new Settings(chosen, bodyBytes, idle, heartbeat, stop, connections, pace);
        }
    }

    /// How slow a client may be before its connection is cut, however often it moves.
    ///
    /// @param grace for sending a request, and for not taking an answer, whatever its size
    /// @param bytesPerSecond each second beyond that needs so many bytes
    /// @param request the longest time to send one request
    public record Pace(Duration grace, int bytesPerSecond, Duration request) {
        public static final Pace DEFAULT =
                new Pace(Duration.ofSeconds(20), 8 << 10, Duration.ofMinutes(5));

        /// In nanoseconds.
        long allowed(long bytes) {
            return grace.toNanos() + 1_000_000_000L / bytesPerSecond * bytes;
        }
    }

    private HttpServer(Server server, int port, Dispatch dispatch) {
        this.server = server;
        this.port = port;
        this.dispatch = dispatch;
    }

    /// Listens on 127.0.0.1 and answers from now on.
    ///
    /// @throws BindException if the port is taken
    /// @throws IOException if listening fails for another reason
    public static HttpServer start(Settings settings, Guard guard, Routes routes)
            throws IOException {
        var server = new Server(threads());
        var connector = new Listener(server, protocol(), settings.pace());
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(settings.idle().toMillis());
        connector.setAcceptedTcpNoDelay(true);
        connector.setAcceptQueueSize(BACKLOG);
        connector.setShutdownIdleTimeout(50); // of connections that are kept alive and silent
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(settings.connections(), connector));
        listen(connector, settings.port());

        int port = connector.getLocalPort();
        var dispatch =
                new Dispatch(port, guard, routes, settings.bodyBytes(), settings.heartbeat());
        server.setHandler(new GracefulHandler(dispatch));
        server.setErrorHandler(new ErrorPages(routes));
        server.setStopTimeout(settings.stop().toMillis());
        try {
            server.start();
        } catch (Exception e) {
            connector.close();
            throw e instanceof IOException io ? io : new IOException("cannot serve HTTP", e);
        }
        return new HttpServer(server, port, dispatch);
    }

    private static QueuedThreadPool threads() {
        var threads = new QueuedThreadPool(16, 4);
        threads.setName("http");
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        return threads;
    }

    private static HttpConfiguration protocol() {
        var protocol = new HttpConfiguration();
        protocol.setSendServerVersion(false);
        protocol.setRequestHeaderSize(16 << 10);
        protocol.setHttpCompliance(HttpCompliance.STRICT);
        // A slash that came encoded: for routes whose parameter takes one; elsewhere it is not
        // found.
        protocol.setUriCompliance(
                UriCompliance.DEFAULT.with(
                        "REMIT", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
        return protocol;
    }

    private static void listen(ServerConnector connector, int port) throws IOException {
        if (port != 0) {
            connector.setPort(port);
            connector.open();
            return;
        }
        var random = RandomGenerator.getDefault();
        for (int i = 0; i < PORTS_TRIED; i++) {
            connector.setPort(random.nextInt(FIRST_PORT, LAST_PORT + 1));
            try {
                connector.open();
                return;
            } catch (IOException e) {
                if (!(e instanceof BindException || e.getCause() instanceof BindException)) {
                    throw e;
                }
            }
        }
        throw new BindException("no free port found between " + FIRST_PORT + " and " + LAST_PORT);
    }

    /// Whether a program could listen on that port of the loopback address now.
    public static boolean isFree(int port) {
        try (var probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    /// Such as `http://127.0.0.1:23456`.
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// How many requests are under way, event streams included.
    public int underWay() {
        return dispatch.underWay();
    }

    /// Accepts nothing more, ends event streams, lets other requests finish, then stops.
    @Override
    public void close() {
        dispatch.stopStreams();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server did not stop cleanly", e);
        }
    }
}
