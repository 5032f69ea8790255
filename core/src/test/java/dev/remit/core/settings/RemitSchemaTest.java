package dev.remit.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import dev.remit.core.json.Schema;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Quantities;
import dev.remit.core.text.Source;
import dev.remit.core.tool.PriceFields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The schema that editors use says the same as the reader.
class RemitSchemaTest {
    private static final JsonNode SCHEMA = schema();

    private static JsonNode schema() {
        return Json.parse(text("docs/schemas/remit.schema.json"));
    }

    private static String text(String path) {
        try {
            return Files.readString(Path.of("..").resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> keys(String pointer) {
        return new HashSet<>(SCHEMA.at(pointer + "/properties").propertyNames());
    }

    private static boolean fits(String yaml) {
        var faults = new Faults();
        var source = Source.read("remit.yaml", yaml, faults).orElseThrow();
        assertThat(faults.sorted()).isEmpty();
        return Schema.compile(SCHEMA).check(source.root()).isEmpty();
    }

    @Test
    void every_key_that_the_reader_knows_is_in_the_schema_and_the_reverse() {
        assertThat(keys("")).isEqualTo(Keys.FILE);
        assertThat(keys("/properties/providers/additionalProperties")).isEqualTo(Keys.PROVIDER);
        var route = "/properties/routes/additionalProperties/oneOf/2";
        assertThat(keys(route)).isEqualTo(Keys.ROUTE);
        assertThat(keys(route + "/properties/check")).isEqualTo(Keys.CHECK);
        assertThat(keys("/$defs/target/oneOf/1")).isEqualTo(Keys.TARGET);
        assertThat(keys("/properties/teams/additionalProperties/oneOf/1")).isEqualTo(Keys.TEAM);
        assertThat(keys("/$defs/team_budget/oneOf/1")).isEqualTo(Keys.TEAM_BUDGET);
        assertThat(keys("/properties/budgets/items")).isEqualTo(Keys.BUDGET);
        assertThat(keys("/properties/guards/items")).isEqualTo(Keys.GUARD);
        assertThat(keys("/properties/guards/items/properties/deny")).isEqualTo(Keys.DENY);
        assertThat(keys("/properties/guards/items/properties/size")).isEqualTo(Keys.SIZE);
        assertThat(keys("/properties/prices/additionalProperties")).isEqualTo(Keys.PRICE);
        assertThat(keys("/properties/tool_prices/additionalProperties/oneOf/1"))
                .isEqualTo(PriceFields.KEYS);
        assertThat(keys("/properties/prompts")).isEqualTo(Keys.PROMPTS);
        assertThat(keys("/properties/telemetry")).isEqualTo(Keys.TELEMETRY);
        assertThat(keys("/properties/sessions")).isEqualTo(Keys.SESSIONS);
        var dispatcher = "/properties/dispatcher/oneOf/1";
        assertThat(keys(dispatcher)).isEqualTo(Keys.DISPATCHER);
        assertThat(keys(dispatcher + "/properties/temporal")).isEqualTo(Keys.TEMPORAL);
        assertThat(keys(dispatcher + "/properties/temporal/properties/tls/oneOf/1"))
                .isEqualTo(Keys.TLS);
    }

    @Test
    void every_key_is_described() {
        described(SCHEMA, "");
    }

    private static void described(JsonNode schema, String at) {
        schema.path("properties")
                .properties()
                .forEach(p ->
                        assertThat(p.getValue().path("description").asString(""))
                                .as(at + "/" + p.getKey())
                                .isNotBlank());
        schema.properties()
                .forEach(p -> {
                    if (p.getValue().isContainer() && !p.getKey().equals("default")) {
                        described(p.getValue(), at + "/" + p.getKey());
                    }
                });
        if (schema.isArray()) {
            schema.forEach(element -> described(element, at));
        }
    }

    @Test
    void words_and_defaults_are_those_of_the_reader() {
        assertThat(words("/properties/providers/additionalProperties/properties/kind"))
                .isEqualTo(names(Settings.Provider.Kind.values(), '-'));
        var route = "/properties/routes/additionalProperties/oneOf/2/properties";
        assertThat(words(route + "/strategy")).isEqualTo(names(Route.Strategy.values(), '_'));
        assertThat(duration(route + "/first_token")).isEqualTo(Route.FIRST_TOKEN);
        assertThat(duration(route + "/stall")).isEqualTo(Route.STALL);
        assertThat(duration(route + "/total")).isEqualTo(Route.TOTAL);
        assertThat(words("/properties/prompts/properties/keep"))
                .isEqualTo(names(Settings.Prompts.Keep.values(), '_'));
        assertThat(SCHEMA.at("/properties/prompts/properties/days/default").longValue())
                .isEqualTo(Defaults.PROMPTS.retention().toDays());
        assertThat(SCHEMA.at("/properties/ledger/properties/days/default").longValue())
                .isEqualTo(Settings.LEDGER.toDays());
        assertThat(keys("/properties/ledger")).isEqualTo(Keys.LEDGER);
        var asked = SCHEMA.at("/$defs/target/oneOf/1/properties/when/description").asString();
        assertThat(asked).contains(Conditions.REQUEST);
        assertThat(SCHEMA.at(route + "/check/properties/when/description").asString())
                .contains(Conditions.ANSWER);
    }

    private static java.time.Duration duration(String pointer) {
        return Quantities.duration(SCHEMA.at(pointer + "/default").asString()).orElseThrow();
    }

    private static Set<String> words(String pointer) {
        var words = new TreeSet<String>();
        SCHEMA.at(pointer + "/enum").forEach(word -> words.add(word.asString()));
        return words;
    }

    private static Set<String> names(Enum<?>[] values, char separator) {
        var names = new TreeSet<String>();
        Arrays.stream(values)
                .forEach(v -> names.add(v.name().toLowerCase(Locale.ROOT).replace('_', separator)));
        return names;
    }

    @Test
    void what_the_reader_takes_fits() {
        assertThat(fits(Example.FULL)).isTrue();
        assertThat(fits("remit: server/v1\n")).isTrue();
    }

    @Test
    void the_examples_in_the_documentation_are_read_and_fit() {
        int found = 0;
        var block = Pattern.compile("```yaml\\n(remit: server/v1\\n.*?)```", Pattern.DOTALL);
        for (var page : new String[] {"README.md", "docs/gateway.md"}) {
            var blocks = block.matcher(text(page));
            while (blocks.find()) {
                assertThat(fits(blocks.group(1))).isTrue();
                assertThat(SettingsReader.read(blocks.group(1), Example.BESIDE::get).faults())
                        .isEmpty();
                found++;
            }
        }
        assertThat(found).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "organisation: acme\n",
                "remit: server/v1\norganization: acme\n",
                "remit: server/v1\nproviders: { p: { kind: opnai } }\n",
                "remit: server/v1\nproviders: { P: { kind: openai } }\n",
                "remit: server/v1\nproviders: { openai: { credential: 'a b' } }\n",
                "remit: server/v1\nproviders: { openai: { url: x } }\n",
                "remit: server/v1\nroutes: { r: gpt }\n",
                "remit: server/v1\nroutes: { r: [] }\n",
                "remit: server/v1\nroutes: { r: { strategy: ordered } }\n",
                "remit: server/v1\nroutes: { r: { targets: [openai/x], total: 5 } }\n",
                "remit: server/v1\nteams: { growth: { budget: 20 USD } }\n",
                "remit: server/v1\nbudgets: [{ for: x, limit: 1 USD/day }]\n",
                "remit: server/v1\nguards: [{}]\n",
                "remit: server/v1\nguards: [{ deny: { words: [x] }, on: [answer] }]\n",
                "remit: server/v1\nguards: [{ size: { bytes: 1MB, mode: mask } }]\n",
                "remit: server/v1\nprices: { 'openai/x': { input: 0, output: 1 } }\n",
                "remit: server/v1\ntelemetry: { sampled: 2 }\n"
            })
    void what_the_reader_refuses_for_its_shape_does_not_fit(String yaml) {
        assertThat(SettingsReader.read(yaml, Example.BESIDE::get).faults()).isNotEmpty();
        assertThat(fits(yaml)).isFalse();
    }
}
