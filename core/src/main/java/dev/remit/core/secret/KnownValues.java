package dev.remit.core.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Finds values that are held, as they are and as they are commonly encoded: Base64 at any offset
/// within something longer, URL-encoded, hexadecimal, escaped for JSON, line by line.
///
/// Looks at every third position once, whatever the number of values: the [#GRAM] characters there
/// lead to the few values that may begin there or a little before.
final class KnownValues {
    static final KnownValues NONE = new KnownValues(Set.of());

    /// Shorter values are no secrets, and would tear up ordinary text.
    static final int SHORTEST = 6;

    private static final int STRIDE = 3;

    /// Wherever a value begins, the next position that is looked at has so many characters of its
    /// first [#SHORTEST] behind it.
    private static final int GRAM = SHORTEST - STRIDE + 1;

    private static final int LEAST_LINE = 24;
    private static final int FACTOR = 0x9E3779B1;

    private final Set<String> values;
    private final Map<Integer, List<Begun>> byGram = new HashMap<>();
    private final long[] seen = new long[1024];

    /// Those of more than one word.
    private final List<String> longer = new ArrayList<>();

    /// A form of a value, some characters behind its beginning.
    private record Begun(String form, int behind) {}

    KnownValues(Set<String> values) {
        this.values = values;
        for (var value : values) {
            for (var form : forms(value)) {
                note(form);
                if (form.chars().anyMatch(c -> Growing.endsWord((char) c))) {
                    longer.add(form);
                }
            }
        }
    }

    private void note(String form) {
        var chars = form.toCharArray();
        for (int behind = 0; behind < STRIDE; behind++) {
            int hash = hash(chars, behind);
            seen[hash >>> 6] |= 1L << hash;
            byGram.computeIfAbsent(hash, h -> new ArrayList<>()).add(new Begun(form, behind));
        }
    }

    boolean areFor(Set<String> other) {
        return values.equals(other);
    }

    void find(String text, Spans spans) {
        find(text, text.toCharArray(), spans);
    }

    /// @param chars of the text
    void find(String text, char[] chars, Spans spans) {
        if (byGram.isEmpty()) {
            return;
        }
        for (int i = 0; i + GRAM <= chars.length; i += STRIDE) {
            int hash = hash(chars, i);
            if ((seen[hash >>> 6] & (1L << hash)) != 0) {
                found(text, i, hash, spans);
            }
        }
    }

    private void found(String text, int at, int hash, Spans spans) {
        for (var begun : byGram.getOrDefault(hash, List.of())) {
            int from = at - begun.behind();
            if (text.startsWith(begun.form(), from)) {
                spans.add(from, from + begun.form().length(), "secret");
            }
        }
    }

    /// Where the beginning of a value stands at the end of a text; the text's length if there is
    /// none.
    int beginOfPart(String text) {
        int begin = text.length();
        for (var form : longer) {
            for (int n = Math.min(form.length() - 1, text.length()); n > 0; n--) {
                if (text.regionMatches(text.length() - n, form, 0, n)) {
                    begin = Math.min(begin, text.length() - n);
                    break;
                }
            }
        }
        return begin;
    }

    /// Of [#GRAM] characters: 16 bits, each time anew, which is faster than to go on from the hash
    /// before.
    private static int hash(char[] text, int from) {
        int all =
                text[from]
                        + text[from + 1] * 257
                        + text[from + 2] * 65537
                        + text[from + 3] * 1_048_583;
        return (all * FACTOR) >>> 16;
    }

    private static Set<String> forms(String value) {
        var forms = new LinkedHashSet<String>();
        var bare = value.strip();
        add(forms, bare);
        for (var line : bare.lines().toList()) {
            if (line.length() >= LEAST_LINE && line.indexOf(' ') < 0) {
                add(forms, line);
            }
        }
        if (bare.length() < SHORTEST) {
            return forms;
        }
        var bytes = bare.getBytes(StandardCharsets.UTF_8);
        for (int offset = 0; offset < 3; offset++) {
            var within = within(bytes, offset);
            add(forms, within);
            add(forms, within.replace('+', '-').replace('/', '_'));
        }
        var url = URLEncoder.encode(bare, StandardCharsets.UTF_8);
        add(forms, url);
        add(forms, url.replace("+", "%20"));
        add(forms, lowerEscapes(url));
        add(forms, HexFormat.of().formatHex(bytes));
        var escaped = bare.replace("\\", "\\\\").replace("\"", "\\\"");
        add(forms, escaped.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t"));
        return forms;
    }

    /// What is certain of the Base64 of something that holds these bytes at an offset (mod 3).
    private static String within(byte[] bytes, int offset) {
        var padded = new byte[offset + bytes.length];
        System.arraycopy(bytes, 0, padded, offset, bytes.length);
        var encoded = Base64.getEncoder().withoutPadding().encodeToString(padded);
        int from = (offset * 8 + 5) / 6;
        int to = padded.length * 8 / 6;
        return encoded.substring(from, Math.max(from, to));
    }

    private static void add(Set<String> forms, String form) {
        if (form.length() >= SHORTEST) {
            forms.add(form);
        }
    }

    private static String lowerEscapes(String url) {
        var out = new StringBuilder(url);
        for (int i = out.indexOf("%"); i >= 0; i = out.indexOf("%", i + 3)) {
            out.replace(i, i + 3, out.substring(i, i + 3).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }
}
