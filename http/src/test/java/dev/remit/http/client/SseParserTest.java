package dev.remit.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SseParserTest {
    private static List<SseEvent> parse(String text) throws Exception {
        return parse(text.getBytes(StandardCharsets.UTF_8), 1_000_000, null);
    }

    private static List<SseEvent> parse(byte[] bytes, int limit, SplittableRandom cuts)
            throws Exception {
        var events = new ArrayList<SseEvent>();
        var parser = new SseParser(limit, events::add);
        for (int at = 0; at < bytes.length; ) {
            var size = cuts == null ? bytes.length : cuts.nextInt(0, 9);
            var piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size));
            parser.feed(piece, piece.length);
            at += piece.length;
        }
        return events;
    }

    private static SseEvent message(String data) {
        return new SseEvent("message", data, "");
    }

    @Test
    void lines_end_in_cr_lf_or_both() throws Exception {
        assertThat(parse("data: a\n\ndata: b\r\rdata: c\r\n\r\ndata: d\r\n\rdata: e\n\r"))
                .extracting(SseEvent::data)
                .containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void several_data_lines_are_joined_by_line_feeds() throws Exception {
        assertThat(parse("data: a\ndata\ndata:b\ndata:  c\n\n"))
                .containsExactly(message("a\n\nb\n c"));
    }

    @Test
    void the_examples_of_the_standard_are_read_as_the_standard_says() throws Exception {
        assertThat(parse(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"))
                .containsExactly(
                        new SseEvent("message", "first event", "1"),
                        new SseEvent("message", "second event", ""));
        assertThat(parse("data\n\ndata\ndata\n\ndata:"))
                .containsExactly(message(""), message("\n"));
        assertThat(parse("data:test\n\ndata: test\n\n"))
                .containsExactly(message("test"), message("test"));
    }

    @Test
    void comments_and_unknown_fields_are_no_events() throws Exception {
        assertThat(parse(":\n\n: ping\n\nfoo: bar\nretry: 10\n\n")).isEmpty();
    }

    @Test
    void an_event_without_data_is_none_and_its_type_does_not_leak_into_the_next() throws Exception {
        assertThat(parse("event: x\n\ndata: a\n\nevent: y\ndata: b\n\ndata: c\n\n"))
                .containsExactly(message("a"), new SseEvent("y", "b", ""), message("c"));
    }

    @Test
    void an_id_lasts_and_one_with_a_null_is_ignored() throws Exception {
        assertThat(parse("id: 7\ndata: a\n\nid: x\0y\ndata: b\n\n"))
                .extracting(SseEvent::id)
                .containsExactly("7", "7");
    }

    @Test
    void one_byte_order_mark_at_the_start_is_dropped_and_no_other() throws Exception {
        assertThat(parse("\uFEFFdata: a\n\ndata: \uFEFFb\n\n\uFEFFdata: c\n\n"))
                .containsExactly(message("a"), message("\uFEFFb"));
    }

    @Test
    void an_event_that_is_not_ended_is_lost() throws Exception {
        assertThat(parse("data: a\n\ndata: b\n")).containsExactly(message("a"));
    }

    @Test
    void a_line_or_an_event_beyond_the_limit_is_refused() {
        var line = ("data: " + "x".repeat(200)).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> parse(line, 100, null)).isInstanceOf(SseParser.TooLarge.class);
        var event = "data: 0123456789\n".repeat(20).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> parse(event, 100, null)).isInstanceOf(SseParser.TooLarge.class);
    }

    @Test
    void any_split_of_the_bytes_gives_the_same_events() throws Exception {
        var pieces =
                List.of(
                        "data",
                        "event",
                        "id",
                        ":",
                        ": ",
                        " ",
                        "\n",
                        "\r",
                        "\r\n",
                        "\n\n",
                        "ä",
                        "漢",
                        "🙂",
                        "\uFEFF",
                        "\0",
                        "x",
                        "data: {\"a\":1}\n\n",
                        "event: e\n",
                        ":c\n");
        for (long seed = 0; seed < 3_000; seed++) {
            var random = new SplittableRandom(seed);
            var text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && random.nextInt(4) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) 0xC3; // broken UTF-8
            }
            assertThat(parse(bytes, 10_000, random.split()))
                    .as("seed %d", seed)
                    .isEqualTo(parse(bytes, 10_000, null));
        }
    }
}
