package dev.remit.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.text.Fault;
import java.util.ArrayList;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each fault that a person can make in remit.yaml: where it is told to be, and what would be
/// right.
class SettingsFaultsTest {
    private static String faults(String text) {
        var reading = SettingsReader.read(text, Example.BESIDE::get);
        assertThat(reading.settings() == null).isEqualTo(!reading.faults().isEmpty());
        return reading.faults().stream().map(Fault::toString).collect(Collectors.joining("\n"));
    }

    /// The second line of a file, and what comes after it.
    private static String file(String lines) {
        return faults("remit: server/v1\n" + lines);
    }

    private static String provider(String fields) {
        return file("providers: { p: " + fields + " }\n");
    }

    private static String route(String fields) {
        return file("routes: { r: " + fields + " }\n");
    }

    private static String target(String fields) {
        return file("routes:\n  r:\n    targets:\n      - " + fields + "\n");
    }

    @Test
    void what_is_no_yaml_is_told_at_its_place() {
        assertThat(faults("")).contains("remit.yaml: the file is empty");
        assertThat(faults("just words\n"))
                .contains("remit.yaml:1:1: the file is a text → keys and values");
        assertThat(file("organisation: *acme\n"))
                .contains(
                        "remit.yaml:2:15: an unquoted * begins an alias in YAML → put it in quotes");
        assertThat(file("organisation: #acme\n"))
                .contains(
                        "remit.yaml:2:15: an unquoted # begins a comment, so there is no value here");
        assertThat(file("organisation: a\norganisation: b\n"))
                .contains("remit.yaml:3:1: `organisation` stands here twice");
        assertThat(file("routes: { r: [openai/x }\n")).contains("is not closed");
    }

    @Test
    void the_format_is_named() {
        assertThat(faults("organisation: acme\n"))
                .contains("remit.yaml:1:1: `remit` is missing → remit: server/v1");
        assertThat(faults("remit: agent/v1\n"))
                .contains("remit.yaml:1:8: `agent/v1` is not the format of this file → server/v1");
    }

