package dev.remit.store.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.Permission;
import dev.remit.core.identity.Presented.Why;
import dev.remit.core.json.Hash;
import dev.remit.store.identity.KeyTable.Found;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What a node does about keys that it has not heard of.
class KeyTableTest {
    private final AtomicLong now = new AtomicLong(TimeUnit.DAYS.toNanos(1));
    private final AtomicInteger asked = new AtomicInteger();

    private static KeyRows.Row row(String id, boolean revoked) {
        var key =
                new Key(
                        id,
                        "test",
                        Nodes.BOT,
                        null,
                        null,
                        Set.of(),
                        Set.of(Permission.MODELS_USE),
                        Key.Limits.NONE,
                        null);
        var at = Instant.EPOCH;
        return new KeyRows.Row(
                new StoredKey(key, 1, at, "me", null, revoked ? at : null, revoked ? "me" : null),
                Hash.of("secret"));
    }

    private KeyTable table(Optional<KeyRows.Row> answer) {
        return new KeyTable(
                id -> {
                    asked.incrementAndGet();
                    return answer;
                },
                now::get);
    }

    @Test
    void a_key_that_was_found_once_is_never_asked_for_again() {
        var table = table(Optional.of(row("one", false)));
        var first = table.find("one");
        assertThat(first).isInstanceOf(Found.State.class);
        assertThat(table.find("one")).isEqualTo(first);
        assertThat(asked).hasValue(1);
    }

    @Test
    void the_same_guess_is_asked_for_once_in_a_while() {
        var table = table(Optional.empty());
        for (int i = 0; i < 1000; i++) {
            assertThat(table.find("guess")).isEqualTo(new Found.None(Why.UNKNOWN));
        }
        assertThat(asked).hasValue(1);
        now.addAndGet(TimeUnit.SECONDS.toNanos(11));
        table.find("guess");
        assertThat(asked).hasValue(2);
    }

    @Test
    void guessing_other_keys_all_the_time_does_not_hammer_the_database() {
        var table = table(Optional.empty());
        table.add(row("known", false));
        for (int i = 0; i < 100_000; i++) {
            table.find("guess" + i);
        }
        assertThat(asked.get()).isLessThanOrEqualTo(100);
        assertThat(table.find("another")).isEqualTo(new Found.None(Why.BUSY));
        assertThat(table.find("known")).isInstanceOf(Found.State.class);
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(table.find("another")).isEqualTo(new Found.None(Why.UNKNOWN));
    }

    @Test
    void a_row_that_was_read_before_a_revocation_does_not_bring_the_key_back() {
        var held = new AtomicReference<KeyTable>();
        var table =
                new KeyTable(
                        id -> {
                            boolean late = asked.incrementAndGet() > 1;
                            if (!late) {
                                held.get().revoke(List.of("one"), 7); // between reading and putting
                            }
                            return Optional.of(row("one", late));
                        },
                        now::get);
        held.set(table);
        var found = (Found.State) table.find("one");
        assertThat(found.state().isLive()).isFalse();
        assertThat(asked).hasValue(2);
    }

    @Test
    void a_revoked_key_is_forgotten_but_not_by_those_who_hold_it() {
        var table = table(Optional.of(row("one", true)));
        var state = table.add(row("one", false));
        table.revoke(List.of("one", "unheard-of"), 3);
        assertThat(state.isLive()).isFalse();
        assertThat(((Found.State) table.find("one")).state()).isSameAs(state);
        assertThat(asked).hasValue(0);
        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(((Found.State) table.find("one")).state().isLive()).isFalse();
        assertThat(asked).hasValue(1);
    }
}
