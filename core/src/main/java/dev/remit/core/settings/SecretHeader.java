package dev.remit.core.settings;

import dev.remit.core.secret.Secrets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A header's value that names secrets: `Bearer ${secret.collector}`.
final class SecretHeader {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\{secret\\.([A-Za-z0-9_][A-Za-z0-9._-]{0,63})}");

    private SecretHeader() {}

    /// Whether everything in `${}` is the name of a secret.
    static boolean isWellFormed(String value) {
        return !REFERENCE.matcher(value).replaceAll("").contains("${");
    }

    /// The value as it is sent; empty if it names a secret that is not held.
    static Optional<String> resolve(String value, Secrets secrets) {
        var references = REFERENCE.matcher(value);
        var resolved = new StringBuilder();
        while (references.find()) {
            var secret = secrets.find(references.group(1));
            if (secret.isEmpty()) {
                return Optional.empty();
            }
            references.appendReplacement(resolved, Matcher.quoteReplacement(secret.get()));
        }
        return Optional.of(references.appendTail(resolved).toString());
    }
}
