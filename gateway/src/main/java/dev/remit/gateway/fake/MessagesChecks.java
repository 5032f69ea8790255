package dev.remit.gateway.fake;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What the Messages API does not accept.
final class MessagesChecks {
    private static final Set<String> COUNTED =
            Set.of(
                    "cache_control",
                    "context_management",
                    "mcp_servers",
                    "messages",
                    "model",
                    "output_config",
                    "output_format",
                    "speed",
                    "system",
                    "thinking",
                    "tool_choice",
                    "tools");
    private static final Set<String> FIELDS =
            Set.of(
                    "container",
                    "inference_geo",
                    "max_tokens",
                    "metadata",
                    "service_tier",
                    "stop_sequences",
                    "stream",
                    "temperature",
                    "top_k",
                    "top_p");
    private static final Pattern TOOL = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

    /// Models that go on with what an assistant began; newer ones refuse.
    private static final Pattern PREFILLED =
            Pattern.compile("claude-(3.*|(opus|sonnet|haiku)-4(-[0-5])?(-\\d{8})?)");

    private static final int MOST_BREAKPOINTS = 4;
    private static final int LEAST_BUDGET = 1024;

    private MessagesChecks() {}

    /// @param counting whether tokens are only counted
    static void check(FakeRequest request, boolean counting) throws Refused {
        var body = request.body();
        Refused.unless(
                request.header("anthropic-version").isPresent(),
                "anthropic-version: header is required");
        for (var name : body.propertyNames()) {
            Refused.unless(
                    COUNTED.contains(name) || (!counting && FIELDS.contains(name)),
                    name + ": Extra inputs are not permitted");
        }
        Refused.unless(!request.model().isEmpty(), "model: Field required");
        Refused.unless(body.path("messages").isArray(), "messages: Field required");
        if (!counting) {
            numbers(body);
        }
        tools(body);
        thinking(body, counting);
        Refused.unless(
                breakpoints(body) <= MOST_BREAKPOINTS,
                "A maximum of 4 blocks with cache_control may be provided. Found "
                        + breakpoints(body)
                        + ".");
        messages(body.path("messages"), request.model());
    }

    private static void numbers(JsonNode body) throws Refused {
        var cap = body.path("max_tokens");
        Refused.unless(cap.isIntegralNumber(), "max_tokens: Field required");
        Refused.unless(
                cap.longValue() >= 1, "max_tokens: Input should be greater than or equal to 1");
        var temperature = body.path("temperature").asDouble(1);
        Refused.unless(temperature >= 0 && temperature <= 1, "temperature: range: 0..1");
        for (var stop : body.path("stop_sequences")) {
            Refused.unless(
                    !stop.asString("").isBlank(),
                    "stop_sequences: each stop sequence must contain non-whitespace");
        }
        for (var name : body.path("metadata").propertyNames()) {
            Refused.unless(
                    name.equals("user_id"),
                    "metadata." + name + ": Extra inputs are not permitted");
        }
    }

    private static void tools(JsonNode body) throws Refused {
        var tools = body.path("tools");
        for (int i = 0; i < tools.size(); i++) {
            var tool = tools.path(i);
            var at = "tools." + i + ".custom.";
            if (!tool.path("type").asString("custom").equals("custom")) {
                continue; // a tool of the vendor's own
            }
            Refused.unless(
                    TOOL.matcher(JsonNodes.text(tool, "name")).matches(),
                    at + "name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
            Refused.unless(
                    JsonNodes.is(tool.path("input_schema"), "type", "object"),
                    at + "input_schema.type: Field required");
        }
        Refused.unless(
                !body.has("tool_choice") || !tools.isEmpty(),
                "tool_choice may only be specified while providing tools.");
        var choice = body.path("tool_choice");
        if (JsonNodes.is(choice, "type", "tool")) {
            var name = JsonNodes.text(choice, "name");
            Refused.unless(
                    tools.valueStream().anyMatch(t -> JsonNodes.is(t, "name", name)),
                    "Tool '" + name + "' not found in provided tools");
        }
    }

    private static void thinking(JsonNode body, boolean counting) throws Refused {
        var thinking = body.path("thinking");
        boolean enabled = JsonNodes.is(thinking, "type", "enabled");
        if (!enabled && !JsonNodes.is(thinking, "type", "adaptive")) {
            return;
        }
        var choice = JsonNodes.text(body.path("tool_choice"), "type");
        Refused.unless(
                !choice.equals("any") && !choice.equals("tool"),
                "Thinking may not be enabled when tool_choice forces tool use.");
        Refused.unless(
                body.path("temperature").asDouble(1) == 1,
                "`temperature` may only be set to 1 when thinking is enabled.");
        if (enabled) {
            long budget = thinking.path("budget_tokens").asLong(0);
            Refused.unless(
                    budget >= LEAST_BUDGET,
                    "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
            Refused.unless(
                    counting || budget < body.path("max_tokens").asLong(0),
                    "`max_tokens` must be greater than `thinking.budget_tokens`.");
        }
    }

    private static int breakpoints(JsonNode node) {
        int found = node.path("cache_control").isObject() ? 1 : 0;
        for (var child : node.properties()) {
            if (!child.getKey().equals("input_schema") && !child.getKey().equals("input")) {
                for (var block : child.getValue()) {
                    found += block.isObject() ? breakpoints(block) : 0;
                }
            }
        }
        return found;
    }

    private static void messages(JsonNode messages, String model) throws Refused {
        Refused.unless(!messages.isEmpty(), "messages: at least one message is required");
        Refused.unless(
                JsonNodes.is(messages.path(0), "role", "user"),
                "messages: first message must use the \"user\" role");
        Set<String> called = Set.of();
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.path(i);
            var role = JsonNodes.text(message, "role");
            Refused.unless(
                    role.equals("user") || role.equals("assistant"),
                    "messages: Unexpected role \""
                            + role
                            + "\". The Messages API accepts a top-level `system` parameter, not"
                            + " \"system\" as an input message role.");
            called = MessageBlocks.check(message, "messages." + i, called);
        }
        MessageBlocks.unanswered(called, "messages." + (messages.size() - 1));
        var last = messages.path(messages.size() - 1);
        if (JsonNodes.is(last, "role", "assistant")) {
            Refused.unless(
                    PREFILLED.matcher(model).matches(),
                    "This model does not support assistant message prefill. The conversation must"
                            + " end with a user message.");
        }
    }

    /// An own set, in its order.
    static Set<String> calls(JsonNode message) {
        var calls = new LinkedHashSet<String>();
        for (var block : message.path("content")) {
            if (JsonNodes.is(block, "type", "tool_use")) {
                calls.add(JsonNodes.text(block, "id"));
            }
        }
        return calls;
    }
}
