package dev.remit.core.settings;

import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.secret.Redactor;
import dev.remit.core.text.Fault;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Source;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Keeps keys and passwords out of the file: what looks like one is a fault that does not repeat
/// it.
final class Keyless {
    static final String RIGHT =
            "put it into the vault (PUT /v1/credentials/NAME) or the environment"
                    + " (REMIT_SECRET_NAME), and write its name here: `credential: NAME`";

    private static final Redactor REDACTOR = new PatternRedactor();

    private Keyless() {}

    /// Whether the text alone, whatever it stands under, looks like a secret.
    static boolean isSecret(String text) {
        return !REDACTOR.redact(text).equals(text);
    }

    static void check(Source source, Faults faults) {
        check(source, "", source.root(), REDACTOR.redact(source.root()), faults);
    }

    private static void check(
            Source source, String pointer, JsonNode value, JsonNode redacted, Faults faults) {
        if (value.equals(redacted) || pointer.equals("/guards")) {
            return; // guards name the shapes of secrets, and words that stand beside them
        }
        if (value.isObject() && redacted.isObject()) {
            value.properties()
                    .forEach(p -> {
                        var inner = redacted.get(p.getKey());
                        if (!p.getKey().equals("credential") && inner != null) {
                            check(
                                    source,
                                    Source.child(pointer, p.getKey()),
                                    p.getValue(),
                                    inner,
                                    faults);
                        }
                    });
        } else if (value.isArray() && redacted.isArray() && value.size() == redacted.size()) {
            for (int i = 0; i < value.size(); i++) {
                check(source, Source.child(pointer, i), value.get(i), redacted.get(i), faults);
            }
        } else {
            faults.add(
                    source.file(),
                    source.value(pointer),
                    "this looks like a key or a password, which does not belong into this file",
                    RIGHT);
        }
    }

    /// Faults repeat what they find; secrets not.
    static List<Fault> cleaned(List<Fault> faults) {
        return faults.stream()
                .map(f ->
                        new Fault(
                                f.file(),
                                f.line(),
                                f.column(),
                                REDACTOR.redact(f.wrong()),
                                REDACTOR.redact(f.right())))
                .toList();
    }
}
