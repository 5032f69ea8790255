package dev.remit.gateway.provider;

import dev.remit.core.json.Json;
import dev.remit.core.secret.Secrets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The keys of an AWS account.
///
/// @param session of keys that are for a while; absent: they are for good
record AwsCredentials(String accessKey, String secretKey, @Nullable String session) {
    /// As one secret in JSON, with `access_key_id`, `secret_access_key` and `session_token` (or
    /// AWS's own spellings of them); else as secrets `<name>.access_key_id` and so on; else under
    /// the names that AWS's tools read, such as `AWS_ACCESS_KEY_ID`.
    static @Nullable AwsCredentials find(Secrets secrets, @Nullable String name) {
        if (name != null) {
            var whole = secrets.find(name).map(String::strip).orElse("");
            if (whole.startsWith("{")) {
                return read(whole);
            }
            if (!whole.isEmpty()) {
                return null; // an API key
            }
            var parts =
                    of(
                            secrets.find(name + ".access_key_id"),
                            secrets.find(name + ".secret_access_key"),
                            secrets.find(name + ".session_token"));
            if (parts != null) {
                return parts;
            }
        }
        return of(
                secrets.find("AWS_ACCESS_KEY_ID"),
                secrets.find("AWS_SECRET_ACCESS_KEY"),
                secrets.find("AWS_SESSION_TOKEN"));
    }

    private static @Nullable AwsCredentials read(String json) {
        try {
            var tree = Json.parse(json);
            return of(
                    field(tree, "access_key_id", "AccessKeyId", "AWS_ACCESS_KEY_ID"),
                    field(tree, "secret_access_key", "SecretAccessKey", "AWS_SECRET_ACCESS_KEY"),
                    field(tree, "session_token", "SessionToken", "AWS_SESSION_TOKEN"));
        } catch (JacksonException e) {
            return null;
        }
    }

    private static Optional<String> field(JsonNode tree, String... names) {
        for (var name : names) {
            var value = tree.path(name).asString("");
            if (!value.isEmpty()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    private static @Nullable AwsCredentials of(
            Optional<String> access, Optional<String> secret, Optional<String> session) {
        return access.isEmpty() || secret.isEmpty()
                ? null
                : new AwsCredentials(
                        access.get().strip(),
                        secret.get().strip(),
                        session.map(String::strip).orElse(null));
    }

    @Override
    public String toString() {
        return "AwsCredentials[" + accessKey + "]";
    }
}
