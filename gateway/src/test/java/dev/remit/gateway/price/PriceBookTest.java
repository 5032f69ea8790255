package dev.remit.gateway.price;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceBookTest {
    @TempDir Path folder;

    private static byte[] list(String date, String models) {
        return ("{\"source\":\"s\",\"as_of\":\""
                        + date
                        + "\",\"unit\":\"USD per million tokens\",\"providers\":{\"openai\":{\"models\":{"
                        + models
                        + "}}}}")
                .getBytes(UTF_8);
    }

    private static String model(String name, String cost) {
        return "\""
                + name
                + "\":{\"cost\":"
                + cost
                + ",\"limit\":{\"context\":1000,\"output\":10}}";
    }

    @Test
    void a_newer_list_takes_the_place_of_the_old_one_and_is_kept() throws Exception {
        var book = PriceBook.open(folder);
        var before = book.now();
        var update =
                book.update(
                        list(
                                "2027-01-01",
                                model("gpt-5.4", "{\"input\":1,\"output\":2}")
                                        + ","
                                        + model("gpt-9", "{\"input\":3,\"output\":4}")),
                        false);
        assertThat(update.from()).isEqualTo("2026-07-02");
        assertThat(update.to()).isEqualTo("2027-01-01");
        assertThat(update.added()).containsExactly("openai/gpt-9");
        assertThat(update.changed()).containsExactly("openai/gpt-5.4");
        assertThat(update.removed()).contains("openai/gpt-4o", "anthropic/claude-sonnet-5");
        assertThat(before.asOf()).isEqualTo("2026-07-02"); // whoever holds it goes on with it
        for (var same : new PriceBook[] {book, PriceBook.open(folder)}) {
            var price = same.now().find("openai", "gpt-9").orElseThrow();
            assertThat(price.cost(new Usage(1_000_000, 0, 0, 0, 0)))
                    .isEqualTo(new Money(3_000_000));
            assertThat(price.asOf()).contains("2027-01-01");
        }
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void an_older_list_is_taken_only_by_force_and_then_kept() throws Exception {
        var book = PriceBook.open(folder);
        var old = list("2020-01-01", model("gpt-9", "{\"input\":3,\"output\":4}"));
        assertThatThrownBy(() -> book.update(old, false))
                .isInstanceOf(InvalidPrices.class)
                .hasMessageContaining("--force");
        assertThat(book.now().asOf()).isEqualTo("2026-07-02");
        book.update(old, true);
        assertThat(PriceBook.open(folder).now().asOf()).isEqualTo("2020-01-01");
    }

    @Test
    void a_kept_list_yields_to_a_newer_one_that_comes_with_remit() throws Exception {
        Files.write(
                folder.resolve("prices.json"),
                list("2020-01-01", model("gpt-9", "{\"input\":3,\"output\":4}")));
        assertThat(PriceBook.open(folder).now().asOf()).isEqualTo("2026-07-02");
    }

    @Test
    void a_damaged_list_is_not_guessed_at() throws IOException {
        Files.writeString(folder.resolve("prices.json"), "{\"as_of\":");
        assertThatThrownBy(() -> PriceBook.open(folder))
                .isInstanceOf(InvalidPrices.class)
                .hasMessageContaining("prices.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input\":-1,\"output\":2}",
                "{\"input\":\"1\",\"output\":2}",
                "{\"input\":1,\"output\":2000000}",
                "{\"input\":1,\"input\":1,\"output\":2}",
                "{\"input\":1,\"output\":2,\"tiers\":[{\"input\":1}]}",
                "{\"input\":1e-30,\"output\":2}",
                "[]",
            })
    void one_wrong_price_and_nothing_is_taken(String cost) throws Exception {
        var book = PriceBook.open(folder);
        var bad =
                list(
                        "2027-01-01",
                        model("a", "{\"input\":1,\"output\":1}") + "," + model("b", cost));
        assertThatThrownBy(() -> book.update(bad, true)).isInstanceOf(InvalidPrices.class);
        assertThat(book.now()).isSameAs(Prices.bundled());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_list_in_another_unit_or_without_a_date_is_refused() {
        var book = PriceBook.bundled();
        var good = new String(list("2027-01-01", model("a", "{\"input\":1,\"output\":1}")), UTF_8);
        for (var bad :
                new String[] {
                    good.replace("per million", "per thousand"),
                    good.replace("2027-01-01", "soon"),
                    good.replace("providers", "sellers"),
                    good + "x",
                    "null",
                }) {
            assertThatThrownBy(() -> book.update(bad.getBytes(UTF_8), true))
                    .isInstanceOf(InvalidPrices.class);
        }
    }

    @Test
    void listed_as_free_or_not_by_token_alone_is_no_price() throws InvalidPrices {
        var prices =
                Prices.read(
                        list(
                                "2027-01-01",
                                model("free", "{\"input\":0,\"output\":0}")
                                        + ","
                                        + model("odd", "{\"input\":1,\"output\":1,\"per_image\":2}")
                                        + ","
                                        + model("embeds", "{\"input\":1,\"output\":0}")));
        assertThat(prices.find("openai", "free")).isEmpty();
        assertThat(prices.find("openai", "odd")).isEmpty();
        assertThat(prices.find("openai", "embeds")).isPresent();
        assertThat(prices.facts("openai", "odd").orElseThrow().context()).isEqualTo(1000);
    }

    @Test
    void tiers_of_service_cost_what_is_published_and_others_are_unknown() {
        var prices = Prices.bundled();
        var usage = new Usage(1_000_000, 0, 0, 0, 0);
        assertThat(prices.find("openai", "gpt-5.1", "flex").orElseThrow().cost(usage))
                .isEqualTo(new Money(625_000));
        assertThat(prices.find("openai", "gpt-5.1", "priority").orElseThrow().cost(usage))
                .isEqualTo(new Money(2_500_000));
        assertThat(prices.find("openai", "gpt-5.5-pro", "priority")).isEmpty();
        assertThat(prices.find("anthropic", "claude-sonnet-5", "standard_only")).isPresent();
        assertThat(prices.find("xai", "grok-4.3", "flex")).isEmpty();
        // flex may be served and billed as usual, so its bound is the usual one
        assertThat(prices.find("openai", "gpt-5.1", "flex").orElseThrow().bound(1000, 1000))
                .isEqualTo(prices.find("openai", "gpt-5.1").orElseThrow().bound(1000, 1000));
        // long prompts are left out of priority
        var beyond = new Usage(300_000, 0, 0, 0, 0);
        assertThat(prices.find("openai", "gpt-5.4", "priority").orElseThrow().cost(beyond))
                .isEqualTo(prices.find("openai", "gpt-5.4").orElseThrow().cost(beyond));
    }

    @Test
    void what_is_kept_for_an_hour_costs_claude_twice_the_input() {
        var sonnet = Prices.bundled().find("anthropic", "claude-sonnet-4-5").orElseThrow();
        var written = new Usage(0, 0, 1_000_000, 0, 0);
        assertThat(sonnet.cost(written)).isEqualTo(new Money(3_750_000));
        // a token that is kept for an hour counts as 1.6
        assertThat(sonnet.cost(new Usage(0, 0, 1_600_000, 0, 0))).isEqualTo(new Money(6_000_000));
        assertThat(sonnet.bound(1_000_000, 0)).isEqualTo(new Money(6_000_000));
        assertThat(sonnet.bound(1_000_000, 0, Caching.MINUTES, false))
                .isEqualTo(new Money(3_750_000));
        assertThat(sonnet.bound(1_000_000, 0, Caching.NONE, false)).isEqualTo(new Money(3_000_000));
        assertThat(Caching.of("{\"a\":1}".getBytes(UTF_8))).isEqualTo(Caching.NONE);
        assertThat(Caching.of("{\"cache_control\":{\"type\":\"ephemeral\"}}".getBytes(UTF_8)))
                .isEqualTo(Caching.MINUTES);
        assertThat(Caching.of("{\"cache_control\":{\"ttl\": \"1h\"}}".getBytes(UTF_8)))
                .isEqualTo(Caching.HOUR);
    }

    @Test
    void reading_from_the_cache_saves_the_difference() {
        var sonnet = Prices.bundled().find("anthropic", "claude-sonnet-4-5").orElseThrow();
        assertThat(sonnet.saved(new Usage(5, 1_000_000, 0, 9, 0))).isEqualTo(new Money(2_700_000));
        assertThat(sonnet.saved(Usage.NONE)).isEqualTo(Money.ZERO);
        assertThat(Price.FREE.saved(new Usage(1, 1, 1, 1, 0))).isEqualTo(Money.ZERO);
    }

    @Test
    void sound_is_in_the_bound() {
        var flash = Prices.bundled().find("google", "gemini-2.5-flash").orElseThrow();
        assertThat(flash.bound(1_000_000, 0, Caching.NONE, true)).isEqualTo(new Money(1_000_000));
        assertThat(flash.bound(1_000_000, 0, Caching.NONE, false)).isEqualTo(new Money(300_000));
    }

    @Test
    void every_seller_of_the_list_is_there_and_models_are_found_by_words() {
        var prices = Prices.bundled();
        assertThat(prices.sellers()).hasSize(23).contains("anthropic", "google-vertex", "xai");
        assertThat(prices.models()).hasSizeGreaterThan(1_000);
        assertThat(prices.search("ANTHROPIC sonnet-4-5"))
                .isNotEmpty()
                .allMatch(model -> model.toString().contains("sonnet-4-5"));
        assertThat(prices.source()).contains("models.dev");
    }
}
