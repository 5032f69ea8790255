package dev.remit.core.settings;

import dev.remit.core.settings.Settings.Provider.Kind;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Formats;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads `providers:`.
final class ProviderReader {
    static final Pattern CREDENTIAL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
    private static final Pattern OPTION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");
    private static final String NO_CREDENTIAL = "none";

    /// What a kind must be told, and what it may be told, of [Keys#OPTIONS].
    private record Options(Set<String> needed, Set<String> possible) {
        static final Options NONE = new Options(Set.of(), Set.of());
    }

    private final Fields file;
    private final Source source;
    private final Faults faults;

    ProviderReader(Fields file) {
        this.file = file;
        this.source = file.source();
        this.faults = file.faults();
    }

    /// @return the vendors under their own names if the file names none
    Map<String, Settings.Provider> read() {
        if (!file.has("providers")) {
            return Defaults.SETTINGS.providers();
        }
        var providers = new LinkedHashMap<String, Settings.Provider>();
        file.entries("providers")
                .forEach((name, pointer) -> {
                    if (!Formats.isName(name)) {
                        faults.add(
                                source.file(),
                                source.key(pointer),
                                "`" + name + "` is no name of a provider",
                                "lower-case letters, digits and hyphens, such as azure-eu");
                    }
                    // A name that was given is a name that routes may use, whatever else is wrong
                    // with it.
                    providers.put(name, read(name, pointer));
                });
        return providers;
    }

    private Settings.Provider read(String name, String pointer) {
        var fallback =
                new Settings.Provider(
                        name,
                        Kind.OPENAI_COMPATIBLE,
                        null,
                        null,
                        Map.of(),
                        Map.of(),
                        false,
                        dev.remit.core.identity.Key.Limits.NONE);
        if (source.at(pointer).isNull()) {
            faults.add(
                    source.file(),
                    source.key(pointer),
                    "`" + name + "` has no value",
                    name
                            + ": { kind: "
                            + kinds().getOrDefault(name, Kind.OPENAI)
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-')
                            + " }");
            return fallback;
        }
        return Fields.at(source, pointer, Keys.PROVIDER, faults)
                .map(fields -> provider(name, fields))
                .orElse(fallback);
    }

    private Settings.Provider provider(String name, Fields fields) {
        var kind = kind(name, fields);
        var url = Names.url(fields, "url");
        boolean free = Boolean.TRUE.equals(fields.truth("free"));
        if (kind != null) {
            if (!fields.has("url") && (kind == Kind.AZURE || kind == Kind.OPENAI_COMPATIBLE)) {
                fields.missing(
                        "url",
                        kind == Kind.AZURE
                                ? "url: https://RESOURCE.openai.azure.com"
                                : "where it listens, such as url: http://127.0.0.1:11434/v1");
            }
            if (free && kind != Kind.OPENAI_COMPATIBLE) {
                fields.fault(
                        "free",
                        "a vendor's tokens cost money",
                        "`free: true` is for your own hardware, with kind: openai-compatible");
            }
        }
        return new Settings.Provider(
                name,
                kind == null ? Kind.OPENAI_COMPATIBLE : kind,
                url,
                credential(name, fields, kind, free),
                kind == null ? Map.of() : options(kind, fields),
                Names.headers(fields, false),
                free,
                LimitFields.read(fields));
    }

    private @Nullable Kind kind(String name, Fields fields) {
        var known = kinds();
        if (!fields.has("kind") && known.containsKey(name)) {
            return known.get(name);
        }
        var text = fields.required("kind", "one of: " + String.join(", ", known.keySet()));
        if (text == null) {
            return null;
        }
        var kind = known.get(text);
        if (kind == null) {
            fields.fault(
                    "kind",
                    "`" + text + "` is no kind of provider",
                    Nearest.hint(text, known.keySet()));
        }
        return kind;
    }

    private static Map<String, Kind> kinds() {
        var kinds = new TreeMap<String, Kind>();
        for (var kind : Kind.values()) {
            kinds.put(word(kind), kind);
        }
        return kinds;
    }

    private static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private @Nullable String credential(
            String name, Fields fields, @Nullable Kind kind, boolean free) {
        if (!fields.has("credential")) {
            return free && kind == Kind.OPENAI_COMPATIBLE ? null : name;
        }
        var credential = fields.text("credential");
        if (credential == null || credential.equals(NO_CREDENTIAL)) {
            return null;
        }
        if (Keyless.isSecret(credential) || credential.length() > 64) {
            fields.fault(
                    "credential",
                    "this looks like the key itself, which does not belong into this file",
                    Keyless.RIGHT);
        } else if (!CREDENTIAL.matcher(credential).matches()) {
            fields.fault(
                    "credential",
                    "this is no name of a secret",
                    "letters, digits, `-`, `_` and `.`, such as " + name + "; or none");
        }
        return credential;
    }

    private static Options optionsOf(Kind kind) {
        return switch (kind) {
            case AZURE -> new Options(Set.of(), Set.of("api_version", "deployment"));
            case VERTEX -> new Options(Set.of("project", "region"), Set.of("api_version"));
            case BEDROCK -> new Options(Set.of("region"), Set.of());
            case ANTHROPIC, GEMINI -> new Options(Set.of(), Set.of("api_version"));
            case OPENAI -> new Options(Set.of(), Set.of("project"));
            case MISTRAL, GROQ, DEEPSEEK, XAI, TOGETHER, FIREWORKS, OPENROUTER, OPENAI_COMPATIBLE ->
                    Options.NONE;
        };
    }

    private Map<String, String> options(Kind kind, Fields fields) {
        var all = optionsOf(kind);
        var options = new LinkedHashMap<String, String>();
        for (var key : new TreeSet<>(Keys.OPTIONS)) {
            if (!fields.has(key)) {
                if (all.needed().contains(key)) {
                    fields.missing(key, "a provider of kind " + word(kind) + " needs it");
                }
            } else if (!all.needed().contains(key) && !all.possible().contains(key)) {
                faults.add(
                        source.file(),
                        source.key(fields.pointer(key)),
                        "`" + key + "` means nothing to a provider of kind " + word(kind),
                        "remove it");
            } else {
                var value = option(fields, key);
                if (value != null) {
                    options.put(key, value);
                }
            }
        }
        return options;
    }

    /// Written without quotes, some of them look like numbers to YAML.
    private static @Nullable String option(Fields fields, String key) {
        JsonNode value = fields.get(key);
        var text = value != null && value.isIntegralNumber() ? value.asString() : fields.text(key);
        if (text != null && !OPTION.matcher(text).matches()) {
            fields.fault(
                    key, "this cannot be a " + key.replace('_', ' '), "letters, digits, - and .");
        }
        return text;
    }
}
