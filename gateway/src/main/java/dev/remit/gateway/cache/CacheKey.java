package dev.remit.gateway.cache;

import dev.remit.core.json.Json;
import dev.remit.gateway.wire.Dialect;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// What makes two requests the same: who asks, what for, in which dialect, and everything in the
/// body that can change the answer.
///
/// @param hash SHA-256 in hexadecimal
public record CacheKey(String hash) {
    /// Say how the answer is to be told, or who asks; the answer is the same.
    private static final List<String> NOT_OF_THE_ANSWER =
            List.of(
                    "model",
                    "stream",
                    "stream_options",
                    "metadata",
                    "user",
                    "safety_identifier",
                    "prompt_cache_key",
                    "store");

    /// @param scope whose answers these are, such as `team:growth`: nobody else is given them
    /// @param target route or model as the client named it
    /// @param operation such as `chat` or `embeddings`
    /// @param body of the request; order of fields and white space do not matter
    /// @return nothing if the body is no JSON object
    public static Optional<CacheKey> of(
            String scope, String target, String operation, Dialect dialect, byte[] body) {
        try {
            if (!(Json.parse(body) instanceof ObjectNode object)) {
                return Optional.empty();
            }
            NOT_OF_THE_ANSWER.forEach(object::remove);
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : List.of(scope, target, operation, dialect.name())) {
                var bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            }
            digest.update(Json.canonical(object));
            return Optional.of(new CacheKey(HexFormat.of().formatHex(digest.digest())));
        } catch (JacksonException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
