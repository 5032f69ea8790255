package dev.remit.gateway.vendor;

import static dev.remit.gateway.vendor.Bench.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.model.Message.Part;
import dev.remit.core.model.Message.Role;
import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.model.ModelAnswer.Stop;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.gateway.Requests;
import dev.remit.gateway.fake.FakeReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenAiTest {
    private static final String SCHEMA =
            "{\"type\":\"object\",\"required\":[\"title\"],\"properties\":{\"title\":{\"type\":\"string\"}},\"additionalProperties\":false}";

    private Bench bench;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private static Requests ask() {
        return Requests.to("openai").system("Be brief.").user("Hello?");
    }

    private Requests askCompatible() {
        return ask().choice("openai", "llama", bench.compatible());
    }

    @Test
    void a_plain_question_is_asked_and_answered() throws Exception {
        bench.fake.key(Bench.KEY).replies(FakeReply.text("Hello, 漢字 and 🙂."));
        var reply = bench.reply(ask());
        assertThat(reply.message().parts()).containsExactly(new Part.Text("Hello, 漢字 and 🙂."));
        assertThat(reply.model()).isEqualTo("gpt-5.4");
        assertThat(bench.sent())
                .isEqualTo(
                        json(
                                "{'model':'gpt-5.4','stream':true,'max_completion_tokens':1000,"
                                        + "'stream_options':{'include_usage':true},"
                                        + "'service_tier':'default','messages':["
                                        + "{'role':'system','content':'Be brief.'},"
                                        + "{'role':'user','content':'Hello?'}]}"));
    }

    @Test
    void its_words_are_told_while_they_come_and_nothing_else() throws Exception {
        bench.fake.replies(
                FakeReply.of(
                        new Part.Text("Let me look, 漢字 and 🙂."),
                        new Part.ToolUse("t1", "runbooks_search", json("{'q':'redis'}"))));
        assertThat(bench.heard(ask().tool("runbooks.search"))).isEqualTo("Let me look, 漢字 and 🙂.");
    }

    @Test
    void parallel_tool_calls_go_both_ways_under_names_the_vendor_allows() throws Exception {
        bench.fake.replies(
                FakeReply.of(
                        new Part.Text("Let me look."),
                        new Part.ToolUse("c1", "runbooks_search", json("{'q':'redis'}")),
                        new Part.ToolUse("c2", "runbooks_list", json("{}"))));
        var request = ask().tool("runbooks.search").tool("runbooks.list");
        var reply = bench.reply(request);
        assertThat(reply.stop()).isEqualTo(Stop.TOOL_USE);
        assertThat(reply.message().parts())
                .containsExactly(
                        new Part.Text("Let me look."),
                        new Part.ToolUse("c1", "runbooks.search", json("{'q':'redis'}")),
                        new Part.ToolUse("c2", "runbooks.list", json("{}")));
        bench.reply(
                request.turn(2)
                        .add(reply.message())
                        .says(
                                Role.USER,
                                new Part.Text("Both are in."),
                                new Part.ToolResult("c1", "found", false),
                                new Part.ToolResult("c2", "no such folder", true)));
        var messages = bench.sent().path("messages");
        assertThat(messages.path(2))
                .isEqualTo(
                        json(
                                "{'role':'assistant','content':'Let me look.','tool_calls':["
                                        + "{'id':'c1','type':'function','function':{'name':"
                                        + "'runbooks_search','arguments':'{\\'q\\':\\'redis\\'}'}},"
                                        + "{'id':'c2','type':'function','function':{'name':"
                                        + "'runbooks_list','arguments':'{}'}}]}"));
        assertThat(messages.path(3))
                .isEqualTo(json("{'role':'tool','tool_call_id':'c1','content':'found'}"));
        assertThat(messages.path(4))
                .isEqualTo(
                        json(
                                "{'role':'tool','tool_call_id':'c2',"
                                        + "'content':'Failed: no such folder'}"));
        assertThat(messages.path(5)).isEqualTo(json("{'role':'user','content':'Both are in.'}"));
    }

    @Test
    void cached_tokens_are_taken_out_of_the_prompt_tokens() throws Exception {
        // gpt-5.4: 2.5 in, 0.25 cached, 15 out
        bench.fake.replies(FakeReply.text("x").billing(new Usage(101, 2003, 0, 53, 17)));
        var reply = bench.reply(ask());
        assertThat(reply.usage()).isEqualTo(new Usage(101, 2003, 0, 53, 17));
        // 252.5 + 500.75 + 795 = 1548.25
        assertThat(reply.cost()).isEqualTo(new Money(1549));
    }

    @Test
    void a_structured_answer_is_strict_if_the_schema_allows() throws Exception {
        bench.fake.otherwise(asked -> FakeReply.structured(json("{'title':'x'}")));
        assertThat(bench.reply(ask().answer(SCHEMA)).message().text())
                .isEqualTo("{\"title\":\"x\"}");
        var format = bench.sent().path("response_format");
        assertThat(format.at("/json_schema/strict").booleanValue()).isTrue();
        assertThat(format.at("/json_schema/schema")).isEqualTo(json(SCHEMA));

        bench.reply(ask().answer(SCHEMA.replace("\"required\":[\"title\"],", "")));
        format = bench.sent().path("response_format");
        assertThat(format.at("/json_schema/strict").booleanValue()).isFalse();
    }

    @Test
    void a_fence_around_an_answer_is_taken_off_and_anything_else_is_garbage() throws Exception {
        bench.fake.replies(
                FakeReply.text("```json\n{\"title\": \"x\"}\n```"),
                FakeReply.text("Here you are: {\"title\": \"x\"}"),
                FakeReply.text("   "));
        assertThat(bench.reply(ask().answer(SCHEMA)).message().text())
                .isEqualTo("{\"title\":\"x\"}");
        var prose = bench.failure(ask().answer(SCHEMA));
        assertThat(prose.kind()).isEqualTo(Kind.GARBAGE);
        assertThat(prose.usage()).isNotEqualTo(Usage.NONE);
        assertThat(prose.cost()).isNotNull().isNotEqualTo(Money.ZERO);
        assertThat(bench.failure(ask()).kind()).isEqualTo(Kind.GARBAGE);
    }

    @Test
    void a_compatible_server_gets_its_address_either_way_and_needs_no_key() throws Exception {
        bench.keys.clear();
        bench.reply(askCompatible());
        assertThat(bench.fake.requests().getLast().header("authorization")).isEmpty();
        for (var ending : new String[] {"/", "/v1", "/v1/", "/v1/chat/completions"}) {
            bench.reply(ask().choice("openai", "llama", bench.compatible() + ending));
        }
        assertThat(bench.sent().has("max_tokens")).isTrue();
        assertThat(bench.sent().has("service_tier")).isFalse();
    }

    @Test
    void a_server_of_ones_own_costs_nothing() throws Exception {
        var reply = bench.reply(askCompatible());
        assertThat(reply.cost()).isEqualTo(Money.ZERO);
        assertThat(reply.usage().input()).isPositive();
        assertThat(bench.gateway.bound(askCompatible().make())).contains(Money.ZERO);
    }

    @Test
    void a_server_says_itself_which_model_it_serves_and_is_asked_once() throws Exception {
        bench.fake.models("nomic-embed-text", "qwen3:8b", "llama3");
        var unnamed = ask().choice("openai", null, bench.compatible());
        bench.reply(unnamed);
        assertThat(bench.sent().path("model").asString()).isEqualTo("qwen3:8b");
        bench.fake.models("other");
        assertThat(bench.reply(unnamed).model()).isEqualTo("qwen3:8b");
    }

    @Test
    void a_server_without_models_says_what_to_do() throws Exception {
        bench.fake.models();
        var failure = bench.failure(ask().choice("openai", null, bench.compatible()));
        assertThat(failure.kind()).isEqualTo(Kind.INVALID);
        assertThat(failure.why()).contains("serves no model", "REMIT_MODEL");
    }

    @Test
    void a_server_that_knows_no_response_format_is_asked_in_words_and_that_is_remembered()
            throws Exception {
        bench.fake.refuses("response_format");
        bench.fake.otherwise(asked -> FakeReply.text("{\"title\":\"x\"}"));
        assertThat(bench.reply(askCompatible().answer(SCHEMA)).message().text())
                .isEqualTo("{\"title\":\"x\"}");
        assertThat(bench.fake.requests()).hasSize(2);
        assertThat(bench.sent().at("/messages/0/content").asString())
                .startsWith("Be brief.")
                .contains("JSON Schema", "\"title\"");
        bench.reply(askCompatible().answer(SCHEMA));
        assertThat(bench.fake.requests()).hasSize(3);
    }

    @Test
    void a_server_that_knows_little_else_is_served_too() throws Exception {
        bench.fake.refuses("stream_options").refuses("response_format");
        bench.fake.otherwise(asked -> FakeReply.text("{\"title\":\"x\"}"));
        assertThat(bench.reply(askCompatible().answer(SCHEMA)).message().text()).contains("title");
        assertThat(bench.sent().has("stream_options")).isFalse();
    }

    @Test
    void the_vendor_itself_is_not_asked_twice() throws Exception {
        bench.fake.refuses("response_format");
        assertThat(bench.failure(ask().answer(SCHEMA)).kind()).isEqualTo(Kind.INVALID);
        assertThat(bench.fake.requests()).hasSize(1);
    }

    @Test
    void thoughts_of_a_compatible_server_are_kept_apart_and_handed_back() throws Exception {
        bench.fake.replies(
                FakeReply.of(
                        new Part.Reasoning("Hm.", null),
                        new Part.ToolUse("c1", "a_b", json("{}"))));
        var request = askCompatible().tool("a.b");
        var reply = bench.reply(request);
        assertThat(reply.message().parts().getFirst())
                .isEqualTo(new Part.Reasoning("Hm.", "field:reasoning_content"));
        bench.fake.refuses("nothing");
        bench.call(
                request.turn(2)
                        .add(reply.message())
                        .says(Role.USER, new Part.ToolResult("c1", "ok", false)));
        assertThat(bench.sent().at("/messages/2/reasoning_content").asString()).isEqualTo("Hm.");

        bench.fake.replies(FakeReply.text("<think>\nWell.\n</think>\n\nYes."));
        assertThat(bench.reply(askCompatible()).message().parts())
                .containsExactly(new Part.Reasoning("Well.", null), new Part.Text("Yes."));
    }

    @Test
    void refusals_are_told_as_such() throws Exception {
        bench.fake.replies(
                FakeReply.text("I will not do that.").stopping("refusal"),
                FakeReply.text("half").stopping("content_filter"),
                FakeReply.text("and then").stopping("length"));
        var refused = bench.failure(ask());
        assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
        assertThat(refused.why()).contains("I will not do that.");
        assertThat(bench.failure(ask()).kind()).isEqualTo(Kind.REFUSED);
        assertThat(bench.reply(ask()).stop()).isEqualTo(Stop.MAX_TOKENS);
    }

    @Test
    void an_answer_in_one_piece_is_taken_too() throws Exception {
        bench.fake.neverStreams();
        bench.fake.replies(FakeReply.of(new Part.ToolUse("c1", "a_b", json("{'q':'x'}"))));
        var reply = bench.reply(ask().tool("a.b"));
        assertThat(reply.message().toolUses())
                .containsExactly(new Part.ToolUse("c1", "a.b", json("{'q':'x'}")));
        assertThat(reply.usage()).isEqualTo(bench.fake.billed());
    }

    @Test
    void half_a_letter_does_not_get_into_the_log() throws Exception {
        bench.fake.replies(
                FakeReply.text("a\uD83D"),
                FakeReply.text("{\"title\":\"\\uD83D\"}"),
                FakeReply.of(new Part.ToolUse("c1", "a", json("{'q':'\\uDE00'}"))));
        assertThat(bench.reply(ask()).message().text()).isEqualTo("a?");
        assertThat(bench.reply(ask().answer(SCHEMA)).message().text())
                .isEqualTo("{\"title\":\"?\"}");
        assertThat(bench.reply(ask().tool("a")).message().toolUses().getFirst().arguments())
                .isEqualTo(json("{'q':'?'}"));
    }

    @Test
    void calls_without_ids_get_ids_of_their_own() throws Exception {
        bench.fake.replies(
                FakeReply.of(
                        new Part.ToolUse("", "a", json("{}")),
                        new Part.ToolUse("", "a", json("{}"))));
        assertThat(bench.reply(askCompatible().tool("a")).message().toolUses())
                .extracting(Part.ToolUse::id)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).isNotBlank());
    }
}
