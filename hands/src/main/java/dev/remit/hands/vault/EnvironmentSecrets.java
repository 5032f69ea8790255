package dev.remit.hands.vault;

import dev.remit.core.secret.Secrets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Credentials from environment variables: `slack.token` is `REMIT_SECRET_SLACK_TOKEN`; `anthropic`
/// and `openai` are also what their own tools read.
public final class EnvironmentSecrets implements Secrets {
    private static final String PREFIX = "REMIT_SECRET_";
    private static final Map<String, String> USUAL =
            Map.of("anthropic", "ANTHROPIC_API_KEY", "openai", "OPENAI_API_KEY");

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
                            || USUAL.containsValue(name)
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
        return value(own).or(() -> Optional.ofNullable(USUAL.get(name)).flatMap(this::value));
    }

    @Override
    public Set<String> values() {
        return values;
    }

    private Optional<String> value(String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(v -> !v.isBlank());
    }
}
