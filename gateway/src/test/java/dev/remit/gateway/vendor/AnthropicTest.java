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
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnthropicTest {
    private static final String SCHEMA =
            "{\"type\":\"object\",\"required\":[\"title\"],\"properties\":{\"title\":{\"type\":\"string\"}}}";

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
        return Requests.to("anthropic").system("Be brief.").user("Hello?");
    }

    @Test
    void a_plain_question_is_asked_and_answered() throws Exception {
        bench.fake.key(Bench.KEY).replies(FakeReply.text("Hello, 漢字 and 🙂."));
        var reply = bench.reply(ask());
        assertThat(reply.provider()).isEqualTo("anthropic");
        assertThat(reply.model()).isEqualTo("claude-sonnet-5");
        assertThat(reply.message().text()).isEqualTo("Hello, 漢字 and 🙂.");
        assertThat(reply.stop()).isEqualTo(Stop.END);
        assertThat(reply.firstToken()).isPositive().isLessThanOrEqualTo(reply.total());
        assertThat(bench.sent())
                .isEqualTo(
                        json(
                                "{'model':'claude-sonnet-5','max_tokens':1000,'stream':true,"
                                        + "'service_tier':'standard_only',"
                                        + "'system':[{'type':'text','text':'Be brief.'}],"
                                        + "'messages':[{'role':'user','content':"
                                        + "[{'type':'text','text':'Hello?'}]}]}"));
        assertThat(bench.fake.requests().getLast().header("anthropic-version"))
                .contains("2023-06-01");
    }

    @Test
    void a_route_finds_its_model_and_the_session_may_name_another() throws Exception {
        bench.reply(ask().route("fast"));
        assertThat(bench.sent().path("model").asString()).isEqualTo("claude-haiku-4-5");
        bench.reply(ask().choice("anthropic", "claude-opus-4-8", null));
        assertThat(bench.sent().path("model").asString()).isEqualTo("claude-opus-4-8");
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
                        new Part.ToolUse("t1", "runbooks_search", json("{'q':'redis'}")),
                        new Part.ToolUse("t2", "runbooks_list", json("{}"))));
        var request = ask().tool("runbooks.search").tool("runbooks.list");
        var reply = bench.reply(request);
        assertThat(reply.stop()).isEqualTo(Stop.TOOL_USE);
        assertThat(reply.message().parts())
                .containsExactly(
                        new Part.Text("Let me look."),
                        new Part.ToolUse("t1", "runbooks.search", json("{'q':'redis'}")),
                        new Part.ToolUse("t2", "runbooks.list", json("{}")));

        bench.reply(
                request.turn(2)
                        .add(reply.message())
                        .says(
                                Role.USER,
                                new Part.Text("Both are in."),
                                new Part.ToolResult("t1", "found", false),
                                new Part.ToolResult("t2", "no such folder", true)));
        var messages = bench.sent().path("messages");
        assertThat(messages.path(1).path("content"))
                .isEqualTo(
                        json(
                                "[{'type':'text','text':'Let me look.'},"
                                        + "{'type':'tool_use','id':'t1','name':'runbooks_search',"
                                        + "'input':{'q':'redis'}},"
                                        + "{'type':'tool_use','id':'t2','name':'runbooks_list',"
                                        + "'input':{}}]"));
        assertThat(messages.path(2).path("content"))
                .isEqualTo(
                        json(
                                "[{'type':'tool_result','tool_use_id':'t1','content':'found'},"
                                        + "{'type':'tool_result','tool_use_id':'t2',"
                                        + "'content':'no such folder','is_error':true},"
                                        + "{'type':'text','text':'Both are in.'}]"));
    }

    @Test
    void reasoning_is_handed_back_with_its_signature_and_only_with_it() throws Exception {
        bench.fake.replies(
                FakeReply.of(
                        new Part.Reasoning("Hm.", "c2lnbmVk"),
                        new Part.Reasoning("", "c2VjcmV0"),
                        new Part.ToolUse("t1", "look", json("{}"))));
        var request = ask().tool("look");
        var reply = bench.reply(request);
        assertThat(reply.message().parts().getFirst())
                .isEqualTo(new Part.Reasoning("Hm.", "c2lnbmVk"));
        bench.reply(
                request.turn(2)
                        .add(reply.message())
                        .says(Role.USER, new Part.ToolResult("t1", "ok", false))
                        .says(
                                Role.ASSISTANT,
                                new Part.Reasoning("not theirs", null),
                                new Part.Text("x"))
                        .user("go on"));
        var messages = bench.sent().path("messages");
        assertThat(messages.path(1).path("content").path(0))
                .isEqualTo(json("{'type':'thinking','thinking':'Hm.','signature':'c2lnbmVk'}"));
        assertThat(messages.path(1).path("content").path(1))
                .isEqualTo(json("{'type':'redacted_thinking','data':'c2VjcmV0'}"));
        assertThat(messages.toString()).doesNotContain("not theirs");
    }

    @Test
    void a_structured_answer_is_forced_and_comes_as_json() throws Exception {
        bench.fake.replies(FakeReply.structured(json("{'title':'redis is down'}")));
        var reply = bench.reply(ask().answer(SCHEMA));
        assertThat(reply.message().parts())
                .containsExactly(new Part.Text("{\"title\":\"redis is down\"}"));
        assertThat(reply.stop()).isEqualTo(Stop.END);
        assertThat(bench.sent().path("tool_choice"))
                .isEqualTo(
                        json(
                                "{'type':'tool','name':'answer',"
                                        + "'disable_parallel_tool_use':true}"));
    }

    @Test
    void beside_tools_a_structured_answer_is_one_of_them() throws Exception {
        var request = ask().answer(SCHEMA).tool("look");
        bench.fake.replies(FakeReply.of(new Part.ToolUse("t1", "look", json("{}"))));
        assertThat(bench.reply(request).stop()).isEqualTo(Stop.TOOL_USE);
        assertThat(bench.sent().path("tool_choice")).isEqualTo(json("{'type':'any'}"));

        bench.fake.replies(FakeReply.structured(json("{'title':'x'}")));
        assertThat(bench.reply(request).message().text()).isEqualTo("{\"title\":\"x\"}");

        // an answer beside a call came before the call's result
        bench.fake.replies(
                FakeReply.of(
                        new Part.ToolUse("t1", "answer", json("{'title':'x'}")),
                        new Part.ToolUse("t2", "look", json("{}"))));
        assertThat(bench.reply(request).message().toolUses())
                .extracting(Part.ToolUse::tool)
                .containsExactly("look");
    }

    @Test
    void a_tool_of_its_own_named_answer_is_not_taken_for_the_answer() throws Exception {
        var request = ask().answer(SCHEMA).tool("answer");
        bench.fake.otherwise(asked -> {
            var wire =
                    asked.body().path("tools").values().stream()
                            .map(t -> t.path("name").asString())
                            .filter(n -> n.startsWith("answer_"))
                            .findFirst()
                            .orElseThrow();
            return FakeReply.of(new Part.ToolUse("t1", wire, json("{'q':'y'}")));
        });
        assertThat(bench.reply(request).message().toolUses())
                .containsExactly(new Part.ToolUse("t1", "answer", json("{'q':'y'}")));
    }

    @Test
    void a_model_that_may_not_be_forced_is_asked_in_words_and_that_is_remembered()
            throws Exception {
        bench.fake.refuses("tool_choice");
        bench.fake.otherwise(asked -> FakeReply.structured(json("{'title':'x'}")));
        assertThat(bench.reply(ask().answer(SCHEMA)).message().text())
                .isEqualTo("{\"title\":\"x\"}");
        assertThat(bench.fake.requests()).hasSize(2);
        assertThat(bench.sent().path("system").toString()).contains("calling the tool `answer`");
        bench.reply(ask().answer(SCHEMA));
        assertThat(bench.fake.requests()).hasSize(3);
    }

    @Test
    void an_answer_that_is_no_object_is_wrapped_and_unwrapped() throws Exception {
        bench.fake.replies(FakeReply.structured(json("{'value':['a','b']}")));
        var list =
                "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/s\"},\"$defs\":{\"s\":{\"type\":\"string\"}}}";
        assertThat(bench.reply(ask().answer(list)).message().text()).isEqualTo("[\"a\",\"b\"]");
        assertThat(bench.sent().at("/tools/0/input_schema"))
                .isEqualTo(
                        json(
                                "{'type':'object','additionalProperties':false,"
                                        + "'$defs':{'s':{'type':'string'}},'required':['value'],"
                                        + "'properties':{'value':{'type':'array',"
                                        + "'items':{'$ref':'#/$defs/s'}}}}"));
    }

    @Test
    void every_bucket_is_counted_once_and_priced() throws Exception {
        // claude-sonnet-5: 2 in, 10 out, 0.2 read, 2.5 write
        bench.fake.replies(FakeReply.text("x").billing(new Usage(101, 2003, 407, 53, 0)));
        var reply = bench.reply(ask());
        assertThat(reply.usage()).isEqualTo(new Usage(101, 2003, 407, 53, 0));
        // 202 + 400.6 + 1017.5 + 530 = 2150.1
        assertThat(reply.cost()).isEqualTo(new Money(2151));
        assertThat(bench.fake.billed()).isEqualTo(reply.usage());
    }

    @Test
    void the_served_model_has_its_own_price() throws Exception {
        bench.fake.replies(
                FakeReply.text("x").as("claude-haiku-4-5-20251001").billing(oneThousandIn()),
                FakeReply.text("x").as("claude-unheard-of").billing(oneThousandIn()));
        assertThat(bench.reply(ask()).cost()).isEqualTo(new Money(1000));
        assertThat(bench.reply(ask()).cost()).isEqualTo(new Money(2000));
        bench.fake.replies(FakeReply.text("x").as("claude-unheard-of").billing(oneThousandIn()));
        var unknown = ask().choice("anthropic", "claude-unheard-of", null);
        assertThat(bench.gateway.bound(unknown.make())).isEmpty();
        assertThat(bench.reply(unknown).cost()).isNull();
    }

    private static Usage oneThousandIn() {
        return new Usage(1000, 0, 0, 0, 0);
    }

    @Test
    void what_comes_again_in_every_turn_is_marked_for_the_cache() throws Exception {
        bench.reply(ask().tool("look").brain("anthropic@1"));
        assertThat(bench.sent().at("/system/0/cache_control/type").asString())
                .isEqualTo("ephemeral");
        assertThat(bench.sent().at("/messages/0/content/0/cache_control/type").asString())
                .isEqualTo("ephemeral");
    }

    @Test
    void stop_reasons_and_refusals_are_told_apart() throws Exception {
        bench.fake.replies(FakeReply.text("and then").stopping("max_tokens"));
        assertThat(bench.reply(ask()).stop()).isEqualTo(Stop.MAX_TOKENS);

        bench.fake.replies(FakeReply.text("").stopping("refusal").billing(oneThousandIn()));
        var refused = bench.failure(ask());
        assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
        assertThat(refused.cost()).isEqualTo(new Money(2000));

        bench.fake.replies(FakeReply.structured(json("{'title':1}")).stopping("max_tokens"));
        assertThat(bench.reply(ask().answer(SCHEMA)).message().text()).contains("title");

        bench.fake.replies(FakeReply.text("{\"title").stopping("max_tokens"));
        var cut = bench.failure(ask().answer(SCHEMA));
        assertThat(cut.kind()).isEqualTo(Kind.INVALID);
        assertThat(cut.why()).contains("did not fit into 1000 tokens");
    }

    @Test
    void an_answer_in_one_piece_is_taken_too() throws Exception {
        bench.fake.neverStreams();
        bench.fake.replies(FakeReply.of(new Part.ToolUse("t1", "a_b", json("{'q':'x'}"))));
        var reply = bench.reply(ask().tool("a.b"));
        assertThat(reply.message().toolUses())
                .containsExactly(new Part.ToolUse("t1", "a.b", json("{'q':'x'}")));
        assertThat(reply.usage()).isEqualTo(bench.fake.billed());
    }

    @Test
    void progress_is_told_while_the_model_writes() throws Exception {
        var seen = new ArrayList<Long>();
        bench.fake.replies(FakeReply.text("word ".repeat(200)));
        bench.gateway.call(ask().make(), seen::add);
        assertThat(seen).hasSizeGreaterThan(5).isSorted();
        assertThat(seen.getLast()).isEqualTo(bench.fake.billed().output());
    }

    @Test
    void the_bound_is_above_what_a_call_can_cost() throws Exception {
        var request = ask().tool("look").user("y".repeat(3000)).maxOutputTokens(50);
        var bound = bench.gateway.bound(request.make()).orElseThrow();
        bench.fake.replies(FakeReply.text("ok").billing(new Usage(0, 0, 4000, 50, 0)));
        var reply = bench.reply(request);
        assertThat(reply.cost()).isLessThan(bound);
        // all bytes at the price of a cache write, and the cap: never below
        assertThat(bound.micros()).isGreaterThan((long) (3000 * 2.5 + 50 * 10));
    }
}
