package dev.remit.core.secret;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Tokens that are known by their shape, wherever they stand.
///
/// Each shape is tried only where its anchor stands. After the anchor it either fails within a
/// bounded number of characters or takes what it has read, so the time is linear in any text.
final class TokenShapes {
    /// @param anchors literal texts, one of which every such token has
    /// @param back how far before the anchor the token begins
    /// @param alone whether it must not continue a word
    /// @param shape the token; what is secret is its group 1, or all of it
    private record Shape(
            String kind,
            List<String> anchors,
            int back,
            boolean alone,
            Pattern shape,
            Predicate<String> also) {
        Shape standingAlone() {
            return new Shape(kind, anchors, back, true, shape, also);
        }

        Shape back(int characters) {
            return new Shape(kind, anchors, characters, alone, shape, also);
        }

        Shape only(Predicate<String> condition) {
            return new Shape(kind, anchors, back, alone, shape, condition);
        }
    }

    private static final List<Shape> SHAPES =
            List.of(
                    shape(
                            "github-token",
                            "gh[pousr]_[A-Za-z0-9]{30,}+",
                            "ghp_",
                            "gho_",
                            "ghu_",
                            "ghs_",
                            "ghr_"),
                    shape("github-token", "github_pat_[A-Za-z0-9_]{22,}+", "github_pat_"),
                    shape(
                            "gitlab-token",
                            "gl[a-z]{2,5}-[A-Za-z0-9_-]{20,}+(?:\\.[A-Za-z0-9_-]++)*+",
                            "glpat-",
                            "glptt-",
                            "gldt-",
                            "glrt-",
                            "glcbt-",
                            "glft-",
                            "glsoat-"),
                    shape("slack-token", "xox[a-z](?:\\.xox[a-z])?-[A-Za-z0-9-]{10,}+", "xox")
                            .standingAlone(),
                    shape("slack-token", "xapp-[A-Za-z0-9-]{10,}+", "xapp-").standingAlone(),
                    shape(
                            "webhook",
                            "hooks\\.slack\\.com/(?:services|workflows|triggers)/([A-Za-z0-9/_-]{10,}+)",
                            "hooks.slack.com/"),
                    shape(
                            "webhook",
                            "/api/webhooks/(\\d{10,25}/[A-Za-z0-9_-]{20,}+)",
                            "/api/webhooks/"),
                    shape(
                            "webhook",
                            "webhook\\.office\\.com/(webhookb2/[A-Za-z0-9/@_-]{20,}+)",
                            "webhook.office.com/"),
                    shape(
                            "stripe-key",
                            "[sr]k_(?:live|test)_[A-Za-z0-9]{10,}+",
                            "sk_live_",
                            "sk_test_",
                            "rk_live_",
                            "rk_test_"),
                    shape("stripe-key", "whsec_[A-Za-z0-9+/=_-]{16,}+", "whsec_"),
                    shape("anthropic-key", "sk-ant-[A-Za-z0-9_-]{12,}+", "sk-ant-"),
                    shape("openai-key", "sk-[A-Za-z0-9_-]{20,}+", "sk-")
                            .standingAlone()
                            .only(TokenShapes::isRandom),
                    shape("google-key", "AIza[A-Za-z0-9_-]{30,}+", "AIza"),
                    shape("google-token", "ya29\\.[A-Za-z0-9_-]{20,}+", "ya29."),
                    shape("google-secret", "GOCSPX-[A-Za-z0-9_-]{20,}+", "GOCSPX-"),
                    shape("aws-key", "A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])", "AKIA", "ASIA")
                            .standingAlone(),
                    shape("azure-secret", "[A-Za-z0-9_.~-]{3}\\dQ~[A-Za-z0-9_.~-]{31,}+", "Q~")
                            .back(4),
                    shape("npm-token", "npm_[A-Za-z0-9]{30,}+", "npm_").standingAlone(),
                    shape("pypi-token", "pypi-[A-Za-z0-9_-]{32,}+", "pypi-")
                            .standingAlone()
                            .only(TokenShapes::isRandom),
                    shape("twilio-key", "(?:SK|AC)[0-9a-f]{32}(?![A-Za-z0-9])", "SK", "AC")
                            .standingAlone(),
                    shape("sendgrid-key", "SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,}+", "SG.")
                            .standingAlone(),
                    shape("mailgun-key", "key-[0-9a-f]{32}(?![A-Za-z0-9])", "key-").standingAlone(),
                    shape("vault-token", "hv[sb]\\.[A-Za-z0-9_-]{20,}+", "hvs.", "hvb."),
                    shape("docker-token", "dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}+", "dckr_"),
                    shape(
                            "digitalocean-token",
                            "do[opr]_v1_[0-9a-f]{40,}+",
                            "dop_v1_",
                            "doo_v1_",
                            "dor_v1_"),
                    shape("huggingface-token", "hf_[A-Za-z0-9]{30,}+", "hf_").standingAlone(),
                    shape("remit-key", "rmt_[a-z0-9]{8,32}_[A-Za-z0-9_-]{30,}+", "rmt_"),
                    shape("groq-key", "gsk_[A-Za-z0-9]{30,}+", "gsk_").standingAlone(),
                    shape("nvidia-key", "nvapi-[A-Za-z0-9_-]{30,}+", "nvapi-").standingAlone(),
                    shape("xai-key", "xai-[A-Za-z0-9]{40,}+", "xai-").standingAlone(),
                    shape("replicate-token", "r8_[A-Za-z0-9]{30,}+", "r8_").standingAlone(),
                    shape(
                            "shopify-token",
                            "shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32,}+",
                            "shpat_",
                            "shpca_",
                            "shppa_",
                            "shpss_"),
                    shape("databricks-token", "dapi[0-9a-f]{32}(?![A-Za-z0-9])", "dapi")
                            .standingAlone(),
                    shape("grafana-token", "gl(?:sa|c)_[A-Za-z0-9+/=_]{30,}+", "glsa_", "glc_"),
                    shape("linear-key", "lin_(?:api|oauth)_[A-Za-z0-9]{30,}+", "lin_")
                            .standingAlone(),
                    shape("atlassian-token", "ATATT3[A-Za-z0-9_=-]{30,}+", "ATATT3"),
                    shape("newrelic-key", "NRAK-[A-Z0-9]{20,}+", "NRAK-"),
                    shape("square-token", "sq0(?:atp|csp)-[A-Za-z0-9_-]{20,}+", "sq0")
                            .standingAlone(),
                    shape("age-key", "AGE-SECRET-KEY-1[0-9A-Z]{50,}+", "AGE-SECRET-KEY-1"),
                    shape("telegram-token", "(?<=\\d{8,10}):AA[A-Za-z0-9_-]{32,}+", ":AA"),
                    shape(
                            "password-hash",
                            "\\$(?:2[abxy]|argon2[a-z]{1,2}|apr1|[156y])\\$[A-Za-z0-9./$=,+-]{20,}+",
                            "$2",
                            "$argon2",
                            "$apr1$",
                            "$1$",
                            "$5$",
                            "$6$",
                            "$y$"),
                    shape(
                                    "private-key",
                                    "LS0tLS1CRUdJTi[A-Za-z0-9+/]{40,}+={0,2}+",
                                    "LS0tLS1CRUdJTi")
                            .only(TokenShapes::isEncodedPrivateKey));

