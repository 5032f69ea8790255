package dev.remit.http.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// What Jetty itself refuses, such as a malformed request, as problem details without any text of
/// an exception.
final class ErrorPages extends ErrorHandler {
    private final Routes routes;

    ErrorPages(Routes routes) {
        this.routes = routes;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        var path = request.getHttpURI().getCanonicalPath();
        var problem = new Problem(code, detail(code));
        var reply = routes.problem(path == null ? "" : path, problem);
        var type = Problem.MEDIA_TYPE;
        var body = problem.body().toString().getBytes(StandardCharsets.UTF_8);
        if (reply instanceof Reply.Bytes bytes) {
            type = bytes.contentType();
            body = bytes.body();
        } else if (reply instanceof Reply.Json json) {
            type = json.headers().getOrDefault("Content-Type", type);
            body = json.body().toString().getBytes(StandardCharsets.UTF_8);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "the request is not well-formed HTTP, or its URL is ambiguous";
            case 413 -> Exchange.tooLarge().detail();
            case 414 -> "the URL is too long";
            case 431 -> "the headers are too long";
            case 503 -> "the server is stopping or has too much to do; try again later";
            default -> HttpStatus.getMessage(status).toLowerCase(Locale.ROOT);
        };
    }
}
