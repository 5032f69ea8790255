package dev.remit.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import dev.remit.core.model.Message.Role;
import dev.remit.gateway.Requests;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Dialect;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// One conversation of a session, exactly as each family of models gets it, whichever brain laid it
/// out: the log is the same, and the wire is the vendor's.
class FamiliesTest {
    private static final String CLAUDES =
            new Signature(Dialect.ANTHROPIC, false, null, null, "sig-a").written();
    private static final String OPENAIS =
            new Signature(Dialect.OPENAI_RESPONSES, false, "rs_1", null, "sealed").written();

    /// Two tools at once, thoughts of two vendors, and what came of it.
    private static Requests conversation(String brain) {
        return Requests.to("gateway")
                .route("m")
                .turn(2)
                .brain(brain)
                .system("You look things up.")
                .user("Why?")
                .says(
                        Role.ASSISTANT,
                        new Part.Reasoning("Claude thought", CLAUDES),
                        new Part.Reasoning("GPT thought", OPENAIS),
                        new Part.Text("Looking."),
                        new Part.ToolUse("t1", "runbooks.search", Json.object().put("q", "a")),
                        new Part.ToolUse("t2", "runbooks.list", Json.object()))
                .says(
                        Role.USER,
                        new Part.ToolResult("t1", "found", false),
                        new Part.ToolResult("t2", "no such folder", true))
                .tool("runbooks.search")
                .tool("runbooks.list");
    }

    private static JsonNode sent(String brain, Dialect dialect, String model) throws Exception {
        var chat = Asking.of(conversation(brain).make()).chat();
        var named =
                new dev.remit.gateway.wire.ChatRequest(
                        model,
                        chat.turns(),
                        chat.tools(),
                        chat.toolChoice(),
                        chat.parallelTools(),
                        chat.sampling(),
                        chat.maxOutput(),
                        chat.output(),
                        chat.thinking(),
                        1,
                        true,
                        true,
                        null,
                        chat.metadata());
        return Json.parse(Codec.of(dialect).writeRequest(named, true));
    }

    private static JsonNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    @Test
    void claude_gets_all_results_in_one_message_its_own_thoughts_and_marks_for_its_cache()
            throws Exception {
        var body = sent("anthropic@1", Dialect.ANTHROPIC, "claude-sonnet-4-5");
        assertThat(body.path("system"))
                .isEqualTo(
                        json(
                                "[{'type':'text','text':'You look things up.',"
                                        + "'cache_control':{'type':'ephemeral'}}]"));
        var messages = body.path("messages");
        assertThat(messages).hasSize(3);
        assertThat(messages.path(0).path("content"))
                .isEqualTo(
                        json(
                                "[{'type':'text','text':'Why?',"
                                        + "'cache_control':{'type':'ephemeral'}}]"));
        assertThat(messages.path(1).path("content"))
                .as("signed thoughts come back as they were; those of others do not")
                .isEqualTo(
                        json(
                                "[{'type':'thinking','thinking':'Claude thought','signature':'sig-a'},"
                                        + "{'type':'text','text':'Looking.'},"
                                        + "{'type':'tool_use','id':'t1','name':'runbooks_search',"
                                        + "'input':{'q':'a'}},"
                                        + "{'type':'tool_use','id':'t2','name':'runbooks_list',"
                                        + "'input':{}}]"));
        assertThat(messages.path(2).path("content"))
                .isEqualTo(
                        json(
                                "[{'type':'tool_result','tool_use_id':'t1',"
                                        + "'content':[{'type':'text','text':'found'}]},"
                                        + "{'type':'tool_result','tool_use_id':'t2',"
                                        + "'content':[{'type':'text','text':'no such folder'}],"
                                        + "'is_error':true,"
                                        + "'cache_control':{'type':'ephemeral'}}]"));
        assertThat(marks(body)).as("the vendor takes four").isEqualTo(3);
        assertThat(body.has("tool_choice")).as("several tools at once are its habit").isFalse();
    }

    @Test
    void openai_gets_items_its_sealed_thoughts_and_is_asked_for_more_of_them() throws Exception {
        var body = sent("openai@1", Dialect.OPENAI_RESPONSES, "gpt-5.2");
        assertThat(body.path("include")).isEqualTo(json("['reasoning.encrypted_content']"));
        assertThat(body.path("parallel_tool_calls").asBoolean(false)).isTrue();
        assertThat(body.path("store").asBoolean(true)).isFalse();
        assertThat(types(body.path("input")))
                .containsExactly(
                        "message",
                        "message",
                        "reasoning",
                        "message",
                        "function_call",
                        "function_call",
                        "function_call_output",
                        "function_call_output");
        assertThat(body.at("/input/2"))
                .isEqualTo(
                        json(
                                "{'type':'reasoning','id':'rs_1','summary':[{'type':'summary_text',"
                                        + "'text':'GPT thought'}],'encrypted_content':'sealed'}"));
        assertThat(body.at("/input/7/output").asString()).isEqualTo("Failed: no such folder");
        assertThat(body.toString()).doesNotContain("cache_control", "Claude thought");
    }

    @Test
    void an_openai_model_that_does_not_think_is_not_asked_for_thoughts() throws Exception {
        var body = sent("openai@1", Dialect.OPENAI_RESPONSES, "gpt-4o");
        assertThat(body.has("include")).isFalse();
        assertThat(body.has("reasoning")).isFalse();
    }

    @Test
    void any_other_server_gets_plain_messages() throws Exception {
        var body = sent("generic@1", Dialect.OPENAI_CHAT, "llama");
        assertThat(body.path("messages").valueStream().map(m -> m.path("role").asString("")))
                .containsExactly("system", "user", "assistant", "tool", "tool");
        assertThat(body.has("parallel_tool_calls")).isFalse();
        assertThat(body.toString()).doesNotContain("cache_control", "thought", "include\"");
    }

    @Test
    void a_session_that_falls_back_to_another_family_says_the_same_in_its_words() throws Exception {
        var claude = sent("openai@1", Dialect.ANTHROPIC, "claude-sonnet-4-5");
        assertThat(claude.path("messages")).hasSize(3);
        assertThat(claude.at("/messages/1/content/0/type").asString()).isEqualTo("thinking");
        assertThat(claude.toString()).doesNotContain("GPT thought");
        var gpt = sent("anthropic@1", Dialect.OPENAI_RESPONSES, "gpt-5.2");
        assertThat(types(gpt.path("input"))).contains("reasoning", "function_call_output");
        assertThat(gpt.toString()).doesNotContain("cache_control");
    }

    private static List<String> types(JsonNode items) {
        return items.valueStream().map(i -> i.path("type").asString("")).toList();
    }

    private static long marks(JsonNode node) {
        return (node.has("cache_control") ? 1 : 0)
                + Stream.concat(node.valueStream(), Stream.empty())
                        .mapToLong(FamiliesTest::marks)
                        .sum();
    }
}
