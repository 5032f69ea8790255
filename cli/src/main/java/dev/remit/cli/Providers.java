package dev.remit.cli;

import dev.remit.core.model.ModelChoice;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which models a run uses, as its options and its environment say.
final class Providers {
    static final List<String> KNOWN =
            List.of("anthropic", "openai", ModelChoice.GATEWAY, ModelChoice.REHEARSAL);

    private static final String HOW =
            "For a model set ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL";

    private Providers() {}

    /// @param credentials for the server's vault, by name
    /// @param notice to be told before the run; absent if there is nothing to tell
    record Chosen(ModelChoice models, Map<String, String> credentials, @Nullable String notice) {}

    /// @param provider asked for; absent: `REMIT_PROVIDER`, or what keys there are
    /// @param model asked for; absent: `REMIT_MODEL`, or what the agent's route stands for
    /// @param replayed the answers come from a recording, so no model is needed
    static Chosen choose(
            Shell shell,
            @Nullable String provider,
            @Nullable String model,
            long seed,
            boolean replayed) {
        var named = provider != null ? provider : shell.variable("REMIT_PROVIDER");
        var wanted = model != null ? model : shell.variable("REMIT_MODEL");
        if (named != null && !KNOWN.contains(named)) {
            throw Failure.usage(
                    "there is no provider " + named, "One of: " + String.join(", ", KNOWN) + ".");
        }
        if (replayed) {
            return new Chosen(
                    ModelChoice.rehearsal(seed),
                    Map.of(),
                    "replaying recorded answers; no model is asked.");
        }
        var anthropic = shell.variable("ANTHROPIC_API_KEY");
        var openai = shell.variable("OPENAI_API_KEY");
        var url = shell.variable("OPENAI_BASE_URL");
        if (named == null) {
            named =
                    anthropic != null
                            ? "anthropic"
                            : openai != null || url != null ? "openai" : ModelChoice.REHEARSAL;
            if (named.equals(ModelChoice.REHEARSAL)) {
                return new Chosen(
                        ModelChoice.rehearsal(seed),
                        Map.of(),
                        "rehearsal: scripted answers. " + HOW);
            }
        }
        return switch (named) {
            case "anthropic" -> anthropic(anthropic, wanted, seed);
            case "openai" -> openai(openai, url, wanted, seed);
            case ModelChoice.GATEWAY ->
                    new Chosen(
                            new ModelChoice(ModelChoice.GATEWAY, wanted, null, seed),
                            Map.of(),
                            null);
            default ->
                    new Chosen(
                            ModelChoice.rehearsal(seed),
                            Map.of(),
                            "answers are scripted (rehearsal); no model is asked.");
        };
    }

    private static Chosen anthropic(@Nullable String key, @Nullable String model, long seed) {
        var choice = new ModelChoice("anthropic", model, null, seed);
        return key == null
                ? new Chosen(
                        choice,
                        Map.of(),
                        "no ANTHROPIC_API_KEY is set: the server uses the key it holds, if any.")
                : new Chosen(choice, Map.of("anthropic", key), null);
    }

    private static Chosen openai(
            @Nullable String key, @Nullable String url, @Nullable String model, long seed) {
        var choice = new ModelChoice("openai", model, url, seed);
        if (key != null) {
            return new Chosen(choice, Map.of("openai", key), null);
        }
        return new Chosen(
                choice,
                Map.of(),
                url != null
                        ? null
                        : "no OPENAI_API_KEY is set: the server uses the key it holds, if any.");
    }
}
