package dev.remit.gateway.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.gateway.wire.Garbage;
import dev.remit.http.client.SseEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class AwsEventStreamTest {
    private static byte[] message(Map<String, String> headers, String payload) {
        var named = new ByteArrayOutputStream();
        headers.forEach((name, value) -> {
            named.write(name.length());
            named.writeBytes(name.getBytes(UTF_8));
            named.write(7);
            named.write(value.length() >> 8);
            named.write(value.length());
            named.writeBytes(value.getBytes(UTF_8));
        });
        return framed(named.toByteArray(), payload.getBytes(UTF_8));
    }

    private static byte[] framed(byte[] headers, byte[] payload) {
        var length = 16 + headers.length + payload.length;
        var out = ByteBuffer.allocate(length).putInt(length).putInt(headers.length);
        out.putInt(crc(out.array(), 8)).put(headers).put(payload);
        out.putInt(crc(out.array(), length - 4));
        return out.array();
    }

    private static int crc(byte[] bytes, int length) {
        var crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static List<SseEvent> read(byte[] all, int piece) throws Garbage {
        var events = new ArrayList<SseEvent>();
        var stream = new AwsEventStream(1 << 20, events::add);
        for (int at = 0; at < all.length; at += piece) {
            var some = Arrays.copyOfRange(all, at, Math.min(all.length, at + piece));
            stream.feed(some, some.length);
        }
        stream.end();
        return events;
    }

    @Test
    void the_published_examples_are_read() throws Garbage {
        // from AWS's event stream test vectors: an empty message, and one with a payload
        assertThat(read(HexFormat.of().parseHex("000000100000000005c248eb7d98c8ff"), 16))
                .containsExactly(new SseEvent("message", "", ""));
        var payload = "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936";
        assertThat(read(HexFormat.of().parseHex(payload), 64))
                .containsExactly(new SseEvent("message", "{'foo':'bar'}", ""));
    }

    @Test
    void messages_are_found_however_the_bytes_are_cut() throws Garbage {
        var all = new ByteArrayOutputStream();
        var event = Map.of(":message-type", "event", ":event-type", "contentBlockDelta");
        all.writeBytes(message(event, "{\"delta\":{\"text\":\"größer\"}}"));
        all.writeBytes(
                message(
                        Map.of(
                                ":message-type",
                                "exception",
                                ":exception-type",
                                "throttlingException"),
                        "{}"));
        for (int piece : new int[] {1, 2, 7, 13, 1000}) {
            assertThat(read(all.toByteArray(), piece))
                    .containsExactly(
                            new SseEvent(
                                    "contentBlockDelta", "{\"delta\":{\"text\":\"größer\"}}", ""),
                            new SseEvent("throttlingException", "{}", ""));
        }
    }

    @Test
    void headers_of_every_type_are_stepped_over() throws Garbage {
        var headers = new ByteArrayOutputStream();
        int[] sizes = {0, 0, 1, 2, 4, 8, -1, -1, 8, 16};
        for (int type = 0; type < sizes.length; type++) {
            headers.write(1);
            headers.write('a' + type);
            headers.write(type);
            headers.writeBytes(sizes[type] < 0 ? new byte[] {0, 1, 'x'} : new byte[sizes[type]]);
        }
        headers.writeBytes(new byte[] {11});
        headers.writeBytes(":event-type".getBytes(UTF_8));
        headers.writeBytes(new byte[] {7, 0, 1, 'e'});
        assertThat(read(framed(headers.toByteArray(), new byte[0]), 5))
                .containsExactly(new SseEvent("e", "", ""));
    }

    @Test
    void a_flipped_bit_anywhere_is_noticed() {
        var good = message(Map.of(":event-type", "messageStop"), "{\"stopReason\":\"end_turn\"}");
        for (int bit = 0; bit < good.length * 8; bit++) {
            var bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> read(bad, bad.length)).isInstanceOf(Garbage.class);
        }
    }

    @Test
    void an_end_within_a_message_is_no_end() {
        var good = message(Map.of(), "{}");
        for (int length = 1; length < good.length; length++) {
            var cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> read(cut, 3)).isInstanceOf(Garbage.class);
        }
    }

    @Test
    void any_bytes_give_events_or_garbage_and_nothing_else() {
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new SplittableRandom(seed);
            var bytes = new byte[random.nextInt(1, 200)];
            random.nextBytes(bytes);
            var headers = framed(bytes, new byte[0]);
            try {
                read(random.nextBoolean() ? headers : bytes, 64);
            } catch (Garbage expected) {
                assertThat(expected.why()).isNotEmpty();
            }
        }
    }
}
