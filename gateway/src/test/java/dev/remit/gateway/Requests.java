package dev.remit.gateway;

import dev.remit.core.brain.Profiles;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.Layout;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.model.Rehearsal;
import dev.remit.core.session.Prompt;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Model calls for tests, made step by step.
public final class Requests {
    private ModelChoice choice = ModelChoice.rehearsal(1);
    private int turn = 1;
    private int attempt = 1;
    private String route = "capable";
    private final List<Message> messages = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    private @Nullable JsonNode answer;
    private int maxOutputTokens = 1000;
    private Duration timeout = Duration.ofSeconds(20);
    private JsonNode input = Json.object();
    private @Nullable Rehearsal rehearsal;
    private @Nullable String brain;

    public static Requests to(String provider) {
        var requests = new Requests();
        requests.choice = new ModelChoice(provider, null, null, 1);
        return requests;
    }

    public Requests choice(String provider, @Nullable String model, @Nullable String baseUrl) {
        choice = new ModelChoice(provider, model, baseUrl, 1);
        return this;
    }

    public Requests turn(int number) {
        turn = number;
        return this;
    }

    public Requests attempt(int number) {
        attempt = number;
        return this;
    }

    public Requests route(String name) {
        route = name;
        return this;
    }

    public Requests system(String text) {
        messages.add(Message.of(Message.Role.SYSTEM, text));
        return this;
    }

    public Requests user(String text) {
        messages.add(Message.of(Message.Role.USER, text));
        return this;
    }

    public Requests add(Message message) {
        messages.add(message);
        return this;
    }

    public Requests says(Message.Role role, Message.Part... parts) {
        return add(new Message(role, List.of(parts)));
    }

    public Requests tool(String name) {
        tools.add(
                new Tool(
                        name,
                        "Does " + name,
                        Tier.READ,
                        Json.parse(
                                "{\"type\":\"object\",\"properties\":{\"q\":{\"type\":\"string\"}}}"),
                        true,
                        Duration.ofSeconds(1),
                        1,
                        new Tool.Means.Function(name)));
        return this;
    }

    public Requests answer(String schema) {
        answer = Json.parse(schema);
        return this;
    }

    public Requests maxOutputTokens(int tokens) {
        maxOutputTokens = tokens;
        return this;
    }

    public Requests timeout(Duration longest) {
        timeout = longest;
        return this;
    }

    public Requests input(String json) {
        input = Json.parse(json);
        return this;
    }

    public Requests rehearsal(Rehearsal script) {
        rehearsal = script;
        return this;
    }

    /// Laid out as the profile of that name does it.
    ///
    /// @param name such as `anthropic@1`
    public Requests brain(String name) {
        brain = name;
        return this;
    }

    private Layout layout() {
        if (brain == null) {
            return Layout.PLAIN;
        }
        var said = messages.stream().map(m -> Content.derived(Json.tree(m))).toList();
        return Profiles.find(brain)
                .orElseThrow()
                .layout(Layout.Purpose.ANSWER, Prompt.start(said), null, tools);
    }

    public ModelRequest make() {
        return new ModelRequest(
                SessionId.random(Instant.EPOCH, new Random(1)),
                "triage",
                null,
                List.of(),
                turn,
                attempt,
                choice,
                route,
                messages,
                tools,
                answer,
                maxOutputTokens,
                timeout,
                Content.derived(input),
                rehearsal,
                null,
                layout());
    }
}
