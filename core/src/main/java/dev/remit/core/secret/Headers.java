package dev.remit.core.secret;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds credentials in HTTP headers as they appear in logs: `Authorization`, a bare `Bearer` or
/// `Basic`, `Cookie` and `Set-Cookie`. Schemes and the names of cookies stay.
final class Headers {
    /// One of these is in every text that is looked at.
    static final List<String> WORDS = List.of("authorization", "bearer ", "basic ", "cookie");

    private static final int NEAR = 512;
    private static final Pattern AUTHORIZATION =
            Pattern.compile(
                    "authorization[\\\\\"'`\\]]{0,8}+[ \\t]{0,8}+(?:=>|[:=]|%3a|(?<list>,))[ \\t]{0,8}+[\\\\\"'`\\[]{0,8}+"
                            + "(?:(?<scheme>[a-z][a-z0-9-]{1,20}+)[ \\t]{1,4}+)?",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern COOKIE =
            Pattern.compile(
                    "cookies?2?[\\\\\"'`\\]]{0,8}+[ \\t]{0,8}+(?:=>|[:=,])[ \\t]{0,8}+[\\\\\"'`\\[]{0,8}+",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern CRUMB =
            Pattern.compile(
                    "([A-Za-z0-9_.$-]{1,80}+)=([^;\\s\"'`\\\\,]{3,}+)(?:; ?|[\\\\\"'`]{1,4}+, ?[\\\\\"'`]{1,4}+)?|[A-Za-z]{1,20}+; ?");
    private static final Set<String> SCHEMES =
            Set.of(
                    "bearer",
                    "basic",
                    "token",
                    "apikey",
                    "api-key",
                    "negotiate",
                    "ntlm",
                    "key",
                    "jwt",
                    "ssws",
                    "dpop",
                    "hmac",
                    "splunk",
                    "bot");
    private static final Set<String> COMPOUND =
            Set.of("digest", "aws4-hmac-sha256", "oauth", "hawk", "signature", "sharedkey");
    private static final Set<String> ATTRIBUTES =
            Set.of("path", "domain", "expires", "max-age", "samesite", "priority", "version");

    private Headers() {}

    static void find(String text, String lower, Spans spans) {
        authorization(text, lower, spans);
        bare(text, lower, spans);
        cookies(text, lower, spans);
    }

    private static void authorization(String text, String lower, Spans spans) {
        int at = lower.indexOf("authorization");
        if (at < 0) {
            return;
        }
        var matcher = AUTHORIZATION.matcher(text);
        while (at >= 0) {
            if (!matcher.region(at, text.length()).lookingAt()) {
                at = lower.indexOf("authorization", at + 1);
                continue;
            }
            int next = matcher.end();
            int from = matcher.end();
            var scheme = matcher.group("scheme");
            var name = scheme == null ? "" : Chars.lower(scheme);
            if (COMPOUND.contains(name)) {
                next = lineEnd(text, from);
                spans.add(from, next, "authorization");
            } else {
                boolean known = SCHEMES.contains(name);
                boolean listed = matcher.group("list") != null && !known; // of headers' names
                int start = known || scheme == null ? from : matcher.start("scheme");
                int end = Unquoted.end(text, start, NEAR);
                var value = text.substring(start, end);
                if (!listed
                        && value.length() >= (known ? 4 : 8)
                        && !SecretValues.isPlain(value)
                        && !value.startsWith("realm=")
                        && (known || value.length() >= NEAR || SecretValues.isStrong(value, 8))) {
                    spans.add(start, end, known ? name : "authorization");
                    next = end;
                }
            }
            at = lower.indexOf("authorization", Math.max(next, at + 1));
        }
    }

    /// A credential behind its scheme alone must look like one: `Bearer of bad news` is none.
    private static void bare(String text, String lower, Spans spans) {
        for (int at = lower.indexOf("bearer "); at >= 0; at = lower.indexOf("bearer ", at + 1)) {
            int from = at + "bearer ".length();
            int end = Unquoted.end(text, from, NEAR);
            if (end - from >= 12
                    && Chars.begins(text, at)
                    && isCredential(text.substring(from, end))) {
                spans.add(from, end, "bearer");
            }
        }
        for (int at = lower.indexOf("basic "); at >= 0; at = lower.indexOf("basic ", at + 1)) {
            int from = at + "basic ".length();
            int end = from;
            while (end < text.length()
                    && end - from < 8 * NEAR
                    && (Chars.isBase64(text.charAt(end)) || text.charAt(end) == '=')) {
                end++;
            }
            if (end - from >= 6 && Chars.begins(text, at) && holdsPair(text.substring(from, end))) {
                spans.add(from, end, "basic");
            }
        }
    }

    /// Not the next `name=value` behind `token_type=Bearer`.
    private static boolean isCredential(String value) {
        int equals = value.indexOf('=');
        boolean padded = equals >= 0 && value.substring(equals).chars().allMatch(c -> c == '=');
        return (equals < 0 || padded)
                && SecretValues.isStrong(value, 12)
                && !SecretValues.isPlaceholder(value);
    }

    /// Whether it is `user:password` in Base64.
    static boolean holdsPair(String base64) {
        try {
            var pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
            return pair.indexOf(':') >= 0 && pair.chars().allMatch(c -> c >= ' ' && c != 127);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void cookies(String text, String lower, Spans spans) {
        int at = lower.indexOf("cookie");
        if (at < 0) {
            return;
        }
        var header = COOKIE.matcher(text);
        var crumb = CRUMB.matcher(text);
        while (at >= 0) {
            int next = at + 1;
            if (header.region(at, text.length()).lookingAt()) {
                int from = header.end();
                while (from < text.length() && crumb.region(from, text.length()).lookingAt()) {
                    var name = crumb.group(1);
                    if (name != null && !ATTRIBUTES.contains(Chars.lower(name))) {
                        spans.add(crumb.start(2), crumb.end(2), "cookie");
                    }
                    from = crumb.end();
                }
                next = Math.max(next, from);
            }
            at = lower.indexOf("cookie", next);
        }
    }

    private static int lineEnd(String text, int from) {
        int i = from;
        while (i < text.length()
                && i - from < 8 * NEAR
                && text.charAt(i) != '\n'
                && !text.startsWith("\\n", i)
                && text.charAt(i) != '\'') {
            i++;
        }
        return i;
    }
}
