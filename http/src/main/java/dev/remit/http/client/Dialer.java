package dev.remit.http.client;

import dev.remit.http.client.UpstreamException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;

/// Makes new connections. Nothing of a request has gone out before it returns, so whatever fails
/// here is `NOT_REACHED` or `CONNECT_TIMED_OUT`.
record Dialer(Addresses addresses, Tls tls, Duration connect, Deadlines deadlines) {
    /// Tries each address of the host, one after the other.
    Connection dial(Request request, Cancellation cancellation)
            throws UpstreamException, InterruptedException {
        var origin = request.head().origin();
        IOException last = new UnknownHostException(origin.name());
        for (var address : addresses(request, origin)) {
            try {
                return dial(new InetSocketAddress(address, origin.port()), origin, cancellation);
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                last = e;
            }
            if (cancellation.happened()) {
                break;
            }
        }
        throw failure(last, request, cancellation);
    }

    private InetAddress[] addresses(Request request, Origin origin)
            throws UpstreamException, InterruptedException {
        try {
            return addresses.of(origin.name());
        } catch (UnknownHostException e) {
            throw Failures.read(e, request, (Kind) null);
        }
    }

    private Connection dial(InetSocketAddress address, Origin origin, Cancellation cancellation)
            throws IOException {
        var connection = new Connection(deadlines);
        try {
            cancellation.hold(connection);
            connection.dueAt(Deadlines.after(connect.toNanos()));
            connection.connect(address, (int) Math.min(Integer.MAX_VALUE, connect.toMillis()));
            if (origin.secure()) {
                connection.secure(tls, origin);
            }
            if (!connection.dueAt(Deadlines.NEVER)) {
                throw new SocketTimeoutException();
            }
            return connection;
        } catch (IOException | RuntimeException e) {
            cancellation.letGo(connection);
            connection.cut();
            if (connection.expired()) {
                throw new SocketTimeoutException();
            }
            throw e;
        }
    }

    private static UpstreamException failure(
            IOException cause, Request request, Cancellation cancellation)
            throws InterruptedException {
        var where = request.where();
        if (cancellation.happened()) {
            return new UpstreamException(
                    Kind.NOT_REACHED, "the request to " + where + " was cancelled");
        }
        if (cause instanceof SocketTimeoutException) {
            return new UpstreamException(
                    Kind.CONNECT_TIMED_OUT, where + " did not accept a connection in time");
        }
        return Failures.read(
                cause instanceof javax.net.ssl.SSLException ? cause : reached(cause),
                request,
                Kind.NOT_REACHED);
    }

    /// Whatever else befell a handshake, it was the connection that did not come about.
    private static IOException reached(IOException cause) {
        if (cause instanceof ConnectException || cause instanceof java.net.NoRouteToHostException) {
            return cause;
        }
        var refused = new ConnectException(cause.getMessage());
        refused.initCause(cause);
        return refused;
    }
}
