package dev.remit.hands.http;

import static java.util.Objects.requireNonNull;

import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.secret.Redactor;
import dev.remit.core.secret.Secrets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The secrets of one call: filled into its headers, and taken out again of whatever comes back, in
/// every encoding that [PatternRedactor] knows.
final class Injected implements Redactor {
    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\$\\{secret\\.([A-Za-z0-9_.-]{1,64})}");

    private final Secrets secrets;
    private final Redactor others;
    private final Set<String> values = new HashSet<>();
    private PatternRedactor own = new PatternRedactor();

    Injected(Secrets secrets, Redactor others) {
        this.secrets = secrets;
        this.others = others;
    }

    /// @throws Refusal if a secret is not kept, or cannot stand in a header
    String fill(String header, String template) {
        var filled =
                PLACEHOLDER
                        .matcher(template)
                        .replaceAll(m ->
                                Matcher.quoteReplacement(
                                        value(header, requireNonNull(m.group(1)))));
        own = new PatternRedactor(() -> Set.copyOf(values));
        return filled;
    }

    private String value(String header, String name) {
        var value =
                secrets.find(name)
                        .map(String::strip)
                        .orElseThrow(() ->
                                new Refusal(
                                        "the credential \""
                                                + name
                                                + "\" is not kept here: a person must put it (PUT /v1/credentials/"
                                                + name
                                                + ")"));
        if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new Refusal(
                    "the credential \""
                            + name
                            + "\" holds a line break or control character and cannot be sent in the header "
                            + header);
        }
        values.add(value);
        return value;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    @Override
    public JsonNode redact(JsonNode value) {
        return others.redact(own.redact(value));
    }

    @Override
    public String redact(String text) {
        return others.redact(own.redact(text));
    }
}
