package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys, budgets, the ledger and models on the command line.
class AdministrationTest {
    private static final String KEY = "rmt_k3v7q2m5xw4a_" + "A".repeat(43);
    private static final String SUMS =
            "{'items':[{'by':{'team':'growth','model':'gpt-5'},'attempts':1200,"
                    + "'usage':{'input':5000,'cache_read':100,'cache_write':0,'output':70,'reasoning':0},"
                    + "'cost_micros':1234567,'saved_micros':10000,'uncertain':0,'unattributed_micros':0},"
                    + "{'by':{'team':null,'model':'=1+1'},'attempts':1,"
                    + "'usage':{'input':1,'cache_read':0,'cache_write':0,'output':1,'reasoning':0},"
                    + "'cost_micros':5,'saved_micros':0,'uncertain':0,'unattributed_micros':0}],"
                    + "'total':{'by':{},'attempts':1201,"
                    + "'usage':{'input':5001,'cache_read':100,'cache_write':0,'output':71,'reasoning':0},"
                    + "'cost_micros':1234572,'saved_micros':10000}}";
    private static final String BUDGET =
            "{'scope':'team:growth','window':'day','budget':'20.00 USD/day','limit_micros':20000000,"
                    + "'hard':true,'thresholds':[50],'spent_micros':15000000,'held_micros':0,"
                    + "'left_micros':5000000,'renews':'2026-11-22T00:00:00Z'}";

    @TempDir Path folder;
    private final FakeServer server = new FakeServer();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void prepare() throws IOException {
        server.home(folder.resolve("home"));
    }

    @AfterEach
    void end() {
        server.close();
    }

