package dev.remit.core.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.json.Json;
import dev.remit.core.json.Recent;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ExpressionTest {
    private static final Map<String, JsonNode> NAMES =
            Map.of(
                    "input",
                    Json.parse(
                            """
                            {"a": {"b": ["x", {"c": 3}]}, "none": null, "n": 5, "f": 1.0, "big": 9007199254740993,
                             "text": "one two\\n three", "deep": [[1], [2, 3]], "a-b": true, "truth": true,
                             "huge": 123456789012345678901234567890}
                            """),
                    "list",
                    Json.parse("[3, 1, 2]"));

    private static JsonNode eval(String text) {
        return Expression.compile(text, NAMES.keySet()).evaluate(NAMES);
    }

    private static boolean holds(String text) {
        return Expression.compile(text, Set.of("input", "list", "unbound")).holds(NAMES);
    }

    @Test
    void json_goes_through_unchanged() {
        assertThat(eval("input.a")).isEqualTo(NAMES.get("input").get("a"));
        assertThat(eval("input.big").longValue()).isEqualTo(9007199254740993L);
        assertThat(eval("input.none").isNull()).isTrue();
        assertThat(eval("input.f")).isEqualTo(Json.parse("1.0"));
        assertThat(eval("[1, null, 'a', 2.5, {'k': [true]}]"))
                .isEqualTo(Json.parse("[1, null, \"a\", 2.5, {\"k\": [true]}]"));
        assertThat(eval("list")).isEqualTo(Json.parse("[3,1,2]"));
        assertThat(eval("input.huge").doubleValue()).isEqualTo(1.2345678901234568e29);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unbound",
                "unbound.x",
                "unbound == 1",
                "input.missing",
                "input.none",
                "'true'",
                "1",
                "[true]",
                "1 / 0 == 1",
                "input.n.x == 1",
                "input.a > 3",
                "list[99] == 1",
                "input.none > 1",
                "unbound && true",
                "input.text",
                "{'a': true}",
                "dyn(1)"
            })
    void only_true_is_true(String text) {
        assertThat(holds(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "input.truth",
                "input.n > 4",
                "input.n > 4.5",
                "input.none == null",
                "'x' in input.a.b",
                "has(input.a) && !has(input.missing)",
                "list.exists(i, i == 2)",
                "list.all(i, i > 0)",
                "input.`a-b`",
                "true || unbound",
                "input['text'].startsWith('one')"
            })
    void what_holds_holds(String text) {
        assertThat(holds(text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '~',
            value = {
                "get(input, 'a.b.1.c', 0)§3",
                "get(input, 'a.b.7', 'none')§\"none\"",
                "get(input, 'a.b.x', 1)§1",
                "get(input, 'none', 'was null')§\"was null\"",
                "get(null, 'a', 2)§2",
                "get('text', 'a', 2)§2",
                "get(list, '', 2)§[3,1,2]",
                "get(list, '-1', 2)§2",
                "get(list, '99999999999999', 2)§2",
                "get(list, null, 2)§[3,1,2]",
                "find('took 42 ms', '[0-9]+')§\"42\"",
                "find('none', '[0-9]+')§\"\"",
                "find(null, 'x')§\"\"",
                "find(42, '4')§\"4\"",
                "find('a', 'a' + '(')§\"\"",
                "findAll('a1b22', '[0-9]+')§[\"1\",\"22\"]",
                "findAll(null, '')§[\"\"]",
                "replaceAll('Step 1: a Step 22: b', 'Step [0-9]+: ', '<$1>')§\"<$1>a <$1>b\"",
                "replaceAll('ab', '', '.')§\".a.b.\"",
                "replaceAll('ab', 'a' + '(', '.')§\"ab\"",
                "replaceAll(null, 'a', 'b')§\"\"",
                "groups('a=1', '(\\\\w)=(\\\\w)')§[\"a\",\"1\"]",
                "groups('a=1', 'x')§[]",
                "groups('ab', '(a)|(b)')§[\"a\",\"\"]",
                "instant('2026-05-04T13:05:07Z')§\"2026-05-04T13:05:07.000Z\"",
                "instant('at 2026-05-04 13:05:07,250 +02:00 it broke')§\"2026-05-04T11:05:07.250Z\"",
                "instant('2026-05-04T13:05')§\"2026-05-04T13:05:00.000Z\"",
                "instant('20260504T130507Z')§\"2026-05-04T13:05:07.000Z\"",
                "instant('2026-05-04T13:05:07.123456789-0330')§\"2026-05-04T16:35:07.123Z\"",
                "instant('9999-99-99T99:99 then 2026-01-01T00:00:00Z')§\"2026-01-01T00:00:00.000Z\"",
                "instant('0000-01-01T00:00:00+05:00')§\"\"",
                "instant('yesterday')§\"\"",
                "instant(null)§\"\"",
                "instant(12)§\"\"",
                "truncate('a😀bc', 2)§\"a😀\"",
                "truncate('abc', -1)§\"\"",
                "truncate('abc', 99999999999)§\"abc\"",
                "truncate('abc', 'x')§\"\"",
                "truncate(null, 3)§\"\"",
                "take([1, 2, 3], 2)§[1,2]",
                "take([1, null], 99999999999)§[1,null]",
                "take([1, 2], -1)§[]",
                "take(null, 3)§[]",
                "take('abc', 3)§[]",
                "json({'a': [1, null]})§\"{\\\"a\\\":[1,null]}\"",
                "json('x')§\"\\\"x\\\"\"",
                "oneLine('  a \\n\\t b\\r\\n')§\"a b\"",
                "oneLine(null)§\"\"",
                "number('42', 0)§42",
                "number(' 4.5 ', 0)§4.5",
                "number('4 apples', 7)§7",
                "number('1e999', 7)§7",
                "number(null, 7)§7",
                "number(3, 7)§3",
                "'%s has %d (%.1f%%)'.format(['x', 3, 12.34])§\"x has 3 (12.3%)\"",
                "'%s %x'.format([[1], 255])§\"[1] ff\"",
                "'a-b'.replace('-', '+')§\"a+b\"",
                "'ab'.replace('', '.')§\".a.b.\"",
                "['a', 'b'].join(', ')§\"a, b\"",
                "['a', 'b'].join()§\"ab\"",
                "lists.range(3)§[0,1,2]",
                "list.sort()§[1,2,3]",
                "[{'n': 2}, {'n': 1}].sortBy(e, e.n)§[{\"n\":1},{\"n\":2}]",
                "[1, 1, 2].distinct()§[1,2]",
                "input.deep.flatten()§[1,2,3]",
                "list.slice(0, 2)§[3,1]",
                "'a,b'.split(',')§[\"a\",\"b\"]",
                "' Ab '.trim().lowerAscii().substring(1)§\"b\"",
                "math.greatest(1, list[0])§3",
                "cel.bind(x, 2, x * x)§4",
                "'2026-05-04'.matches('^[0-9-]+$')§true",
                "timestamp('2026-05-04T00:00:00Z')§\"2026-05-04T00:00:00Z\"",
                "duration('90s')§\"90s\"",
                "b'ab'§\"YWI=\"",
            })
    void the_library_gives(String text, String expected) {
        assertThat(eval(text)).isEqualTo(Json.parse(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "inpt.x == 1|1|1|nothing is named `inpt` here; the names are: input, list",
                "true && foo(1)|1|12|there is no function `foo`",
                "input.x ==|1|11|ends too early",
                "1 == 'a'|1|3|`==` cannot be used on (int, string)",
                "find(input.text, '(a')|1|18|not a regular expression",
                "replaceAll(input.text, '(a', '(')|1|24|not a regular expression",
                "input.text.matches('((a{1000}){1000}){1000}')|1|20|too large",
                "input.x = 1|1|9|",
            })
    void a_mistake_is_told_with_its_place(String text, int line, int column, String wrong) {
        assertThatThrownBy(() -> Expression.compile(text, NAMES.keySet()))
                .isInstanceOfSatisfying(
                        InvalidExpression.class,
                        e -> {
                            var mistake = e.mistakes().getFirst();
                            assertThat(mistake.wrong()).contains(wrong == null ? "" : wrong);
                            assertThat(mistake.line()).isEqualTo(line);
                            assertThat(mistake.column()).isEqualTo(column);
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'x'.replace('x', 'yyyyyyyyyy').replace('y', input.text)",
                "input.n / 0",
                "input.missing",
                "['a', 1].join()",
                "dyn(list.sort()) + 1",
                "0.0 / 0.0",
                "'%d'.format(['x'])",
                "'%s'.format([])",
                "'%q'.format([1])",
                "lists.range(1000000000)"
            })
    void a_failure_is_a_clear_failure_or_a_value_and_nothing_else(String text) {
        try {
            eval(text);
        } catch (ExpressionFailed e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("<input>");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "big.map(a, big.map(b, big.map(c, 1)))",
                "big.exists(a, big.exists(b, a + b == -1)) || big.exists(a, big.exists(b, a + b == -1))",
                "s.map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a)"
                        + ".map(a, a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a)",
                "[[s,s,s,s,s,s,s,s,s,s]].map(a,[a,a,a,a,a,a,a,a,a,a]).map(a,[a,a,a,a,a,a,a,a,a,a])"
                        + ".map(a,[a,a,a,a,a,a,a,a,a,a]).map(a,[a,a,a,a,a,a,a,a,a,a])",
                "big.map(a, s[0].replace('x', s[0]))",
                "big.map(a, s[0]).join().size()",
                "replaceAll(replaceAll(s[0], 'x', 'yyyyyyyyyy'), 'y', 'zzzzzzzzzz').size()",
                "big.map(a, json(s)).size()",
                "big.all(a, s[0].matches('(x+x+)+y') || true)",
                "[s[0]].map(x, x.replace('', x)).map(x, x.replace('', x))",
                "[s[0].replace('x', 'xxxxxxxxxxxxxxxxxxxx')].exists(t, t.contains(s[0] + 'y'))",
                "[s[0].replace('x', 'xxxxxxxxxxxxxxxxxxxx')].map(t, t.split(s[0] + 'y'))",
                "[s[0].replace('x', 'xxxxxxxxxxxxxxxxxxxx')].map(t, t.indexOf(s[0] + 'y'))",
                "[s[0].replace('x', 'xxxxxxxxxxxxxxxxxxxx')].map(t, t.replace(s[0] + 'y', ''))",
            })
    void a_hostile_expression_is_refused_in_bounded_work(String text) {
        var big = Json.array();
        IntStream.range(0, 5000).forEach(big::add);
        Map<String, JsonNode> names =
                Map.of("big", big, "s", Json.array().add("x".repeat(100_000)));
        var expression = Expression.compile(text, names.keySet());
        assertThatThrownBy(() -> expression.evaluate(names)).isInstanceOf(ExpressionFailed.class);
        assertThat(expression.holds(names)).isFalse();
    }

    @Test
    void ordinary_work_over_a_large_input_is_within_the_bounds() {
        var lines = Json.array();
        IntStream.range(0, 10_000)
                .forEach(i ->
                        lines.add(
                                "2026-05-04T13:05:07Z ERROR line %d of the log, with some words behind it that make it long"
                                        .formatted(i)));
        Map<String, JsonNode> names = Map.of("lines", lines);
        var text =
                "lines.filter(l, l.contains('ERROR')).map(l, instant(l) + ' ' + oneLine(truncate(l, 80))).sort().slice(0, 20).join('\\n').size() > 100";
        assertThat(Expression.compile(text, names.keySet()).holds(names)).isTrue();
    }

    @Test
    void timestamps_sort_as_texts_as_they_sort_in_time() {
        var sorted =
                eval(
                        "['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00Z', '2026-01-01T02:00:00+05:00', '2026-01-01T00:00:00.25Z'].map(t, instant(t)).sort()");
        assertThat(sorted)
                .isEqualTo(
                        Json.parse(
                                """
                                ["2025-12-31T21:00:00.000Z", "2026-01-01T00:00:00.000Z",
                                 "2026-01-01T00:00:00.250Z", "2026-01-01T00:00:00.500Z"]
                                """));
    }

    @Test
    void too_deep_and_too_long_expressions_are_refused() {
        for (var text :
                new String[] {
                    "(".repeat(500) + "1" + ")".repeat(500),
                    "1" + " + 1".repeat(3000),
                    "input" + ".a".repeat(6000),
                    "",
                    "   ",
                    "\0",
                    "a".repeat(20_000)
                }) {
            assertThatThrownBy(() -> Expression.compile(text, NAMES.keySet()))
                    .isInstanceOf(InvalidExpression.class);
        }
    }

    @Test
    void one_expression_serves_many_threads() throws Exception {
        var expression = Expression.compile("input.n * 2 + list.size()", NAMES.keySet());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers =
                    IntStream.range(0, 500)
                            .mapToObj(i -> threads.submit(() -> expression.evaluate(NAMES)))
                            .toList();
            for (var answer : answers) {
                assertThat(answer.get().intValue()).isEqualTo(13);
            }
        }
    }

    @Test
    void what_is_remembered_is_bounded() {
        var recent = new Recent<Integer, Integer>(10);
        IntStream.range(0, 100).forEach(i -> recent.get(i, () -> i));
        assertThat(recent.size()).isEqualTo(10);
    }
}
