package dev.remit.core.settings;

import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What several parts of the file name in the same way: routes, models, addresses, headers.
final class Names {
    private static final Pattern ROUTE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9@][A-Za-z0-9._:@/+-]{0,199}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");

    private static final Set<String> OF_KEYS =
            Set.of("authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie");
    private static final Set<String> OF_TRANSPORT =
            Set.of(
                    "host",
                    "connection",
                    "content-length",
                    "content-type",
                    "content-encoding",
                    "transfer-encoding",
                    "accept",
                    "accept-encoding",
                    "te",
                    "trailer",
                    "upgrade",
                    "expect",
                    "keep-alive");

    private Names() {}

    static boolean isRoute(String name) {
        return ROUTE.matcher(name).matches();
    }

    /// Whether `provider/model` names a model at a provider that there is; else faults tell.
    ///
    /// @param key whether it is written as a key
    static boolean target(
            Source source,
            String pointer,
            String text,
            Set<String> providers,
            boolean key,
            Faults faults) {
        var place = key ? source.key(pointer) : source.value(pointer);
        int slash = text.indexOf('/');
        if (slash <= 0 || !MODEL.matcher(text.substring(slash + 1)).matches()) {
            faults.add(
                    source.file(),
                    place,
                    "`" + text + "` names no model at a provider",
                    "provider/model, such as "
                            + providers.stream().sorted().findFirst().orElse("openai")
                            + "/"
                            + (text.isBlank() || slash >= 0 ? "model" : text.strip()));
            return false;
        }
        var provider = text.substring(0, slash);
        if (!providers.contains(provider)) {
            faults.add(
                    source.file(),
                    place,
                    "there is no provider `" + provider + "`",
                    Nearest.to(provider, providers)
                            .map(near -> "did you mean `" + near + "`?")
                            .orElse("add it under `providers:`"));
            return false;
        }
        return true;
    }

    /// An address to call; absent, with a fault, if it is none.
    static @Nullable URI url(Fields fields, String key) {
        var text = fields.text(key);
        if (text == null) {
            return null;
        }
        try {
            var url = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (isHttp
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null
                    && url.getPort() <= 65_535) {
                return url;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        fields.fault(
                key,
                "this is no address that can be called",
                "http:// or https://, a host and perhaps a path, without a password, ? or #");
        return null;
    }

    /// @param secrets whether a value may name a secret as `${secret.NAME}`
    static Map<String, String> headers(Fields fields, boolean secrets) {
        var headers = new LinkedHashMap<String, String>();
        var source = fields.source();
        fields.entries("headers")
                .forEach((name, pointer) -> {
                    var lower = name.toLowerCase(Locale.ROOT);
                    var value = source.at(pointer);
                    if (!HEADER.matcher(name).matches()) {
                        key(
                                fields,
                                pointer,
                                "`" + name + "` is no name of a header",
                                "such as X-Tenant");
                    } else if (OF_TRANSPORT.contains(lower)) {
                        key(
                                fields,
                                pointer,
                                "`" + name + "` is set by the server itself",
                                "remove it");
                    } else if (!secrets && OF_KEYS.contains(lower)) {
                        key(
                                fields,
                                pointer,
                                "`"
                                        + name
                                        + "` carries a key, which does not belong into this file",
                                "name the secret under `credential`, and the server sends it as the vendor"
                                        + " wants it");
                    } else if (!isValue(value)) {
                        value(
                                fields,
                                pointer,
                                "this is no value of a header",
                                "one line of ASCII, in quotes");
                    } else if (value.asString().contains("${")
                            && (!secrets || !SecretHeader.isWellFormed(value.asString()))) {
                        value(
                                fields,
                                pointer,
                                "this is sent as it stands",
                                secrets
                                        ? "${secret.NAME}, with the name of a secret"
                                        : "write it out");
                    } else if (headers.put(lower, value.asString()) != null) {
                        key(
                                fields,
                                pointer,
                                "`" + name + "` stands here twice",
                                "remove one of them");
                    }
                });
        return headers;
    }

    private static boolean isValue(JsonNode value) {
        return value.isString()
                && !value.asString().isBlank()
                && value.asString().length() <= 4096
                && value.asString().chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }

    private static void key(Fields fields, String pointer, String wrong, String right) {
        var source = fields.source();
        fields.faults().add(source.file(), source.key(pointer), wrong, right);
    }

    private static void value(Fields fields, String pointer, String wrong, String right) {
        var source = fields.source();
        fields.faults().add(source.file(), source.value(pointer), wrong, right);
    }
}
