package dev.remit.gateway.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import java.net.URI;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PricesTest {
    private final Prices prices = Prices.bundled();

    private Money cost(String provider, String model, Usage usage) {
        return prices.find(provider, model).orElseThrow().cost(usage);
    }

    @Test
    void each_bucket_has_its_own_price() {
        // 3 in, 15 out, 0.3 cache read, 3.75 cache write: 1000*3 + 2000*0.3 + 400*3.75 + 100*15
        assertThat(cost("anthropic", "claude-sonnet-4-5", new Usage(1000, 2000, 400, 100, 0)))
                .isEqualTo(new Money(6600));
        // 2.5 in, 15 out, 0.25 cached: 500*2.5 + 1500*0.25 + 300*15, reasoning within the output
        assertThat(cost("openai", "gpt-5.4", new Usage(500, 1500, 0, 300, 200)))
                .isEqualTo(new Money(6125));
    }

    @Test
    void a_fraction_of_a_millionth_is_rounded_up_once() {
        // 0.15 in, 0.6 out, 0.075 cached: 1*0.15 + 1*0.075 + 1*0.6 = 0.825
        assertThat(cost("openai", "gpt-4o-mini", new Usage(1, 1, 0, 1, 0))).isEqualTo(new Money(1));
        // 0.075 * 41 = 3.075
        assertThat(cost("openai", "gpt-4o-mini", new Usage(0, 41, 0, 0, 0)))
                .isEqualTo(new Money(4));
        assertThat(cost("openai", "gpt-4o-mini", Usage.NONE)).isEqualTo(Money.ZERO);
    }

    @Test
    void a_long_prompt_has_the_long_price_for_all_of_it() {
        var edge = new Usage(100_000, 172_000, 0, 10, 0);
        assertThat(cost("openai", "gpt-5.4", edge)) // 100000*2.5 + 172000*0.25 + 10*15
                .isEqualTo(new Money(293_150));
        var beyond = new Usage(100_001, 172_000, 0, 10, 0);
        assertThat(cost("openai", "gpt-5.4", beyond)) // 100001*5 + 172000*0.5 + 10*22.5
                .isEqualTo(new Money(586_230));
    }

    @Test
    void a_cached_token_without_a_price_is_never_free() {
        // listed as cache_read 0; 0.5 in
        assertThat(cost("openai", "gpt-3.5-turbo", new Usage(0, 1000, 0, 0, 0)))
                .isEqualTo(new Money(500));
        // none listed; 10 in
        assertThat(cost("openai", "gpt-4-turbo", new Usage(0, 1000, 0, 0, 0)))
                .isEqualTo(new Money(10_000));
    }

    @Test
    void an_unknown_price_is_unknown_and_not_zero() {
        assertThat(prices.find("openai", "gpt-99")).isEmpty();
        assertThat(prices.find("nobody", "gpt-5.4")).isEmpty();
        assertThat(prices.find("openai", "gpt-image-1")).isEmpty(); // no price listed
        assertThat(prices.find("perplexity", "sonar-deep-research")).isEmpty(); // and by request
    }

    @Test
    void a_dated_name_finds_the_undated_price() {
        assertThat(prices.find("openai", "gpt-5.4-2026-03-05")).isPresent();
        assertThat(prices.find("anthropic", "claude-opus-4-8-20260528")).isPresent();
        assertThat(prices.find("openai", "gpt-4o-2024-05-13").orElseThrow().cost(oneMillion()))
                .isEqualTo(new Money(5_000_000)); // a date of its own has a price of its own
    }

    private static Usage oneMillion() {
        return new Usage(1_000_000, 0, 0, 0, 0);
    }

    @Test
    void sellers_are_known_by_their_address() {
        assertThat(prices.provider(URI.create("https://api.deepseek.com/v1"))).contains("deepseek");
        assertThat(prices.provider(URI.create("https://API.openai.com/v1"))).contains("openai");
        assertThat(prices.provider(URI.create("https://example.org/v1"))).isEmpty();
        assertThat(prices.asOf()).isEqualTo("2026-07-02");
    }

    @Test
    void no_usage_within_the_bound_costs_more_than_it() {
        var models =
                new String[][] {
                    {"anthropic", "claude-sonnet-5"},
                    {"openai", "gpt-5.4"},
                    {"openai", "gpt-5.5-pro"},
                    {"alibaba", "qwen-plus"},
                    {"openrouter", "google/gemini-3.1-pro-preview"}
                };
        for (long seed = 0; seed < 5_000; seed++) {
            var random = new SplittableRandom(seed);
            var model = models[random.nextInt(models.length)];
            var price = prices.find(model[0], model[1]).orElseThrow();
            long prompt = random.nextLong(1, 600_000);
            long cap = random.nextLong(1, 20_000);
            long read = random.nextLong(prompt + 1);
            long written = random.nextLong(prompt - read + 1);
            long input = random.nextLong(prompt - read - written + 1);
            long output = random.nextLong(cap + 1);
            var usage = new Usage(input, read, written, output, random.nextLong(output + 1));
            assertThat(price.cost(usage))
                    .as("seed %d, %s, %s", seed, model[1], usage)
                    .isLessThanOrEqualTo(price.bound(prompt, cap));
        }
    }

    @Test
    void sound_costs_what_the_list_says_and_is_not_guessed_where_it_says_nothing() {
        var prices = Prices.bundled();
        var flash = prices.find("google", "gemini-2.5-flash").orElseThrow();
        var usage = new Usage(1_000_000, 0, 0, 0, 0, 400_000);
        assertThat(flash.cost(usage)).isEqualTo(new Money(600_000 * 3 / 10 + 400_000));
        assertThat(flash.pricesSound()).isTrue();
        assertThat(prices.find("google", "gemini-2.5-pro").orElseThrow().pricesSound()).isTrue();
        assertThat(prices.find("openai", "gpt-4o").orElseThrow().pricesSound()).isFalse();
        assertThat(prices.find("google", "gemini-2.5-flash", "flex").orElseThrow().cost(usage))
                .isEqualTo(new Money((600_000 * 3 / 10 + 400_000) / 2));
    }
}
