package dev.remit.http.client;

import dev.remit.http.client.UpstreamException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads what the client throws: was it we who cut it, did anything go out, what do people need.
final class Failures {
    private Failures() {}

    /// @throws InterruptedException if that is why it failed
    static UpstreamException read(IOException cause, Request request, Watchdog watchdog)
            throws InterruptedException {
        return read(cause, request, watchdog.bark());
    }

    /// @param bark why we cut it, if it was us
    /// @throws InterruptedException if that is why it failed
    static UpstreamException read(IOException cause, Request request, @Nullable Kind bark)
            throws InterruptedException {
        if (Thread.interrupted() && bark == null) {
            throw new InterruptedException();
        }
        if (cause instanceof UpstreamException known) {
            return known;
        }
        var kind = bark == null ? kind(cause) : bark;
        var failure = new UpstreamException(kind, words(kind, cause, request));
        failure.initCause(cause);
        return failure;
    }

    private static Kind kind(IOException cause) {
        return switch (cause) {
            case ConnectTimeoutException e -> Kind.CONNECT_TIMED_OUT;
            case ConnectionRequestTimeoutException e -> Kind.CONNECT_TIMED_OUT;
            case HttpHostConnectException e -> Kind.NOT_REACHED;
            case ConnectException e -> Kind.NOT_REACHED;
            case NoRouteToHostException e -> Kind.NOT_REACHED;
            case UnknownHostException e -> Kind.NOT_REACHED;
            case SSLHandshakeException e -> Kind.NOT_REACHED;
            case SSLPeerUnverifiedException e -> Kind.NOT_REACHED;
            case SSLException e when isNoTls(e) -> Kind.NOT_REACHED;
            case SocketTimeoutException e -> Kind.SILENT;
            default -> Kind.CUT;
        };
    }

    /// The other side answered the handshake in clear.
    private static boolean isNoTls(SSLException e) {
        return e.getMessage() != null && e.getMessage().startsWith("Unsupported or unrecognized");
    }

    private static String words(Kind kind, IOException cause, Request request) {
        var where = request.where();
        if (cause instanceof BadAnswer bad) {
            return where + " does not speak sound HTTP/1.1: " + bad.getMessage();
        }
        return switch (kind) {
            case NOT_REACHED -> where + " cannot be reached: " + reason(cause);
            case CONNECT_TIMED_OUT -> where + " did not accept a connection in time";
            case TOO_LATE -> where + ": it was too late to begin";
            case SILENT -> where + " said nothing for too long";
            case TOO_LONG -> where + " did not finish within " + request.timeouts().total();
            case CUT -> "the connection to " + where + " was cut before the answer was whole";
            case TOO_LARGE -> where + " answered with more than is allowed";
        };
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case HostRefused e -> String.valueOf(e.getMessage());
            case UnknownHostException e -> "there is no host of that name";
            case SSLException e -> "no secure connection (" + e.getMessage() + ")";
            case NoRouteToHostException e -> "there is no route to it";
            default -> "nobody listens there";
        };
    }
}
