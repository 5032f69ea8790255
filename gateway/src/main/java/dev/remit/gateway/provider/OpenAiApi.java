package dev.remit.gateway.provider;

import dev.remit.core.settings.Settings;
import dev.remit.core.settings.Settings.Provider.Kind;
import dev.remit.gateway.vendor.Hosts;
import dev.remit.gateway.wire.Dialect;
import dev.remit.http.client.Header;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// OpenAI's own API, and all that speak its language: each with its address and its habits.
final class OpenAiApi extends Account {
    private final Habit habit;

    /// How one of them differs.
    ///
    /// @param url absent: the operator names it
    /// @param seller in the price list; absent: whoever the address belongs to
    /// @param responses whether it has OpenAI's Responses
    /// @param newCap whether the cap is `max_completion_tokens`
    /// @param asksForUsage whether streams tell their usage only when asked
    private record Habit(
            @Nullable String url,
            @Nullable String seller,
            boolean responses,
            boolean newCap,
            boolean asksForUsage) {
        static Habit of(Kind kind) {
            return switch (kind) {
                case OPENAI -> new Habit("https://api.openai.com/v1", "openai", true, true, true);
                case MISTRAL ->
                        new Habit("https://api.mistral.ai/v1", "mistral", false, false, false);
                case GROQ -> new Habit("https://api.groq.com/openai/v1", "groq", false, true, true);
                case DEEPSEEK ->
                        new Habit("https://api.deepseek.com/v1", "deepseek", false, false, true);
                case XAI -> new Habit("https://api.x.ai/v1", "xai", false, true, true);
                case TOGETHER ->
                        new Habit("https://api.together.xyz/v1", "togetherai", false, false, true);
                case FIREWORKS ->
                        new Habit(
                                "https://api.fireworks.ai/inference/v1",
                                "fireworks-ai",
                                false,
                                false,
                                true);
                case OPENROUTER ->
                        new Habit("https://openrouter.ai/api/v1", "openrouter", false, false, true);
                case OPENAI_COMPATIBLE -> new Habit(null, null, false, false, true);
                case ANTHROPIC, AZURE, GEMINI, VERTEX, BEDROCK ->
                        throw new IllegalArgumentException(kind + " does not speak like OpenAI");
            };
        }
    }

    OpenAiApi(Context context, Settings.Provider settings) {
        super(context, settings, Habit.of(settings.kind()).url());
        habit = Habit.of(settings.kind());
    }

    @Override
    public Dialect dialect(String model, Dialect client) {
        return client == Dialect.OPENAI_RESPONSES && habit.responses()
                ? Dialect.OPENAI_RESPONSES
                : Dialect.OPENAI_CHAT;
    }

    @Override
    public boolean newCap() {
        return habit.newCap();
    }

    @Override
    public boolean asksForUsage() {
        return habit.asksForUsage();
    }

    @Override
    List<String> sellers(String model) {
        var seller = habit.seller();
        if (seller != null) {
            return List.of(seller);
        }
        var url = settings().url();
        return url == null ? List.of() : context().prices().now().provider(url).stream().toList();
    }

    @Override
    String text(URI base) {
        return Hosts.versioned(base).toString();
    }

    @Override
    String path(Outgoing call) throws Unusable {
        var responses = call.dialect() == Dialect.OPENAI_RESPONSES;
        return switch (call.operation()) {
            case CHAT -> responses ? "/responses" : "/chat/completions";
            case EMBEDDINGS -> "/embeddings";
            case COUNT_TOKENS -> {
                if (!responses || settings().kind() != Kind.OPENAI) {
                    throw cannot(call.operation());
                }
                yield "/responses/input_tokens";
            }
        };
    }

    @Override
    List<Header> signed(URI address, Outgoing call, byte[] body) throws Unusable {
        var key = key("authorization", "Bearer ");
        var project = option("project", "");
        if (project.isEmpty()) {
            return key;
        }
        var all = new ArrayList<>(key);
        all.add(new Header("openai-project", project));
        return all;
    }

    @Override
    List<String> forwarded() {
        return switch (settings().kind()) {
            case OPENAI -> Forwarded.OPENAI;
            case OPENROUTER -> Forwarded.OPENROUTER;
            default -> Forwarded.ANYWHERE;
        };
    }

    @Override
    OptionalLong picture(String model) {
        return settings().kind() == Kind.OPENAI ? Pictures.openAi(model) : OptionalLong.empty();
    }
}