    /// One of the texts that lead to a shape.
    private record Anchor(Shape shape, String text, long hint) {}

    private static final List<Anchor> ANCHORS =
            SHAPES.stream()
                    .flatMap(shape ->
                            shape.anchors().stream()
                                    .map(anchor -> new Anchor(shape, anchor, Hints.bit(anchor))))
                    .toList();

    private static final String JWT = "eyJ";

    /// One of these is in every text that is looked at.
    static final List<String> WORDS =
            Stream.concat(ANCHORS.stream().map(Anchor::text), Stream.of(JWT)).toList();

    private TokenShapes() {}

    /// @param hints what may be in the text
    static void find(String text, long hints, Spans spans) {
        for (var anchor : ANCHORS) {
            if ((hints & anchor.hint()) != 0) {
                find(text, anchor.shape(), anchor.text(), spans);
            }
        }
        findJwts(text, spans);
        findAwsSecrets(text, spans);
    }

    private static void find(String text, Shape shape, String anchor, Spans spans) {
        int at = text.indexOf(anchor);
        if (at < 0) {
            return;
        }
        var matcher = shape.shape().matcher(text).useTransparentBounds(true);
        while (at >= 0) {
            int start = at - shape.back();
            int next = at + 1;
            if (start >= 0 && (!shape.alone() || Chars.begins(text, start))) {
                matcher.region(start, text.length());
                if (matcher.lookingAt()) {
                    if (shape.also().test(matcher.group())) {
                        int group = matcher.groupCount();
                        spans.add(matcher.start(group), matcher.end(group), shape.kind());
                    }
                    next = matcher.end();
                }
            }
            at = text.indexOf(anchor, next);
        }
    }

