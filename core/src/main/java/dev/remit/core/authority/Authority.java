package dev.remit.core.authority;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.AgentDefinition.Grant;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.expression.Expression;
import dev.remit.core.expression.InvalidExpression;
import dev.remit.core.json.Content;
import dev.remit.core.json.InvalidSchema;
import dev.remit.core.json.Json;
import dev.remit.core.json.Schema;
import dev.remit.core.session.State;
import dev.remit.core.tool.Glob;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Says whether a proposed action may start. A pure function; what is not allowed is denied.
public final class Authority {
    /// The field in which a model gives its reason for a write.
    public static final String EVIDENCE = "evidence";

    /// Repetition is looked for among this many proposals for each one that is allowed.
    private static final int LATELY = 4;

    private Authority() {}

    /// What a model proposed, taken apart.
    ///
    /// @param arguments without the evidence
    /// @param evidence the model's reason; absent if it gave none
    public record Proposal(JsonNode arguments, @Nullable String evidence) {}

    /// The tools that a mandate names and does not forbid, as the model sees them.
    public static List<Tool> offered(AgentDefinition agent) {
        var offered = new ArrayList<Tool>();
        for (var grant : agent.may()) {
            var tool = agent.tools().get(grant.tool());
            if (tool != null && forbiddenBy(agent, tool) == null) {
                offered.add(tool.as(tool.description(), toolSchema(tool)));
            }
        }
        return List.copyOf(offered);
    }

    /// The schema of a tool's arguments as the model sees it: from tier 2 on it demands evidence.
    public static JsonNode toolSchema(Tool tool) {
        if (!needsEvidence(tool) || !(tool.input().deepCopy() instanceof ObjectNode schema)) {
            return tool.input();
        }
        if (!(schema.get("properties") instanceof ObjectNode)) {
            schema.putObject("properties");
        }
        ((ObjectNode) schema.required("properties"))
                .putObject(EVIDENCE)
                .put("type", "string")
                .put("minLength", 1)
                .put(
                        "description",
                        "Why this is right: what you saw, and where. It is kept with the action.");
        var required = Json.array();
        schema.path("required").forEach(required::add);
        schema.set("required", required.add(EVIDENCE));
        return schema;
    }

    /// Takes the evidence out of what a model proposed.
    public static Proposal proposal(Tool tool, JsonNode arguments) {
        if (!needsEvidence(tool) || !(arguments instanceof ObjectNode given)) {
            return new Proposal(arguments, null);
        }
        var rest = given.deepCopy();
        var evidence = rest.remove(EVIDENCE);
        boolean isGiven = evidence != null && evidence.isString() && !evidence.asString().isBlank();
        return new Proposal(rest, isGiven ? evidence.asString() : null);
    }

    private static boolean needsEvidence(Tool tool) {
        return tool.tier().number() >= Tier.WRITE_WITH_EVIDENCE.number();
    }

    /// @param now only what a `when:` sees as the time; no limit hangs on it
    public static Verdict decide(
            Definition definition, Tool tool, Proposal proposal, State state, Instant now) {
        return switch (definition) {
            case AgentDefinition agent -> ofAgent(agent, tool, proposal, state, now);
            case WorkflowDefinition workflow -> ofWorkflow(workflow, tool, proposal);
        };
    }

    /// A workflow has no model that could be led astray: its steps are its mandate, and that its
    /// author wrote the step is the evidence.
    private static Verdict ofWorkflow(WorkflowDefinition workflow, Tool tool, Proposal proposal) {
        if (!tool.equals(workflow.tools().get(tool.name()))) {
            return deny("no step of " + workflow.name() + " uses " + tool.name());
        }
        var refused = ofTool(tool, proposal);
        return refused != null
                ? refused
                : new Verdict.Allow("a step of " + workflow.name() + " uses it");
    }

    private static Verdict ofAgent(
            AgentDefinition agent, Tool tool, Proposal proposal, State state, Instant now) {
        var glob = forbiddenBy(agent, tool);
        if (glob != null) {
            return deny("never: \"" + glob + "\" forbids " + tool.name());
        }
        var grant =
                agent.may().stream()
                        .filter(g -> g.tool().equals(tool.name()))
                        .findFirst()
                        .orElse(null);
        if (grant == null || !tool.equals(agent.tools().get(tool.name()))) {
            return deny("may: does not name " + tool.name() + "; it names " + names(agent));
        }
        var refused = ofTool(tool, proposal);
        if (refused == null) {
            refused = ofGrant(grant, agent, proposal, state, now);
        }
        if (refused == null && needsEvidence(tool) && proposal.evidence() == null) {
            refused =
                    deny(
                            "tier 2 demands evidence: say in the field `evidence` why this is right and what shows it");
        }
        if (refused == null) {
            refused = ofRepetition(agent, tool, proposal, state);
        }
        return refused != null ? refused : new Verdict.Allow(allowed(grant, tool));
    }

