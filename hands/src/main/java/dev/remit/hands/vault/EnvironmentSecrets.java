package dev.remit.hands.vault;

import dev.remit.core.secret.Secrets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Credentials from environment variables: `slack.token` is `REMIT_SECRET_SLACK_TOKEN`; those of
/// model vendors are also what their own tools read.
public final class EnvironmentSecrets implements Secrets {
    private static final String PREFIX = "REMIT_SECRET_";
    private static final Map<String, List<String>> USUAL =
            Map.ofEntries(
                    Map.entry("anthropic", List.of("ANTHROPIC_API_KEY")),
                    Map.entry("openai", List.of("OPENAI_API_KEY")),
                    Map.entry("azure", List.of("AZURE_OPENAI_API_KEY")),
                    Map.entry("gemini", List.of("GEMINI_API_KEY", "GOOGLE_API_KEY")),
                    Map.entry("mistral", List.of("MISTRAL_API_KEY")),
                    Map.entry("groq", List.of("GROQ_API_KEY")),
                    Map.entry("deepseek", List.of("DEEPSEEK_API_KEY")),
                    Map.entry("xai", List.of("XAI_API_KEY")),
                    Map.entry("together", List.of("TOGETHER_API_KEY")),
                    Map.entry("fireworks", List.of("FIREWORKS_API_KEY")),
                    Map.entry("openrouter", List.of("OPENROUTER_API_KEY")),
                    Map.entry("bedrock", List.of("AWS_BEARER_TOKEN_BEDROCK")),
                    Map.entry("AWS_ACCESS_KEY_ID", List.of("AWS_ACCESS_KEY_ID")),
                    Map.entry("AWS_SECRET_ACCESS_KEY", List.of("AWS_SECRET_ACCESS_KEY")),
                    Map.entry("AWS_SESSION_TOKEN", List.of("AWS_SESSION_TOKEN")));
    private static final Set<String> VARIABLES =
            USUAL.values().stream().flatMap(List::stream).collect(Collectors.toUnmodifiableSet());

    private static final Pattern OTHERS = Pattern.compile("[^A-Z0-9]");

    private final Map<String, String> environment;
    private final Set<String> values;

    /// @param environment such as [System#getenv]
    public EnvironmentSecrets(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        var all = new HashSet<String>();
        this.environment.forEach((name, value) -> {
            boolean secret =
                    name.startsWith(PREFIX)
                            || VARIABLES.contains(name)
                            || name.equals(MasterKey.VARIABLE);
            if (secret && !value.isBlank()) {
                all.add(value);
            }
        });
        this.values = Set.copyOf(all);
    }

    @Override
    public Optional<String> find(String name) {
        var own = PREFIX + OTHERS.matcher(name.toUpperCase(Locale.ROOT)).replaceAll("_");
        return value(own)
                .or(() ->
                        USUAL.getOrDefault(name, List.of()).stream()
                                .flatMap(variable -> value(variable).stream())
                                .findFirst());
    }

    @Override
    public Set<String> values() {
        return values;
    }

    private Optional<String> value(String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(v -> !v.isBlank());
    }
}
