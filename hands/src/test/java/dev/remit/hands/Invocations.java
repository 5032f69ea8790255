package dev.remit.hands;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.tool.BuiltIn;
import dev.remit.core.tool.Invocation;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Makes uses of tools for tests.
public final class Invocations {
    private static final SessionId SESSION =
            SessionId.parse("0193f0c2-7a1e-7c3a-9b1e-2f6a1c9d0e11");

    private Invocations() {}

    public static Invocation of(
            Tool tool, String arguments, Map<String, String> files, Duration time) {
        var action = new ActionId("3.0");
        return new Invocation(
                SESSION,
                action,
                1,
                tool,
                Content.derived(Json.parse(arguments)),
                action.idempotencyKey(SESSION),
                Instant.now().plus(time),
                () -> true,
                files);
    }

    public static Invocation builtIn(String name, String arguments, Map<String, String> files) {
        return of(BuiltIn.tools().get(name), arguments, files, Duration.ofSeconds(10));
    }

    /// The same, which may begin only under a condition.
    public static Invocation onlyIf(BooleanSupplier mayBegin, Invocation of) {
        return new Invocation(
                of.session(),
                of.action(),
                of.attempt(),
                of.tool(),
                of.arguments(),
                of.idempotencyKey(),
                of.deadline(),
                mayBegin,
                of.files());
    }

    public static Tool http(Tier tier, boolean idempotent, Tool.Means.Http means) {
        return new Tool(
                "shop.call", "", tier, Json.object(), idempotent, Duration.ofSeconds(5), 1, means);
    }
}
