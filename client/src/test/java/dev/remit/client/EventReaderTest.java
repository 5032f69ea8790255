package dev.remit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventReaderTest {
    private static EventReader reading(String text) {
        return new EventReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void an_event_has_its_id_its_type_and_all_lines_of_its_data() throws IOException {
        var reader =
                reading(": hello\n\nid: 7\nevent: closed\ndata: a\ndata:  b\n\ndata:c\r\n\r\n");

        assertThat(reader.next()).isEqualTo(new EventReader.Sent("7", "closed", "a\n b"));
        assertThat(reader.next()).isEqualTo(new EventReader.Sent(null, "message", "c"));
        assertThat(reader.next()).isNull();
    }

    @Test
    void an_event_that_the_end_cut_off_is_dropped() throws IOException {
        assertThat(reading("id: 7\ndata: half").next()).isNull();
        assertThat(reading("id: 7\ndata: whole\n").next()).isNull();
    }

    @Test
    void characters_of_several_bytes_arrive_whole() throws IOException {
        var sent = reading("data: 障害 🚨\n\n").next();

        assertThat(sent).isNotNull();
        assertThat(sent.data()).isEqualTo("障害 🚨");
    }

    @Test
    void a_line_without_end_is_refused_before_it_fills_the_memory() {
        var endless =
                new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }
                };

        assertThatThrownBy(() -> new EventReader(endless, 1000).next())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than");
    }
}
