package dev.remit.gateway.provider;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// AWS Signature Version 4, in headers, for services that encode their path twice (all but S3).
/// After "Create a signed AWS API request" in AWS's guide to Identity and Access Management.
final class SigV4 {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final String region;
    private final String service;

    SigV4(String region, String service) {
        this.region = region;
        this.service = service;
    }

    /// @param path as it goes over the wire
    /// @param query likewise, without the question mark; may be empty
    /// @param headers in lower case, all of which are signed; `host` among them
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Unsigned(
            String method,
            String path,
            String query,
            SortedMap<String, String> headers,
            byte[] body) {}

    /// The headers to add: `x-amz-date`, the session's token if there is one, and `authorization`.
    Map<String, String> sign(AwsCredentials who, Unsigned request, Instant now) {
        var time = TIME.format(now);
        var added = new TreeMap<String, String>();
        added.put("x-amz-date", time);
        if (who.session() != null) {
            added.put("x-amz-security-token", who.session());
        }
        var all = new TreeMap<>(request.headers());
        all.putAll(added);
        var names = String.join(";", all.keySet());
        var scope = time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
        var canonical = canonical(request, all, names);
        var text = String.join("\n", ALGORITHM, time, scope, hex(sha256(bytes(canonical))));
        var signature = hex(hmac(key(who.secretKey(), time.substring(0, 8)), text));
        var credential = who.accessKey() + "/" + scope;
        added.put(
                "authorization",
                "%s Credential=%s, SignedHeaders=%s, Signature=%s"
                        .formatted(ALGORITHM, credential, names, signature));
        return added;
    }

    private static String canonical(
            Unsigned request, SortedMap<String, String> headers, String names) {
        var text = new StringBuilder();
        text.append(request.method()).append('\n');
        text.append(path(request.path())).append('\n');
        text.append(query(request.query())).append('\n');
        headers.forEach((name, value) ->
                text.append(name)
                        .append(':')
                        .append(value.strip().replaceAll(" +", " "))
                        .append('\n'));
        return text.append('\n')
                .append(names)
                .append('\n')
                .append(hex(sha256(request.body())))
                .toString();
    }

    /// Without `.`, `..` and empty segments, and each segment encoded once more.
    static String path(String raw) {
        if (raw.isEmpty()) {
            return "/";
        }
        var kept = new ArrayDeque<String>();
        for (var segment : raw.split("/", -1)) {
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.add(encode(segment));
            }
        }
        var end = raw.endsWith("/") && !kept.isEmpty() ? "/" : "";
        return "/" + String.join("/", kept) + end;
    }

    /// Parameters by name, then by value, as they are encoded.
    private static String query(String raw) {
        if (raw.isEmpty()) {
            return "";
        }
        record Parameter(String name, String value) {}
        var parameters = new ArrayList<Parameter>();
        for (var pair : List.of(raw.split("&", -1))) {
            var equals = pair.indexOf('=');
            var name = equals < 0 ? pair : pair.substring(0, equals);
            var value = equals < 0 ? "" : pair.substring(equals + 1);
            parameters.add(new Parameter(once(name), once(value)));
        }
        parameters.sort(Comparator.comparing(Parameter::name).thenComparing(Parameter::value));
        var text = new ArrayList<String>();
        parameters.forEach(parameter -> text.add(parameter.name() + "=" + parameter.value()));
        return String.join("&", text);
    }

    /// Encoded exactly once, whether it was before or not.
    private static String once(String text) {
        var plain = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        return encode(plain);
    }

    /// Everything but the unreserved characters of RFC 3986, in upper-case hexadecimal.
    static String encode(String segment) {
        var out = new StringBuilder();
        for (byte b : bytes(segment)) {
            var c = (char) (b & 0xFF);
            var plain =
                    (c >= 'A' && c <= 'Z')
                            || (c >= 'a' && c <= 'z')
                            || (c >= '0' && c <= '9')
                            || c == '-'
                            || c == '_'
                            || c == '.'
                            || c == '~';
            if (plain) {
                out.append(c);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return out.toString();
    }

    private byte[] key(String secret, String day) {
        var byDay = hmac(bytes("AWS4" + secret), day);
        return hmac(hmac(hmac(byDay, region), service), "aws4_request");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
