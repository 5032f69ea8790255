package dev.remit.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ScanTest {
    @Test
    void the_place_of_every_kind_of_value_is_exact() throws Exception {
        var values =
                List.of(
                        "1",
                        "-12.5e3",
                        "true",
                        "false",
                        "null",
                        "\"\"",
                        "\"a\\\"}ä\\u00e4\"",
                        "{}",
                        "[ ]",
                        "{\"x\":[1,{\"y\":\"]\"}]}",
                        "[[],{},\"\"]",
                        "12345678901234567890");
        for (var space : List.of("", " ", "\n\t  ")) {
            var body = new StringBuilder(space + "{");
            for (int i = 0; i < values.size(); i++) {
                body.append(i == 0 ? "" : ",").append(space).append("\"m").append(i);
                body.append('"').append(space).append(':').append(space).append(values.get(i));
                body.append(space);
            }
            var bytes = body.append("}").append(space).toString().getBytes(UTF_8);
            var found = new ArrayList<String>();
            Scan.over(
                    bytes,
                    (name, value) -> {
                        var range = value.range();
                        found.add(
                                new String(bytes, range.from(), range.to() - range.from(), UTF_8));
                    });
            assertThat(found).isEqualTo(values);
        }
    }

    @Test
    void what_a_visitor_leaves_is_skipped() throws Exception {
        var seen = new ArrayList<String>();
        Scan.over(
                bytes("{\"a\":{\"b\":{\"c\":1},\"d\":[1,[2]]},\"e\":[{\"f\":[]},2],\"g\":3}"),
                (name, value) -> {
                    seen.add(name);
                    value.members((inner, _) -> seen.add(inner));
                    value.elements((index, _) -> seen.add("" + index));
                });
        assertThat(seen).containsExactly("a", "b", "d", "e", "0", "1", "g");
    }

    @Test
    void a_name_that_comes_twice_is_refused_however_many_there_are() {
        var many = new StringBuilder("{");
        for (int i = 0; i < 100; i++) {
            many.append("\"m").append(i).append("\":").append(i).append(',');
        }
        for (var body :
                List.of(
                        "{\"model\":1,\"model\":2}",
                        "{\"model\":1,\"\\u006dodel\":2}",
                        many + "\"m3\":1}",
                        many + "\"m99\":1}")) {
            assertThatThrownBy(() -> Scan.over(bytes(body), (_, _) -> {}))
                    .isInstanceOf(BadRequest.class)
                    .hasMessageContaining("twice");
        }
    }

    @Test
    void what_is_no_object_in_utf_8_is_refused() {
        for (var body :
                List.of(
                        new byte[0],
                        bytes(" "),
                        bytes("[]"),
                        bytes("{} {}"),
                        bytes("{\"a\":1"),
                        bytes("{\"a\":tru}"),
                        bytes("\uFEFF{}"),
                        "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE),
                        "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE),
                        new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"', ':', '1', '}'},
                        bytes("{\"a\":" + "[".repeat(300) + "]".repeat(300) + "}"))) {
            assertThatThrownBy(() -> Scan.over(body, (_, _) -> {})).isInstanceOf(BadRequest.class);
        }
    }

    @Test
    void utf_8_is_told_from_other_bytes_as_the_jdk_tells_it() {
        var random = new Random(7);
        for (int round = 0; round < 50_000; round++) {
            var bytes = new byte[random.nextInt(20)];
            for (int i = 0; i < bytes.length; i++) {
                var kind = random.nextInt(4);
                bytes[i] =
                        (byte)
                                (kind == 0
                                        ? 'a'
                                        : kind == 1
                                                ? 0x80 + random.nextInt(64)
                                                : kind == 2
                                                        ? 0xC0 + random.nextInt(64)
                                                        : random.nextInt());
            }
            assertThat(Strict.brokenAt(bytes) < 0).isEqualTo(isUtf8(bytes));
        }
        assertThat(Strict.brokenAt(bytes("aä€😀 and so on, for longer than a word"))).isNegative();
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Test
    void changes_leave_every_other_byte_alone() throws Exception {
        var body = bytes(" { \"a\" : 1 ,\"b\":\"ä\" , \"c\":[ 1 ] } ");
        var splice = new Splice(body);
        Scan.over(
                body,
                (name, value) -> {
                    if (name.equals("c")) {
                        splice.replace(value.range(), "null");
                    } else if (name.equals("a")) {
                        splice.replace(value.range(), "\"one\"");
                    }
                });
        splice.insert(1, "\"z\":0");
        assertThat(new String(splice.done(), UTF_8))
                .isEqualTo(" {\"z\":0, \"a\" : \"one\" ,\"b\":\"ä\" , \"c\":null } ");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
