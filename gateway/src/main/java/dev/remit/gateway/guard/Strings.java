package dev.remit.gateway.guard;

import dev.remit.core.json.Json;
import dev.remit.core.settings.Settings.Guard.Mode;
import dev.remit.gateway.guard.Guarding.Found;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/// Looks at the texts of a JSON body one by one, and replaces those that a guard masks, where they
/// stand. All else stays as it came, byte for byte.
final class Strings {
    /// What stands in the place of some bytes.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Patch(int from, int to, byte[] with) {}

    private final byte[] body;
    private final Rule rule;
    private final Consumer<Finding> findings;
    private final List<Patch> patches = new ArrayList<>();

    private Strings(byte[] body, Rule rule, Consumer<Finding> findings) {
        this.body = body;
        this.rule = rule;
        this.findings = findings;
    }

    /// @return the same array if nothing was changed
    /// @throws tools.jackson.core.JacksonException if the body is no JSON
    static byte[] masked(byte[] body, Rule rule, Consumer<Finding> findings) throws Blocked {
        var strings = new Strings(body, rule, findings);
        var secrets = rule.secrets();
        // Whether a value is a secret can hang on its neighbours, so the whole is looked at.
        var clean = secrets == null ? null : secrets.redactor().redact(Json.parse(body));
        try (var json = Json.mapper().createParser(body)) {
            json.nextToken();
            strings.value(json, "", "", clean);
        }
        return strings.patched();
    }

    /// @param clean what should stand here; absent: it is asked of the guard, text by text
    private void value(JsonParser json, String field, String where, @Nullable JsonNode clean)
            throws Blocked {
        var token = json.currentToken();
        int from = start(json);
        if (clean != null && !clean.isContainer() && token.isStructStart()) {
            json.skipChildren();
            patch(from, end(json), clean.stringValue(), "too-deep", where);
            return;
        }
        if (token == JsonToken.START_OBJECT) {
            object(json, where, clean);
        } else if (token == JsonToken.START_ARRAY) {
            int i = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                value(json, field, where + "/" + i, clean == null ? null : clean.get(i));
                i++;
            }
        } else if (token == JsonToken.VALUE_STRING) {
            var text = json.getString();
            int to = end(json);
            if (!Guarding.STRUCTURE.contains(field)) {
                text(field, text, from, to, where, clean);
            }
        } else {
            json.finishToken();
            if (clean != null && clean.isString()) {
                patch(from, end(json), clean.stringValue(), kind(clean.stringValue()), where);
            }
        }
    }

    private void object(JsonParser json, String where, @Nullable JsonNode clean) throws Blocked {
        Iterator<Map.Entry<String, JsonNode>> fields =
                clean == null ? null : clean.properties().iterator();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            int from = start(json);
            var name = json.currentName();
            int to = from;
            var at = where + "/" + name.replace("~", "~0").replace("/", "~1");
            JsonNode value = null;
            if (fields != null) {
                var entry = fields.next();
                value = entry.getValue();
                if (!entry.getKey().equals(name)) {
                    json.finishToken();
                    to = nameEnd(from);
                    at = where + "/…";
                    patch(from, to, entry.getKey(), kind(entry.getKey()), at);
                }
            }
            json.nextToken();
            value(json, name, at, value);
        }
    }

    private void text(
            String field, String text, int from, int to, String where, @Nullable JsonNode clean)
            throws Blocked {
        if (clean == null) {
            var masked = rule.text(field, text, where, findings);
            if (!masked.equals(text)) {
                patches.add(new Patch(from, to, quoted(masked)));
            }
        } else if (!clean.stringValue().equals(text)) {
            patch(from, to, clean.stringValue(), kind(clean.stringValue()), where);
        }
    }

    private void patch(int from, int to, String with, String what, String where) throws Blocked {
        rule.tell(List.of(new Found(0, 0, what, "")), where, findings);
        if (rule.mode() == Mode.MASK) {
            patches.add(new Patch(from, to, quoted(with)));
        }
    }

    /// What a mark says was there.
    private static String kind(String masked) {
        int at = masked.lastIndexOf("[redacted:");
        int end = at < 0 ? -1 : masked.indexOf(']', at);
        return end < 0 ? "secret" : masked.substring(at + "[redacted:".length(), end);
    }

    private static byte[] quoted(String text) {
        return Json.mapper().writeValueAsBytes(Json.text(text));
    }

    private static int start(JsonParser json) {
        return (int) json.currentTokenLocation().getByteOffset();
    }

    private static int end(JsonParser json) {
        json.finishToken(); // tokens are lazy: without it the end is wrong
        return (int) json.currentLocation().getByteOffset();
    }

    /// Where the name ends that begins there: behind its closing quote.
    private int nameEnd(int from) {
        int i = from + 1;
        while (body[i] != '"') {
            i += body[i] == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private byte[] patched() {
        if (patches.isEmpty()) {
            return body;
        }
        var out = new ByteArrayOutputStream(body.length + 64);
        int done = 0;
        for (var patch : patches) {
            out.write(body, done, patch.from() - done);
            out.writeBytes(patch.with());
            done = patch.to();
        }
        out.write(body, done, body.length - done);
        return out.toByteArray();
    }
}
