package dev.remit.gateway.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Media in a URL of their own (RFC 2397), as OpenAI's dialects carry them.
final class DataUrl {
    private static final String SCHEME = "data:";
    private static final String BASE64 = ";base64";

    private DataUrl() {}

    /// @return with bytes if it is a data URL, else with the URL
    static Piece.Media media(String url, @Nullable String detail, @Nullable String name)
            throws BadRequest {
        if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Piece.Media(null, null, url, detail, name);
        }
        var comma = url.indexOf(',');
        var head = comma < 0 ? "" : url.substring(SCHEME.length(), comma);
        if (!head.endsWith(BASE64)) {
            throw new BadRequest(
                    "A data URL must be like `data:image/png;base64,…`, with base64 in it.");
        }
        var type = head.substring(0, head.length() - BASE64.length());
        return new Piece.Media(
                type.isEmpty() ? "text/plain" : type, url.substring(comma + 1), null, detail, name);
    }

    static String of(Piece.Media media) {
        var url = media.url();
        return url == null ? SCHEME + media.mediaType() + BASE64 + "," + media.base64() : url;
    }

    /// The words in a document that is plain text.
    static String text(Piece.Media media) throws BadRequest {
        try {
            var base64 = media.base64();
            var bytes = Base64.getMimeDecoder().decode(base64 == null ? "" : base64);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequest("A document's bytes are no base64.");
        }
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