    private int remit(String... words) {
        out.reset();
        err.reset();
        return Main.run(
                new Shell(
                        new ByteArrayInputStream(new byte[0]),
                        out,
                        err,
                        Map.of("REMIT_HOME", folder.resolve("home").toString()),
                        folder,
                        false,
                        false,
                        StandardCharsets.UTF_8),
                words);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    // ---- keys

    @Test
    void a_new_key_stands_alone_on_standard_output_for_scripts() {
        server.answer(
                "POST /v1/keys",
                201,
                "{'id':'k3v7q2m5xw4a','key':'"
                        + KEY
                        + "','team':'growth','principal':'service:growth',"
                        + "'permissions':['models:use'],'budget':'20 USD/day'}");

        int code =
                remit(
                        "keys",
                        "create",
                        "--team",
                        "growth",
                        "--budget",
                        "20 USD/day",
                        "--route",
                        "fast,capable",
                        "--expires",
                        "30d",
                        "--rpm",
                        "60",
                        "--tpm",
                        "1000",
                        "--at-once",
                        "2",
                        "--role",
                        "author",
                        "--permission",
                        "money:read");

        assertThat(code).isZero();
        assertThat(out()).isEqualTo(KEY + "\n");
        assertThat(err())
                .contains("key k3v7q2m5xw4a, team growth, as service:growth, may models:use")
                .contains("20 USD/day")
                .doesNotContain(KEY);
        var sent = server.last("POST /v1/keys").body();
        assertThat(sent.path("team").asString()).isEqualTo("growth");
        assertThat(sent.path("routes").toString()).isEqualTo("[\"fast\",\"capable\"]");
        assertThat(sent.path("permissions").toString()).isEqualTo("[\"money:read\"]");
        assertThat(sent.path("limits").toString())
                .isEqualTo("{\"requests\":60,\"tokens\":1000,\"at_once\":2}");
        assertThat(sent.path("expires_at").asString("")).endsWith("Z");
        assertThat(sent.has("agent")).isFalse();
    }

    @Test
    void keys_are_listed_as_a_table_and_revoked_by_id_or_by_themselves() {
        server.answer(
                "GET /v1/keys",
                200,
                "{'items':[{'id':'k3v7q2m5xw4a','name':'ci','status':'live','principal':'service:ci',"
                        + "'routes':[],'permissions':['models:use'],'last_used':'2026-11-21T11:00:00Z'}]}");
        assertThat(remit("keys", "list")).isZero();
        assertThat(out())
                .contains("id            name  status")
                .contains("k3v7q2m5xw4a  ci    live")
                .contains("2026-11-21");

        server.answer("POST /v1/keys/k3v7q2m5xw4a:revoke", 200, "{'name':'ci'}");
        for (var named : new String[] {"k3v7q2m5xw4a", KEY}) {
            assertThat(remit("keys", "revoke", named)).isZero();
            assertThat(err()).contains("revoked everywhere: k3v7q2m5xw4a (ci)").doesNotContain(KEY);
        }
    }

    @Test
    void what_the_key_may_not_do_is_said_and_has_its_exit_code() {
        server.answer("GET /v1/keys", 403, "{'detail':'it lacks the permission keys:manage'}");
        assertThat(remit("keys", "list")).isEqualTo(ExitCode.DENIED);
        assertThat(err()).contains("keys:manage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "budget"})
    void a_command_that_holds_others_says_which(String command) {
        assertThat(remit(command)).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("expected behind ./remit " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys",
                "keys create",
                "keys list",
                "keys revoke",
                "teams",
                "teams add",
                "principals",
                "principals create",
                "principals list",
                "roles",
                "roles grant",
                "roles revoke",
                "roles list",
                "budget",
                "budget set",
                "budget get",
                "budget top",
                "budget remove",
                "ledger",
                "ledger list",
                "ledger show",
                "ledger reconcile",
                "routes",
                "routes check",
                "models",
                "prices",
                "prices update"
            })
    void every_command_has_help_with_an_example(String command) {
        assertThat(remit((command + " --help").split(" "))).isZero();
        assertThat(out()).contains("Examples").contains("./remit " + command);
    }

    private static final String ADA =
            "{'principal':'person:ada@example.org','keys':1,'roles':[{'role':'viewer'},"
                    + "{'role':'operator','team':'growth'}]}";

    @Test
    void a_person_is_entered_with_roles_and_not_twice() {
        var path = "/v1/principals/person/ada@example.org";
        server.answer("GET " + path, 404, "{'detail':'there is none'}");
        server.answer("PUT " + path, 200, ADA);
        assertThat(
                        remit(
                                "principals",
                                "create",
                                "person:ada@example.org",
                                "--role",
                                "operator",
                                "--team",
                                "growth"))
                .isZero();
        assertThat(server.last("PUT " + path).body().toString())
                .isEqualTo("{\"roles\":[{\"role\":\"operator\",\"team\":\"growth\"}]}");
        assertThat(err()).contains("as viewer, operator of growth");

        server.answer("GET " + path, 200, ADA);
        assertThat(remit("principals", "create", "person:ada@example.org"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("is known already");
        assertThat(remit("principals", "create", "ada")).isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("a kind and a name");
    }

    @Test
    void roles_are_granted_taken_back_and_listed() {
        var path = "/v1/principals/person/ada@example.org";
        server.answer("GET " + path, 200, ADA);
        server.answer("PUT " + path, 200, ADA);
        server.answer("GET /v1/principals", 200, "{'items':[" + ADA + "]}");
        assertThat(remit("roles", "grant", "person:ada@example.org", "finance")).isZero();
        assertThat(server.last("PUT " + path).body().path("roles").toString())
                .isEqualTo(
                        "[{\"role\":\"viewer\"},{\"role\":\"operator\",\"team\":\"growth\"},"
                                + "{\"role\":\"finance\"}]");

        assertThat(
                        remit(
                                "roles",
                                "revoke",
                                "person:ada@example.org",
                                "operator",
                                "--team",
                                "growth"))
                .isZero();
        assertThat(server.last("PUT " + path).body().path("roles").toString())
                .isEqualTo("[{\"role\":\"viewer\"}]");
        assertThat(remit("roles", "revoke", "person:ada@example.org", "operator"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err()).contains("has no role operator");

        assertThat(remit("roles", "list", "-o", "csv")).isZero();
        assertThat(out().lines())
                .containsExactly(
                        "principal,role,team",
                        "person:ada@example.org,viewer,",
                        "person:ada@example.org,operator,growth");
        assertThat(remit("principals", "list")).isZero();
        assertThat(out()).contains("viewer, operator of growth");
    }

    @Test
    void a_target_is_asked_for_one_token_and_for_more_only_if_it_takes_no_less() {
        var chat = "POST /openai/v1/chat/completions";
        server.answer(
                "GET /v1/routes",
                200,
                "{'items':[{'name':'fast','targets':[{'target':'openai/m'}]}]}");
        server.answer(chat, 200, "{'model':'m-1','choices':[]}");
        assertThat(remit("routes", "check")).isZero();
        assertThat(out()).contains("openai/m").contains("yes").contains("m-1");
        assertThat(server.whatWasAsked()).containsOnlyOnce(chat);
        assertThat(server.last(chat).body().path("max_tokens").asInt(0)).isEqualTo(1);

        server.answer(chat, 400, "{'error':{'message':'must be at least 16'}}");
        assertThat(remit("routes", "check")).isEqualTo(ExitCode.NOT_GOOD);
        assertThat(out()).contains("must be at least 16");
        assertThat(server.last(chat).body().path("max_tokens").asInt(0)).isEqualTo(16);

        server.answer(chat, 429, "{'error':{'message':'too many'}}");
        assertThat(remit("routes", "check")).isEqualTo(ExitCode.NOT_GOOD);
        assertThat(server.last(chat).body().path("max_tokens").asInt(0)).isEqualTo(1);
    }

    @Test
    void the_doctor_says_for_which_providers_there_are_keys() {
        server.answer("GET /v1/sessions", 200, "{'items':[]}");
        server.answer(
                "GET /v1/settings",
                200,
                "{'providers':[{'name':'anthropic','kind':'anthropic','credential':'anthropic',"
                        + "'key':'held'},{'name':'gemini','kind':'gemini','credential':'gemini',"
                        + "'key':'missing'},{'name':'mine','kind':'openai-compatible',"
                        + "'credential':null,'key':'unneeded'}]}");
        remit("doctor");
        assertThat(out())
                .contains("anthropic: its key is there")
                .contains("there is no key \"gemini\"")
                .contains("REMIT_SECRET_GEMINI")
                .contains("mine: needs no key");
    }

    @Test
    void a_home_is_heard_wherever_it_is_named() throws IOException {
        var other = folder.resolve("other");
        Files.createDirectories(other);
        server.home(other);
        server.answer("GET /v1/teams", 200, "{'items':[]}");
        server.answer("PUT /v1/teams/x", 200, "{}");
        assertThat(remit("--home", other.toString(), "teams")).isZero();
        assertThat(remit("teams", "--home", other.toString(), "add", "x")).isZero();
        assertThat(remit("teams", "add", "x", "--home", other.toString())).isZero();
    }

    // ---- money

    @Test
    void the_ledger_is_an_aligned_table_with_totals() {
        server.answer("GET /v1/ledger:sums", 200, SUMS);
        assertThat(remit("ledger", "--since", "1d", "--by", "team,model")).isZero();
        var lines = out().lines().toList();
        assertThat(lines.get(0)).startsWith("team    model  calls  input  cached  output");
        assertThat(lines.get(1)).startsWith("growth  gpt-5  1,200  5,000     100      70");
        assertThat(lines.get(1)).contains("1.234567 USD");
        assertThat(lines.get(2)).startsWith("-       =1+1       1      1");
        assertThat(lines.get(3)).startsWith("────");
        assertThat(lines.get(4)).startsWith("total          1,201  5,001").contains("1.234572 USD");
        assertThat(lines).hasSize(5);
    }

    @Test
    void the_ledger_in_csv_has_plain_numbers_and_no_formulas() {
        server.answer("GET /v1/ledger:sums", 200, SUMS);
        assertThat(remit("ledger", "--by", "team,model", "-o", "csv")).isZero();
        assertThat(out().lines())
                .containsExactly(
                        "team,model,calls,input,cached,output,cost,saved",
                        "growth,gpt-5,1200,5000,100,70,1.234567,0.01",
                        ",'=1+1,1,1,0,1,0.000005,0.00");
    }

    @Test
    void the_ledger_in_json_is_one_document() {
        server.answer("GET /v1/ledger:sums", 200, SUMS);
        assertThat(remit("ledger", "-o", "json")).isZero();
        assertThat(Json.parse(out()).at("/total/attempts").asInt()).isEqualTo(1201);
    }

    @Test
    void a_budget_shows_how_much_of_it_is_used() {
        server.answer("PUT /v1/budgets", 200, BUDGET);
        assertThat(
                        remit(
                                "budget",
                                "set",
                                "team:growth",
                                "20 USD/day",
                                "--warn",
                                "--notify",
                                "50,80"))
                .isZero();
        var sent = server.last("PUT /v1/budgets").body();
        assertThat(sent.path("hard").asBoolean(true)).isFalse();
        assertThat(sent.path("thresholds").toString()).isEqualTo("[50,80]");
        assertThat(out()).contains("team:growth").contains("15.00 USD").contains("75%");

        server.answer("GET /v1/budgets", 200, "{'items':[" + BUDGET + "]}");
        assertThat(remit("budget", "get", "team:growth")).isZero();
        assertThat(out()).contains("5.00 USD").contains("2026-11-22");

        server.answer(
                "GET /v1/budgets:top",
                200,
                "{'budget':"
                        + BUDGET
                        + ",'items':[{'by':{'agent':'writer'},'attempts':3,'usage':{},"
                        + "'cost_micros':15000000,'saved_micros':0}]}");
        assertThat(remit("budget", "top", "team:growth")).isZero();
        assertThat(out()).contains("writer").contains("15.00 USD");
        assertThat(err()).contains("15.00 USD of 20.00 USD/day spent");

        server.answer("DELETE /v1/budgets", 204, "");
        assertThat(remit("budget", "remove", "team:growth", "day")).isZero();
    }

    @Test
    void a_bill_that_differs_is_shown_and_has_its_exit_code() throws IOException {
        Files.writeString(folder.resolve("bill.csv"), "date,model,cost\n2026-11-20,gpt-5,2\n");
        server.answer(
                "POST /v1/ledger:reconcile",
                200,
                "{'matches':false,'items':[{'day':'2026-11-20','model':'gpt-5','verdict':'missing_here',"
                        + "'here':{'input':0,'output':0,'cost_micros':0},"
                        + "'there':{'input':5,'output':6,'cost_micros':2000000}}],"
                        + "'days':[{'day':'2026-11-20','more_micros':2000000,'explained_micros':0}]}");
        assertThat(remit("ledger", "reconcile", "bill.csv", "--provider", "openai")).isEqualTo(1);
        assertThat(out()).contains("missing here").contains("11").contains("2.00");
        assertThat(err()).contains("2026-11-20: the provider has 2.00 USD more");
        assertThat(server.last("POST /v1/ledger:reconcile").body().path("csv").asString())
                .startsWith("date,model,cost");
    }

    @Test
    void every_target_is_asked_once_and_what_it_says_is_shown() {
        server.answer(
                "GET /v1/routes",
                200,
                "{'items':[{'name':'fast','targets':[{'target':'a/b'}]},"
                        + "{'name':'capable','targets':[{'target':'a/b'}]}]}");
        server.answer("POST /openai/v1/chat/completions", 200, "{'model':'b-2026'}");
        assertThat(remit("routes", "check")).isZero();
        assertThat(out()).contains("a/b").contains("yes").contains("b-2026");
        var asked = server.last("POST /openai/v1/chat/completions").body();
        assertThat(asked.path("model").asString()).isEqualTo("a/b");
        assertThat(server.whatWasAsked().stream().filter(w -> w.contains("completions")))
                .hasSize(1);

        server.answer(
                "POST /openai/v1/chat/completions",
                401,
                "{'error':{'message':'no credential a: remit credentials'}}");
        assertThat(remit("routes", "check")).isEqualTo(1);
        assertThat(out()).contains("no credential a");
    }

    @Test
    void models_show_their_prices_and_where_they_are_from() {
        server.answer(
                "GET /v1/models",
                200,
                "{'source':'the list','as_of':'2026-07-02','items':["
                        + "{'model':'openai/gpt-5','source':'published','input':'1.25','output':'10',"
                        + "'cache_read':'0.125','context':400000},"
                        + "{'model':'x/y','source':'published'}]}");
        assertThat(remit("models", "--search", "gpt")).isZero();
        assertThat(out()).contains("openai/gpt-5").contains("1.25").contains("400,000");
        assertThat(out()).contains("no price known");
        assertThat(err()).contains("2026-07-02").contains("the list");
    }

    @Test
    void a_price_list_is_sent_as_it_is_and_a_bad_file_never() throws IOException {
        Files.writeString(folder.resolve("p.json"), "{\"as_of\":\"2026-12-01\"}");
        Files.writeString(folder.resolve("bad.json"), "{");
        server.answer(
                "POST /v1/prices",
                200,
                "{'from':'a','to':'2026-12-01','added':['x/y'],'changed':[],'removed':[]}");
        assertThat(remit("prices", "update", "p.json")).isZero();
        assertThat(out()).isEqualTo("added  x/y\n");
        assertThat(remit("prices", "update", "bad.json")).isEqualTo(ExitCode.USAGE);
        assertThat(remit("prices", "update", "none.json")).isEqualTo(ExitCode.USAGE);
    }
}
