package dev.remit.store.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Recorded;
import dev.remit.core.tool.Ended;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What was promised to the writers of a session, to be compared with its log.
final class History {
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Set<String> perhapsSent = ConcurrentHashMap.newKeySet();

    /// @param mark unique text in the event, that begins with the writer's name
    void acknowledged(String mark, long seq) {
        acknowledged.put(mark, seq);
    }

    void unknown(String mark) {
        unknown.add(mark);
    }

    void sent(String text) {
        sent.add(text);
    }

    void perhapsSent(String text) {
        perhapsSent.add(text);
    }

    int size() {
        return acknowledged.size();
    }

    /// No gap, no lost acknowledgement, nothing that was refused, no epoch with two writers, and
    /// all mail there, once.
    void check(PostgresSessionLog log, SessionId id) {
        var events = log.events(id, 0, 1_000_000);
        var writers = new HashMap<Long, String>();
        var found = new HashMap<String, Long>();
        long epoch = 0;
        for (int i = 0; i < events.size(); i++) {
            var recorded = events.get(i);
            assertThat(recorded.seq()).as("no gap").isEqualTo(i + 1);
            assertThat(recorded.epoch()).as("epochs grow").isGreaterThanOrEqualTo(epoch);
            epoch = recorded.epoch();
            var mark = mark(recorded);
            if (mark != null) {
                found.put(mark, recorded.seq());
                var writer = mark.substring(0, mark.lastIndexOf('/'));
                assertThat(writers.computeIfAbsent(epoch, e -> writer))
                        .as("one writer in epoch %d", epoch)
                        .isEqualTo(writer);
            }
        }
        assertThat(found).as("acknowledged and there").containsAllEntriesOf(acknowledged);
        var unexplained = new HashSet<>(found.keySet());
        unexplained.removeAll(acknowledged.keySet());
        unexplained.removeAll(unknown);
        assertThat(unexplained).as("there though refused").isEmpty();
        checkMail(log, id);
    }

    private void checkMail(PostgresSessionLog log, SessionId id) {
        var texts = new HashSet<String>();
        long position = 0;
        for (var page = log.mail(id, 0); !page.isEmpty(); page = log.mail(id, position)) {
            for (var delivered : page) {
                assertThat(delivered.position()).as("no gap in the inbox").isEqualTo(++position);
                texts.add(((Mail.Message) delivered.mail()).text().value().asString());
            }
        }
        assertThat(position).as("each once").isEqualTo(texts.size());
        assertThat(texts).as("all that was sent").containsAll(sent);
        texts.removeAll(sent);
        assertThat(perhapsSent).as("and nothing else").containsAll(texts);
    }

    private static String mark(Recorded recorded) {
        return recorded.event() instanceof Event.ActionEnded ended
                        && ended.end() instanceof Ended.Done done
                ? done.result().value().asString()
                : null;
    }

    static List<String> marks(String writer, int first, int count) {
        return java.util.stream.IntStream.range(first, first + count)
                .mapToObj(i -> writer + "/" + i)
                .toList();
    }
}
