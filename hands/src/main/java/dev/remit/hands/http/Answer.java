package dev.remit.hands.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.core.json.Json;
import dev.remit.core.secret.Redactor;
import dev.remit.http.client.Response;
import dev.remit.http.client.UpstreamException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a server said: bounded, decoded, and without secrets.
final class Answer {
    static final int LIMIT = 256 * 1024;

    /// Read beyond the limit, so that a secret that lies across it is seen whole.
    private static final int MARGIN = 8 * 1024;

    private static final int LONGEST_MESSAGE = 500;
    private static final Pattern CHARSET =
            Pattern.compile("charset=\"?([A-Za-z0-9_.:-]+)", Pattern.CASE_INSENSITIVE);

    private final int status;
    private final String type;
    private final String charset;
    private final byte[] body;
    private final boolean more;
    private final @Nullable UpstreamException cut;

    private Answer(Response response, byte[] body, @Nullable UpstreamException cut) {
        var charset = CHARSET.matcher(response.header("Content-Type").orElse(""));
        this.status = response.status();
        this.type = response.mediaType();
        this.charset = charset.find() ? charset.group(1) : "UTF-8";
        this.body = body;
        this.more = body.length > LIMIT;
        this.cut = cut;
    }

    int status() {
        return status;
    }

    /// What ended it before it was whole.
    @Nullable UpstreamException cut() {
        return cut;
    }

    static Answer read(Response response) throws InterruptedException {
        var body = new ByteArrayOutputStream();
        var buffer = new byte[8192];
        UpstreamException cut = null;
        try {
            for (int count;
                    body.size() <= LIMIT + MARGIN && (count = response.read(buffer)) >= 0; ) {
                body.write(buffer, 0, count);
            }
        } catch (UpstreamException e) {
            cut = e;
        }
        return new Answer(response, body.toByteArray(), cut);
    }

    /// For the agent: the JSON value or the text that came.
    JsonNode result(Redactor redactor) {
        if (body.length == 0) {
            return noted(Json.object().put("status", status));
        }
        if (isBinary()) {
            return Json.object()
                    .put("status", status)
                    .put("note", "the answer is not text (" + type + ") and is not shown");
        }
        var json = more || cut != null ? null : json();
        if (json != null) {
            return redactor.redact(json);
        }
        var text = redactor.redact(text());
        if (!more && cut == null) {
            return Json.text(text);
        }
        return noted(Json.object().put("status", status).put("text", start(text, LIMIT)));
    }

    private JsonNode noted(ObjectNode result) {
        if (cut != null) {
            return result.put("note", "it was done, but the answer was cut off");
        }
        return more
                ? result.put(
                        "note",
                        "the answer has more than " + LIMIT + " bytes; the rest was left out")
                : result;
    }

    /// What the other side says went wrong, in one line; empty if it says nothing that helps.
    String message(Redactor redactor) {
        if (body.length == 0 || isBinary() || type.equals("text/html")) {
            return "";
        }
        var json = json();
        var message = json == null ? text() : message(json);
        var line = redactor.redact(message).strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST_MESSAGE ? line : start(line, LONGEST_MESSAGE) + "…";
    }

    private static String message(JsonNode json) {
        for (var field :
                List.of("detail", "message", "error_description", "error", "title", "reason")) {
            var value = json.path(field);
            if (value.isString() && !value.stringValue().isBlank()) {
                return value.stringValue();
            }
            if (value.isObject()) {
                return message(value);
            }
        }
        return Json.write(json);
    }

    private @Nullable JsonNode json() {
        char first = (char) body[0];
        boolean told = type.endsWith("json");
        if (!told && first != '{' && first != '[') {
            return null;
        }
        try {
            return Json.parse(text());
        } catch (JacksonException e) {
            return null;
        }
    }

    private String text() {
        Charset known;
        try {
            known = Charset.forName(charset);
        } catch (IllegalArgumentException e) {
            known = UTF_8;
        }
        return new String(body, known);
    }

    private boolean isBinary() {
        var kind = type.toLowerCase(Locale.ROOT);
        return kind.startsWith("image/")
                || kind.startsWith("audio/")
                || kind.startsWith("video/")
                || kind.startsWith("font/")
                || kind.equals("application/octet-stream")
                || kind.equals("application/pdf")
                || kind.equals("application/zip")
                || kind.equals("application/gzip");
    }

    private static String start(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end);
    }
}