    private static Verdict.@Nullable Deny ofTool(Tool tool, Proposal proposal) {
        return switch (tool.tier()) {
            case PEOPLE_ONLY ->
                    deny("tier 4 is for people only; no approval opens it. Nothing was done");
            case NEEDS_APPROVAL ->
                    deny(
                            "tier 3 needs approval: approvals come with the authority module of Remit; nothing was done");
            case READ, WRITE_WITH_EVIDENCE -> ofArguments(tool, proposal);
        };
    }

    private static Verdict.@Nullable Deny ofArguments(Tool tool, Proposal proposal) {
        try {
            var faults = Schema.compile(tool.input()).check(proposal.arguments());
            return faults.isEmpty()
                    ? null
                    : deny(
                            "the arguments do not fit the tool's schema: "
                                    + faults.stream()
                                            .limit(10)
                                            .map(Object::toString)
                                            .collect(Collectors.joining("; ")));
        } catch (InvalidSchema e) {
            return deny("the schema of " + tool.name() + " is wrong: " + e.getMessage());
        }
    }

    private static Verdict.@Nullable Deny ofGrant(
            Grant grant, AgentDefinition agent, Proposal proposal, State state, Instant now) {
        for (var only : grant.only().entrySet()) {
            if (!isAllowed(only.getValue(), proposal.arguments().get(only.getKey()))) {
                return deny(
                        "only: `%s` must be %s"
                                .formatted(only.getKey(), Json.write(only.getValue())));
            }
        }
        var when = grant.when();
        if (when == null || holds(when, agent, proposal, state, now)) {
            return null;
        }
        return deny("when: `" + when + "` does not hold");
    }

    /// A list means that any of its values will do.
    private static boolean isAllowed(JsonNode only, @Nullable JsonNode argument) {
        if (argument == null) {
            return false;
        }
        return same(only, argument)
                || (only.isArray() && only.valueStream().anyMatch(v -> same(v, argument)));
    }

    private static boolean same(JsonNode a, JsonNode b) {
        return (a.isNumber() && b.isNumber())
                ? a.decimalValue().compareTo(b.decimalValue()) == 0
                : a.equals(b);
    }

    private static boolean holds(
            String when, AgentDefinition agent, Proposal proposal, State state, Instant now) {
        var opened = state.opened();
        var origin = opened.cause().isEmpty() ? null : opened.cause().getLast();
        var session =
                Json.object().put("id", state.id().toString()).put("turns", state.totals().turns());
        session.set("input", opened.input().value());
        var principal = Json.object();
        if (origin != null) {
            principal.put("kind", origin.kind().name().toLowerCase(Locale.ROOT));
            principal.put("name", origin.name());
        }
        try {
            return Expression.compile(when, Grant.NAMES)
                    .holds(
                            Map.of(
                                    "args", proposal.arguments(),
                                    "agent",
                                            Json.object()
                                                    .put("name", agent.name())
                                                    .put("version", agent.version().hex()),
                                    "session", session,
                                    "principal", principal,
                                    "now", Json.text(now.toString())));
        } catch (InvalidExpression e) {
            return false;
        }
    }

    private static Verdict.@Nullable Deny ofRepetition(
            AgentDefinition agent, Tool tool, Proposal proposal, State state) {
        int most = agent.limits().sameCall();
        var arguments = Content.derived(proposal.arguments());
        int before = state.repetitions(tool.name(), arguments, LATELY * most);
        return before < most
                ? null
                : deny(
                        "limits: same_call allows "
                                + most
                                + " calls with the same arguments, and this would be one more; use what you have, or do something else");
    }

    private static String allowed(Grant grant, Tool tool) {
        var rule = new StringBuilder("may: ").append(grant.tool());
        if (!grant.only().isEmpty()) {
            rule.append(", only ")
                    .append(String.join(", ", grant.only().keySet().stream().sorted().toList()));
        }
        if (grant.when() != null) {
            rule.append(", when ").append(grant.when());
        }
        return rule.append(" (tier ").append(tool.tier().number()).append(")").toString();
    }

    private static String names(AgentDefinition agent) {
        return agent.may().isEmpty()
                ? "nothing"
                : agent.may().stream().map(Grant::tool).collect(Collectors.joining(", "));
    }

    private static @Nullable String forbiddenBy(AgentDefinition agent, Tool tool) {
        return agent.never().stream()
                .filter(glob -> new Glob(glob).matches(tool.name()))
                .findFirst()
                .orElse(null);
    }

    private static Verdict.Deny deny(String rule) {
        return new Verdict.Deny(rule);
    }
}
