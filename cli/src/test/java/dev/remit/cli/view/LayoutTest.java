package dev.remit.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// How results are laid out for people.
class LayoutTest {
    private static List<String> lines(String json, int width) {
        return Layout.lines(Json.parse(json.replace('\'', '"')), width, Style.PLAIN);
    }

    @Test
    void objects_are_headings_lists_are_lists_and_long_text_is_wrapped() {
        assertThat(
                        lines(
                                """
                                {'suspected_root_causes': [
                                   {'hypothesis': 'Redis ran out of memory', 'confidence': 0.82, 'evidence': ['used 7.98GB', 'maxmemory 8GB']},
                                   {'hypothesis': 'Node failure', 'confidence': 0.3, 'evidence': []}],
                                 'summary': {'what_happened': 'The cache cluster became unreachable and sessions failed.', 'resolved': false},
                                 'note': null}
                                """,
                                50))
                .containsExactly(
                        "Suspected root causes",
                        "  1. Redis ran out of memory",
                        "     confidence 0.82",
                        "     Evidence",
                        "       • used 7.98GB",
                        "       • maxmemory 8GB",
                        "  2. Node failure",
                        "     confidence 0.3 · evidence (none)",
                        "",
                        "Summary",
                        "  What happened  The cache cluster became",
                        "                 unreachable and sessions failed.",
                        "  Resolved  no",
                        "",
                        "Note  (nothing)");
    }

    @Test
    void a_text_alone_is_shown_as_it_is() {
        assertThat(lines("'all is well'", 80)).containsExactly("all is well");
    }

    @Test
    void wide_characters_count_twice() {
        assertThat(lines("{'a': '障害が発生しましたのでキャッシュを再起動してください今すぐお願いします'}", 40))
                .allSatisfy(line -> assertThat(Cells.width(line)).isLessThanOrEqualTo(40));
    }

    @Test
    void no_depth_and_no_odd_name_breaks_it() {
        JsonNode deep = Json.text("bottom");
        for (int i = 0; i < 200; i++) {
            deep = Json.array().add(Json.object().set("", deep));
        }
        assertThat(Layout.lines(deep, 80, Style.PLAIN)).isNotEmpty();
    }
}
