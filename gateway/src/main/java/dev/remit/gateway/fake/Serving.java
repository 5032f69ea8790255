package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One request from its first byte to the last of its answer.
final class Serving extends Handler.Abstract {
    /// Anthropic's limit; the others' are not lower.
    private static final int MOST_BYTES = 32 * 1024 * 1024;

    private final Behaviour behaviour;
    private final Control control;

    Serving(Behaviour behaviour) {
        this.behaviour = behaviour;
        this.control = new Control(behaviour);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // an answer may be late on order
        request.addIdleTimeoutListener(timeout -> false);
        try {
            serve(request, response);
            callback.succeeded();
        } catch (Cut e) {
            abort(request, callback, e);
        } catch (IOException e) {
            behaviour.hungUp();
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        }
        return true;
    }

    /// The connection is closed, without an end of the body and without an error page.
    private static void abort(Request request, Callback callback, Cut cut) {
        request.getConnectionMetaData().getConnection().getEndPoint().close(cut);
        callback.failed(cut);
    }

    private void serve(Request request, Response response)
            throws IOException, InterruptedException {
        var bytes = Content.Source.asInputStream(request).readNBytes(MOST_BYTES + 1);
        var body = bytes.length > MOST_BYTES ? null : parsed(bytes);
        var asked = asked(request, body == null ? Json.object() : body, bytes.length);
        var answering = new Answering(behaviour, asked, response);
        if (control.isFor(asked)) {
            control.answer(asked, new String(bytes, StandardCharsets.UTF_8), answering);
        } else if (bytes.length > MOST_BYTES) {
            answering.tooLarge();
        } else if (body == null) {
            answering.noJson();
        } else {
            answering.answer();
        }
    }

    private static @Nullable JsonNode parsed(byte[] bytes) {
        try {
            return bytes.length == 0 ? Json.object() : Json.parse(bytes);
        } catch (JacksonException e) {
            return null;
        }
    }

    private static FakeRequest asked(Request request, JsonNode body, int bytes) {
        Map<String, String> headers = new HashMap<>();
        request.getHeaders()
                .forEach(field ->
                        headers.put(
                                field.getName().toLowerCase(Locale.ROOT),
                                field.getValue() == null ? "" : field.getValue()));
        Map<String, String> query = new HashMap<>();
        for (Fields.Field field : Request.extractQueryParameters(request)) {
            query.put(field.getName(), field.getValue() == null ? "" : field.getValue());
        }
        return new FakeRequest(
                request.getMethod(),
                request.getHttpURI().getPath(),
                query,
                headers,
                body,
                bytes,
                "",
                false);
    }

    /// The connection is to be cut.
    static final class Cut extends IOException {
        private static final long serialVersionUID = 1;

        Cut() {
            super("cut on order");
        }
    }
}
