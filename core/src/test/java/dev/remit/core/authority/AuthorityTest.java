package dev.remit.core.authority;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.AgentDefinition.Grant;
import dev.remit.core.agent.AgentDefinition.Limits;
import dev.remit.core.agent.AgentDefinition.OnTrouble;
import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.authority.Authority.Proposal;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.json.Schema;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.session.Event;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.State;
import dev.remit.core.tool.BuiltIn;
import dev.remit.core.tool.Glob;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final State STATE =
            State.first(
                    new Recorded(
                            SessionId.random(NOW, new Random(1)),
                            1,
                            0,
                            NOW,
                            new Event.Opened(
                                    new DefinitionRef("a", Hash.of("v")),
                                    Content.derived(Json.parse("{\"severity\": \"SEV1\"}")),
                                    List.of(
                                            new Principal(Principal.Kind.AGENT, "boss"),
                                            new Principal(Principal.Kind.PERSON, "ada")),
                                    null,
                                    ModelChoice.rehearsal(1),
                                    null,
                                    null,
                                    null)));

    private static Tool tool(String name, Tier tier) {
        return new Tool(
                name,
                "",
                tier,
                Json.parse(
                        "{\"type\":\"object\",\"properties\":{\"channel\":{\"type\":\"string\"},\"n\":{\"type\":\"number\"},\"text\":{\"type\":\"string\"}},\"additionalProperties\":false}"),
                false,
                Duration.ofSeconds(1),
                1,
                new Tool.Means.Function(name));
    }

    private static AgentDefinition agent(List<Grant> may, List<String> never, Tool... tools) {
        var byName = new java.util.HashMap<String, Tool>();
        for (var tool : tools) {
            byName.put(tool.name(), tool);
        }
        return new AgentDefinition(
                "a",
                Hash.of("v"),
                "",
                null,
                null,
                null,
                "capable",
                "",
                null,
                null,
                may,
                never,
                OnTrouble.ESCALATE,
                null,
                Limits.DEFAULT,
                List.of(),
                null,
                null,
                byName,
                Map.of(),
                null);
    }

    private static Grant grant(String tool) {
        return new Grant(tool, Map.of(), null);
    }

    private static Verdict decide(
            AgentDefinition agent, Tool tool, String arguments, String evidence) {
        return Authority.decide(
                agent, tool, new Proposal(Json.parse(arguments), evidence), STATE, NOW);
    }

    private static void denied(Verdict verdict, String rule) {
        assertThat(verdict).isInstanceOf(Verdict.Deny.class);
        assertThat(verdict.rule()).contains(rule);
    }

    private static void allowed(Verdict verdict) {
        assertThat(verdict).as(verdict.rule()).isInstanceOf(Verdict.Allow.class);
    }

    @Test
    void a_named_read_is_allowed_and_the_rule_says_which_line() {
        var read = tool("runbooks.search", Tier.READ);
        var verdict =
                decide(agent(List.of(grant("runbooks.search")), List.of(), read), read, "{}", null);
        allowed(verdict);
        assertThat(verdict.rule()).isEqualTo("may: runbooks.search (tier 1)");
    }

    @Test
    void what_the_mandate_does_not_name_is_denied() {
        var read = tool("db.read", Tier.READ);
        denied(
                decide(agent(List.of(grant("x")), List.of(), read), read, "{}", null),
                "may: does not name db.read");
        denied(decide(agent(List.of(), List.of(), read), read, "{}", null), "it names nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.delete", "db.*", "*", "db.delete", "d*e", "**"})
    void never_wins_over_may(String glob) {
        var tool = tool("db.delete", Tier.READ);
        denied(
                decide(
                        agent(List.of(grant("db.delete")), List.of("billing.*", glob), tool),
                        tool,
                        "{}",
                        null),
                "never: \"" + glob + "\"");
        assertThat(Authority.offered(agent(List.of(grant("db.delete")), List.of(glob), tool)))
                .isEmpty();
    }

    @Test
    void a_tool_that_is_not_the_registered_one_is_denied() {
        var registered = tool("db.read", Tier.READ);
        var other =
                new Tool(
                        "db.read",
                        "",
                        Tier.READ,
                        registered.input(),
                        true,
                        Duration.ofSeconds(1),
                        1,
                        new Tool.Means.Function("evil"));
        denied(
                decide(agent(List.of(grant("db.read")), List.of(), registered), other, "{}", null),
                "may: ");
    }

    @Test
    void only_is_exact() {
        var tool = tool("slack.post", Tier.READ);
        var agent =
                agent(
                        List.of(
                                new Grant(
                                        "slack.post",
                                        Map.of("channel", Json.text("#incidents")),
                                        null)),
                        List.of(),
                        tool);
        allowed(decide(agent, tool, "{\"channel\":\"#incidents\"}", null));
        for (var other :
                new String[] {
                    "{\"channel\":\"#Incidents\"}",
                    "{\"channel\":\"#incidents \"}",
                    "{}",
                    "{\"channel\":\"#general\"}"
                }) {
            denied(decide(agent, tool, other, null), "only: `channel` must be \"#incidents\"");
        }
        var numbers =
                agent(
                        List.of(
                                new Grant(
                                        "slack.post", Map.of("n", Json.parse("[1, 2.50]")), null)),
                        List.of(),
                        tool);
        allowed(decide(numbers, tool, "{\"n\":1.0}", null));
        allowed(decide(numbers, tool, "{\"n\":2.5}", null));
        denied(decide(numbers, tool, "{\"n\":3}", null), "only: `n`");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "args.channel == '#a'|true",
                "args.channel.startsWith('#')|true",
                "session.input.severity == 'SEV1' && session.turns < 5|true",
                "principal.name == 'ada' && principal.kind == 'person'|true",
                "agent.name == 'a'|true",
                "timestamp(now).getHours() == 12|true",
                "args.channel == '#b'|false",
                "args.missing == 'x'|false",
                "args.channel|false",
                "unknown_name|false",
                "1 / 0 == 1|false",
                "this is no CEL|false",
                "principal.name|false",
            })
    void a_condition_lets_through_only_what_is_true(String when, boolean allowed) {
        var tool = tool("slack.post", Tier.READ);
        var agent = agent(List.of(new Grant("slack.post", Map.of(), when)), List.of(), tool);
        var verdict = decide(agent, tool, "{\"channel\":\"#a\"}", null);
        if (allowed) {
            allowed(verdict);
        } else {
            denied(verdict, "when: `" + when + "` does not hold");
        }
    }

    @Test
    void arguments_that_do_not_fit_are_denied_with_what_would_be_right() {
        var tool = tool("slack.post", Tier.READ);
        var agent = agent(List.of(grant("slack.post")), List.of(), tool);
        denied(
                decide(agent, tool, "{\"channel\":3,\"chanel\":\"x\"}", null),
                "the arguments do not fit the tool's schema: /channel: must be text, not a whole number; `chanel` is not a field");
        denied(decide(agent, tool, "[]", null), "must be an object");
        denied(decide(agent, tool, "null", null), "must be an object");
    }

    @Test
    void a_write_demands_evidence() {
        var tool = tool("slack.post", Tier.WRITE_WITH_EVIDENCE);
        var agent = agent(List.of(grant("slack.post")), List.of(), tool);
        denied(decide(agent, tool, "{}", null), "tier 2 demands evidence");
        allowed(decide(agent, tool, "{}", "redis is down since 12:03, log line 7"));
        var offered = Authority.offered(agent).getFirst().input();
        assertThat(offered.get("required").get(0).asString()).isEqualTo("evidence");
        assertThat(Schema.compile(offered).check(Json.parse("{\"channel\":\"#a\"}"))).hasSize(1);
        assertThat(
                        Schema.compile(offered)
                                .check(Json.parse("{\"channel\":\"#a\",\"evidence\":\"x\"}")))
                .isEmpty();
        assertThat(tool.input().path("properties").has("evidence")).isFalse();
    }

    @Test
    void evidence_is_taken_out_of_what_the_model_proposed() {
        var write = tool("w", Tier.WRITE_WITH_EVIDENCE);
        var both = Json.parse("{\"n\":1,\"evidence\":\"saw it\"}");
        assertThat(Authority.proposal(write, both))
                .isEqualTo(new Proposal(Json.parse("{\"n\":1}"), "saw it"));
        assertThat(both.has("evidence")).isTrue();
        for (var none :
                new String[] {
                    "{\"n\":1}",
                    "{\"n\":1,\"evidence\":\"  \"}",
                    "{\"n\":1,\"evidence\":7}",
                    "{\"n\":1,\"evidence\":null}"
                }) {
            assertThat(Authority.proposal(write, Json.parse(none)))
                    .isEqualTo(new Proposal(Json.parse("{\"n\":1}"), null));
        }
        assertThat(Authority.proposal(write, Json.parse("[1]")).evidence()).isNull();
        JsonNode kept = Authority.proposal(tool("r", Tier.READ), both).arguments();
        assertThat(kept).isEqualTo(both);
    }

    @ParameterizedTest
    @EnumSource(
            value = Tier.class,
            names = {"NEEDS_APPROVAL", "PEOPLE_ONLY"})
    void tiers_three_and_four_are_denied_whatever_is_said(Tier tier) {
        var tool = tool("db.drop", tier);
        var agent = agent(List.of(grant("db.drop")), List.of(), tool);
        denied(decide(agent, tool, "{}", "very good evidence"), "tier " + tier.number());
        var workflow =
                new WorkflowDefinition(
                        "w",
                        Hash.of("v"),
                        "",
                        null,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        Map.of(),
                        Map.of("db.drop", tool));
        denied(
                Authority.decide(workflow, tool, new Proposal(Json.object(), null), STATE, NOW),
                "tier " + tier.number());
    }

    @Test
    void the_same_call_again_and_again_is_denied() {
        var tool = tool("db.read", Tier.READ);
        var agent = agent(List.of(grant("db.read")), List.of(), tool);
        var state = STATE;
        int allowed = 0;
        for (int i = 1; i <= 6; i++) {
            var verdict =
                    Authority.decide(
                            agent, tool, new Proposal(Json.parse("{\"n\":1}"), null), state, NOW);
            var arguments = Content.derived(Json.parse("{\"n\":1}"));
            allowed += verdict instanceof Verdict.Allow ? 1 : 0;
            state =
                    state.apply(
                            new Event.ActionDenied(
                                    new ActionId(i + ".0"), "db.read", arguments, "x"),
                            NOW);
        }
        assertThat(allowed).isEqualTo(3);
        var last = state;
        denied(
                Authority.decide(
                        agent, tool, new Proposal(Json.parse("{\"n\":1}"), null), last, NOW),
                "same_call allows 3");
        allowed(
                Authority.decide(
                        agent, tool, new Proposal(Json.parse("{\"n\":2}"), null), last, NOW));
    }

    @Test
    void a_workflow_may_use_what_its_steps_use_and_needs_no_evidence() {
        var tool = tool("slack.post", Tier.WRITE_WITH_EVIDENCE);
        var workflow =
                new WorkflowDefinition(
                        "w",
                        Hash.of("v"),
                        "",
                        null,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        Map.of(),
                        Map.of("slack.post", tool));
        allowed(
                Authority.decide(
                        workflow,
                        tool,
                        new Proposal(Json.parse("{\"text\":\"x\"}"), null),
                        STATE,
                        NOW));
        denied(
                Authority.decide(
                        workflow, tool, new Proposal(Json.parse("{\"text\":1}"), null), STATE, NOW),
                "/text");
        denied(
                Authority.decide(
                        workflow,
                        tool("x.y", Tier.READ),
                        new Proposal(Json.object(), null),
                        STATE,
                        NOW),
                "no step of w");
    }

    @Test
    void the_built_in_tools_have_schemas_that_hold() {
        for (var tool : BuiltIn.tools().values()) {
            assertThat(Schema.compile(tool.input())).isNotNull();
            assertThat(Schema.compile(Authority.toolSchema(tool))).isNotNull();
        }
        assertThat(BuiltIn.tools().get(BuiltIn.JOURNAL_APPEND).tier())
                .isEqualTo(Tier.WRITE_WITH_EVIDENCE);
    }

    @ParameterizedTest
    @CsvSource({
        "*.delete,a.delete,true",
        "*.delete,delete,false",
        "a.*,a.b.c,true",
        "a*c,abcbc,true",
        "a*c,abcb,false",
        "a,a,true",
        "a,b,false",
        "a?,ab,false"
    })
    void a_glob_matches(String glob, String name, boolean matches) {
        assertThat(new Glob(glob).matches(name)).isEqualTo(matches);
    }

    @Test
    void a_glob_of_many_stars_takes_no_time() {
        assertThat(new Glob("*a".repeat(1000) + "b").matches("a".repeat(5000))).isFalse();
    }
}
