package dev.remit.core.settings;

import dev.remit.core.identity.Key;
import dev.remit.core.settings.Settings.Guard;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/// What holds where nothing is configured.
final class Defaults {
    static final Guard SECRETS =
            new Guard(
                    "secrets",
                    Guard.Kind.SECRETS,
                    Guard.Mode.MASK,
                    true,
                    false,
                    List.of(),
                    List.of(),
                    0,
                    List.of());

    static final Settings.Prompts PROMPTS =
            new Settings.Prompts(Settings.Prompts.Keep.REDACTED, Duration.ofDays(30));

    static final Settings.Sessions SESSIONS =
            new Settings.Sessions(Duration.ofDays(90), "archive", null);

    static final Settings SETTINGS =
            new Settings(
                    "organisation",
                    ZoneOffset.UTC,
                    Map.of(
                            "anthropic", vendor("anthropic", Settings.Provider.Kind.ANTHROPIC),
                            "openai", vendor("openai", Settings.Provider.Kind.OPENAI),
                            "gemini", vendor("gemini", Settings.Provider.Kind.GEMINI)),
                    Map.of(),
                    Map.of(),
                    List.of(),
                    List.of(SECRETS),
                    Map.of(),
                    PROMPTS,
                    new Settings.Telemetry(null, Map.of(), 1));

    private Defaults() {}

    private static Settings.Provider vendor(String name, Settings.Provider.Kind kind) {
        return new Settings.Provider(
                name, kind, null, name, Map.of(), Map.of(), false, Key.Limits.NONE);
    }
}
