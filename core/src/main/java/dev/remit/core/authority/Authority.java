package dev.remit.core.authority;

import dev.remit.core.agent.*;
import dev.remit.core.session.State;
import dev.remit.core.tool.Tool;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Placeholder until the real one lands: replace this whole file; runtime.Actions and
/// runtime.ModelCalls use `offered` (tools as the model sees them: evidence added from tier 2 on),
/// `proposal` (takes the evidence out of the arguments) and `decide`. Keep these signatures, or
/// adapt those two callers in the same commit.
public final class Authority {
    private Authority() {}

    public record Proposal(JsonNode arguments, @Nullable String evidence) {}

    public static List<Tool> offered(AgentDefinition a) {
        return List.of();
    }

    public static Proposal proposal(Tool t, JsonNode args) {
        return new Proposal(args, null);
    }

    public static Verdict decide(Definition d, Tool tool, Proposal p, State s, Instant now) {
        return new Verdict.Allow("stub");
    }
}
