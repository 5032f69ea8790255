package dev.remit.core.brain;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.State;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a brain need not compute again: items and rounds that are done for good. Nothing depends on
/// it but the time that a look at a long list takes; without it every answer is the same.
final class Memory {
    private @Nullable SessionId session;
    private long seq;
    private final Map<ActionId, Items> items = new HashMap<>();
    private final Map<ActionId, Round> rounds = new HashMap<>();

    /// The items of one list.
    static final class Items {
        private final @Nullable Stand[] settled;
        private Stand.@Nullable Failed failure;
        private int begin;

        private Items(int count) {
            settled = new Stand[count];
        }

        int count() {
            return settled.length;
        }

        /// The first item that is not settled.
        int begin() {
            while (begin < settled.length && settled[begin] != null) {
                begin++;
            }
            return begin;
        }

        @Nullable Stand settled(int item) {
            return settled[item];
        }

        void settle(int item, Stand stand) {
            settled[item] = stand;
            if (failure == null && stand instanceof Stand.Failed failed) {
                failure = failed;
            }
        }

        /// How the first item failed that did; absent if none has.
        Stand.@Nullable Failed failure() {
            return failure;
        }
    }

    /// @param answers of its steps, by name
    record Round(ObjectNode answers, @Nullable JsonNode answer) {}

    /// Forgets all, unless this is the same session, later on.
    void look(State state) {
        if (!state.id().equals(session) || state.seq() < seq) {
            items.clear();
            rounds.clear();
            session = state.id();
        }
        seq = state.seq();
    }

    Items items(ActionId list, int count) {
        return items.computeIfAbsent(list, id -> new Items(count));
    }

    @Nullable Round round(ActionId decision) {
        return rounds.get(decision);
    }

    void round(ActionId decision, Round round) {
        rounds.put(decision, round);
    }
}