    /// Signed and encrypted JSON tokens (RFC 7519): Base64url parts joined by dots, the first of
    /// which is an object.
    private static void findJwts(String text, Spans spans) {
        for (int at = text.indexOf(JWT); at >= 0; at = text.indexOf(JWT, at)) {
            int end = Chars.endOfBase64Url(text, at);
            int stop = end;
            boolean wide = end - at >= 12;
            for (int parts = 1; parts < 5 && stop < text.length(); parts++) {
                int next = text.charAt(stop) == '.' ? Chars.endOfBase64Url(text, stop + 1) : 0;
                if (next <= stop + 1) {
                    break;
                }
                stop = next;
            }
            if (wide && stop - end >= 10) {
                spans.add(at, stop, "jwt");
            }
            at = stop;
        }
    }

    /// A secret access key has no shape of its own: 40 characters of Base64 close behind a key id.
    private static void findAwsSecrets(String text, Spans spans) {
        for (var anchor : List.of("AKIA", "ASIA")) {
            int done = 0;
            for (int at = text.indexOf(anchor); at >= 0; at = text.indexOf(anchor, at + 4)) {
                done = awsSecretsNear(text, Math.max(done, at + 20), at + 200, spans);
            }
        }
    }

    private static int awsSecretsNear(String text, int from, int to, Spans spans) {
        int limit = Math.min(text.length(), to);
        int i = from;
        while (i < limit) {
            int start = i;
            while (i < text.length() && i - start <= 40 && Chars.isBase64(text.charAt(i))) {
                i++;
            }
            boolean padded = i < text.length() && text.charAt(i) == '=';
            if (i - start == 40 && !padded && isMixed(text.substring(start, i))) {
                spans.add(start, i, "aws-secret");
            }
            i = Math.max(i, start + 1);
        }
        return i;
    }

    /// Made by a machine, not a name: upper and lower case and digits, or a long end with digits.
    private static boolean isRandom(String token) {
        int end = token.length() - token.lastIndexOf('-');
        return isMixed(token) || (end > 32 && token.chars().anyMatch(c -> Chars.isDigit((char) c)));
    }

    private static boolean isMixed(String token) {
        return token.chars().anyMatch(c -> c >= 'A' && c <= 'Z')
                && token.chars().anyMatch(c -> c >= 'a' && c <= 'z')
                && token.chars().anyMatch(c -> Chars.isDigit((char) c));
    }

    private static boolean isEncodedPrivateKey(String token) {
        var start = token.substring(0, Math.min(token.length(), 64) & ~3);
        try {
            var text = new String(Base64.getDecoder().decode(start), StandardCharsets.ISO_8859_1);
            return text.contains("PRIVATE");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Shape shape(String kind, String shape, String... anchors) {
        return new Shape(kind, List.of(anchors), 0, false, Pattern.compile(shape), token -> true);
    }
}