    @Test
    void all_faults_are_found_at_once() {
        var faults =
                file(
                        "organization: x\nrouts: {}\ntime_zone: Europe/Berln\nprompts: { keep: all }\n");
        assertThat(faults)
                .contains("2:1: `organization` is not known here → did you mean `organisation`?")
                .contains("3:1: `routs` is not known here → did you mean `routes`?")
                .contains(
                        "4:12: there is no time zone `Europe/Berln` → did you mean `Europe/Berlin`?")
                .contains("5:18: `all` is not known here → one of: full, hashes, none, redacted");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ kind: opnai } | 2:25: `opnai` is no kind of provider → did you mean `openai`?",
                "{ url: http://x } | 2:17: `kind` is missing",
                "{ kind: openai, ur: x } | 2:33: `ur` is not known here → did you mean `url`?",
                "{ kind: openai-compatible } | 2:17: `url` is missing",
                "{ kind: azure } | 2:17: `url` is missing → url: https://RESOURCE.openai.azure.com",
                "{ kind: bedrock } | 2:17: `region` is missing → a provider of kind bedrock needs it",
                "{ kind: vertex, region: x } | 2:17: `project` is missing",
                "{ kind: openai, region: x } | 2:33: `region` means nothing to a provider of kind openai → remove it",
                "{ kind: openai, free: true } | 2:39: a vendor's tokens cost money",
                "{ kind: openai, url: ftp://x } | 2:38: this is no address that can be called",
                "{ kind: openai, url: 'https://me:secret1@x.com' } | 2:38: this is no address that can be called",
                "{ kind: openai, requests_per_minute: -1 } | 2:54: `requests_per_minute` is out of range",
                "{ kind: openai, credential: 'a b' } | 2:45: this is no name of a secret",
                "{ kind: openai, headers: { Host: x } } | 2:44: `Host` is set by the server itself",
                "{ kind: openai, headers: { 'a b': x } } | 2:44: `a b` is no name of a header",
                "{ kind: openai, headers: { A: '${x}' } } | 2:47: this is sent as it stands → write it out",
                "{ kind: openai, headers: { Authorization: x } } | 2:44: `Authorization` carries a key, which does not belong into this file",
            })
    void providers(String yaml, String fault) {
        assertThat(provider(yaml)).contains("remit.yaml:" + fault);
    }

    @Test
    void a_provider_without_a_value() {
        assertThat(file("providers:\n  groq:\n"))
                .contains("remit.yaml:3:3: `groq` has no value → groq: { kind: groq }");
        assertThat(file("providers: { My: { kind: openai } }\n"))
                .contains("remit.yaml:2:14: `My` is no name of a provider");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "providers: { openai: { credential: sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH } }",
                "providers: { anthropic: { credential: sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ } }",
                "providers: { openai: { headers: { X-Auth: sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH } } }",
                "providers: { openai: { api_key: sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH } }",
                "providers: { openai: { url: 'https://api.openai.com/?api_key=sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH' } }",
                "telemetry: { headers: { Authorization: 'Bearer sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH' } }",
                "organisation: sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH",
                "time_zone: sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH",
                "routes: { r: sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH }",
            })
    void a_key_in_the_file_is_told_and_not_repeated(String line) {
        assertThat(file(line + "\n"))
                .contains("remit.yaml:2:")
                .contains("does not belong into this file → put it into the vault")
                .doesNotContain("abcdefghijklm");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "opnai/gpt-5 | 2:14: there is no provider `opnai` → did you mean `openai`?",
                "mistral/x | 2:14: there is no provider `mistral` → add it under `providers:`",
                "gpt-5 | 2:14: `gpt-5` names no model at a provider → provider/model, such as anthropic/gpt-5",
                "openai/ | 2:14: `openai/` names no model at a provider",
                "[] | 2:14: the route has no target",
                "[3] | 2:15: this is a number, not a target",
                "{} | 2:14: `targets` is missing",
                "{ targets: [openai/x], strategy: quickest } | 2:47: `quickest` is not known here",
                "{ targets: [openai/x], startegy: ordered } | 2:37: `startegy` is not known here → did you mean `strategy`?",
                "{ targets: [openai/x], total: 5 } | 2:44: `5` has no unit → a duration, such as 90s, 5m, 1h30m or 90d",
                "{ targets: [openai/x], first_token: 20s, total: 10s } | 2:50: the first token may take longer than the whole call",
                "{ targets: [openai/x], stall: 2h } | 2:44: `stall` is out of range",
                "{ targets: [openai/x], max_output: 0 } | 2:49: `max_output` is out of range",
                "{ targets: [openai/x], check: {} } | 2:44: `schema` is missing",
                "{ targets: [openai/x], check: { schema: no.json } } | 2:54: there is no file no.json",
                "{ targets: [openai/x], check: { schema: ../x.json } } | 2:54: `../x.json` is not beside this file",
                "{ targets: [openai/x], check: { schema: x.txt } } | 2:54: `x.txt` is no YAML or JSON file",
                "{ targets: [openai/x], check: { schema: { type: obect } } } | 2:62: this is no JSON Schema",
                "{ targets: [openai/x], check: { when: answer.txt == 'x' } } | 2:52: `answer` has no `txt` → did you mean `text`?",
            })
    void routes(String yaml, String fault) {
        assertThat(route(yaml)).contains("remit.yaml:" + fault);
    }

    @Test
    void a_schema_beside_the_file_is_read_and_told_of_at_its_own_place() {
        assertThat(route("{ targets: [openai/x], check: { schema: broken.schema.yaml } }"))
                .contains("broken.schema.yaml:1:7: this is no JSON Schema");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ model: openai/x, when: request.tolkens > 3 } | 5:34: `request` has no `tolkens` → did you mean `tokens`?",
                "{ model: openai/x, when: \"request['tool'] > 3\" } | 5:35: `request` has no `tool` → did you mean `tools`?",
                "{ model: openai/x, when: \"has(request.tagz)\" } | 5:39: `request` has no `tagz` → did you mean `tags`?",
                "{ model: openai/x, when: rquest.tools > 3 } | 5:34: the expression is wrong: nothing is named `rquest` here; the names are: request",
                "{ model: openai/x, when: request.tools > } | the expression ends too early",
                "{ model: openai/x, when: size(request.team) } | 5:34: the expression gives neither true nor false",
                "{ model: openai/x, when: [] } | 5:34: this is a list, not an expression",
                "{ model: openai/x, priority: 0 } | 5:38: `priority` is out of range",
                "{ model: openai/x, weight: heavy } | 5:36: `weight` is a text, not a whole number",
                "{ priority: 2 } | 5:9: `model` is missing → model: provider/model",
                "{ model: openai/x, at_one: 2 } | 5:28: `at_one` is not known here → did you mean `at_once`?",
            })
    void targets(String yaml, String fault) {
        assertThat(target(yaml)).contains("remit.yaml").contains(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "teams: { growth: { budget: 20 USD } } | 2:28: `20 USD` does not say over which time → 20 USD/day, or /hour",
                "teams: { growth: { budget: 20 EUR/day } } | 2:28: `20 EUR/day` is no limit on money",
                "teams: { growth: { budget: 20 } } | 2:28: this is a number, not a limit on money",
                "teams: { Growth: {} } | 2:10: `Growth` is no name of a team",
                "teams: { growth: { buget: 1 USD/day } } | 2:20: `buget` is not known here → did you mean `budget`?",
                "budgets: [{ limit: 1 USD/day }] | 2:11: `for` is missing",
                "budgets: [{ for: organisation }] | 2:11: `limit` is missing",
                "budgets: [{ for: organization, limit: 1 USD/day }] | 2:18: `organization` is nothing that has a budget → did you mean `organisation`?",
                "budgets: [{ for: 'agnt:x', limit: 1 USD/day }] | 2:18: `agnt:x` is nothing that has a budget → did you mean `agent:x`?",
                "tool_prices: { maps.route: 0.01 } | 2:28: `0.01` has no unit → an amount with its currency, such as 0.50 USD",
                "tool_prices: { Maps: 0.01 USD } | 2:16: `Maps` is no name of a tool, and no pattern over names → such as maps.route, or maps.*",
                "tool_prices: { m: { at_most: 1 USD } } | `reported` is missing → where the result tells what a use cost, such as /usage/cost",
                "tool_prices: { m: { reported: /x } } | `at_most` is missing → the most that one use comes to, an amount with its currency, such as 0.50 USD",
                "tool_prices: { m: { at_most: 1 USD, reported: usage.cost } } | `usage.cost` names no place in a result → a JSON Pointer, such as /usage/cost",
                "tool_prices: { m: { most: 1 USD } } | `most` is not known here",
                "ledger: { days: 0 } | 2:17",
                "budgets: [{ for: organisation, limit: 1 USD/fortnight }] | 2:39: `1 USD/fortnight` is no limit on money",
                "budgets: [{ for: organisation, limit: 1 USD/day, notify: [0] }] | 2:59: this is no share of a limit",
                "budgets: [{ for: organisation, limit: 1 USD/day, mode: hart }] | 2:56: `hart` is not known here → did you mean `hard`?",
                "budgets: [{ for: organisation, limit: 1 USD/day }, { for: organisation, limit: 2 USD/day }] | `organisation` has a limit for each day already → it stands on line 2",
            })
    void money(String line, String fault) {
        assertThat(file(line + "\n")).contains("remit.yaml:2").contains(fault);
    }

    @Test
    void a_file_that_lists_teams_lists_them_all() {
        assertThat(
                        file(
                                "teams: { growth: {} }\nbudgets: [{ for: 'team:grwth', limit: 1 USD/day }]\n"))
                .contains("3:18: there is no team `grwth` → did you mean `team:growth`?");
        assertThat(
                        file(
                                "teams: { growth: {} }\nbudgets: [{ for: 'team:legal', limit: 1 USD/day }]\n"))
                .contains("3:18: there is no team `legal` → add it under `teams:`");
        assertThat(file("budgets: [{ for: 'team:legal', limit: 1 USD/day }]\n")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{}] | 2:10: this guard looks for nothing → one of: secrets, deny, size",
                "[{ secrets: mask, deny: { words: [x] } }] | 2:10: one guard looks for one thing, not for secrets and deny",
                "[{ secrets: msk }] | 2:21: `msk` is not known here → did you mean `mask`?",
                "[{ secrets: mask, on: [requests] }] | 2:32: `requests` is not known here → did you mean `request`?",
                "[{ secrets: mask, on: [] }] | 2:31: this guard looks nowhere",
                "[{ secrets: mask, routes: [fst] }] | 2:36: there is no route `fst`",
                "[{ deny: { words: [x] }, on: [answer] }] | 2:34: `on` stands outside of `deny` → put it into deny: { … }",
                "[{ deny: {} }] | 2:18: `words` is missing",
                "[{ deny: { patterns: ['(a'] } }] | 2:31: not a regular expression in RE2 syntax",
                "[{ deny: { patterns: ['(a)\\1'] } }] | 2:31: not a regular expression in RE2 syntax",
                "[{ deny: { patterns: ['a*'] } }] | 2:31: the pattern matches the empty text",
                "[{ deny: { patterns: ['((a{900}){900})'] } }] | 2:31: not a regular expression in RE2 syntax: the regular expression is too large",
                "[{ size: { mode: block } }] | 2:18: `bytes` is missing",
                "[{ size: { bytes: 1 megabyte } }] | 2:27: `1 megabyte` is no size → a size, such as 64KB or 1MB",
                "[{ size: { bytes: 1MB, mode: mask } }] | 2:38: what is too large cannot be masked",
                "[{ size: { bytes: 1MB, name: x } }, { size: { bytes: 2MB, name: x } }] | `x` names another guard too",
            })
    void guards(String yaml, String fault) {
        assertThat(file("guards: " + yaml + "\n")).contains("remit.yaml:2").contains(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prices: { 'opnai/x': { input: 1, output: 2 } } | 2:11: there is no provider `opnai` → did you mean `openai`?",
                "prices: { 'openai/x': { input: 1 } } | 2:23: `output` is missing",
                "prices: { 'openai/x': { input: 0, output: 2 } } | 2:32: `input` is out of range",
                "prices: { 'openai/x': { input: -1, output: 2 } } | 2:32: `input` is out of range",
                "prices: { 'openai/x': { input: 1 USD, output: 2 } } | 2:32: `input` is a text, not a number",
                "prompts: { days: 0 } | 2:18: `days` is out of range → from 1 to 3650",
                "telemetry: { sampled: 2 } | 2:23: `sampled` is out of range → from 0 to 1",
                "telemetry: { otlp: collector } | 2:20: this is no address that can be called",
                "telemetry: { headers: { A: '${secret}' } } | 2:28: this is sent as it stands → ${secret.NAME}",
            })
    void the_rest(String line, String fault) {
        assertThat(file(line + "\n")).contains("remit.yaml:" + fault);
    }

    @Test
    void whatever_is_cut_or_changed_gives_faults_or_settings_and_never_an_exception() {
        var random = new Random(7);
        var pieces =
                new String[] {
                    "{", "}", "[", "]", ":", "\n", " ", "*", "#", "0", "null", "\"", "a", "-"
                };
        for (int i = 0; i < 500; i++) {
            var text = new StringBuilder(Example.FULL);
            int changes = 1 + random.nextInt(3);
            for (int j = 0; j < changes; j++) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(12));
                text.replace(at, end, pieces[random.nextInt(pieces.length)]);
            }
            var lines = new ArrayList<>(text.toString().lines().toList());
            var reading = SettingsReader.read(text.toString(), Example.BESIDE::get);
            for (var fault : reading.faults()) {
                assertThat(fault.wrong()).isNotBlank();
                assertThat(fault.line()).isBetween(0, lines.size() + 1);
            }
        }
    }
}
