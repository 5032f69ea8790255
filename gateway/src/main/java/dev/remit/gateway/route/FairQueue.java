package dev.remit.gateway.route;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A bounded queue in which nobody can crowd out others: turns go round between teams, within a
/// team between its keys, and of one key the first one comes first. When it is full, who waits most
/// often makes room for who waits less. Guarded by its owner.
final class FairQueue<T> {
    private final int most;
    private final Map<String, Team<T>> teams = new LinkedHashMap<>(); // next turn first
    private int size;

    private static final class Team<T> {
        final Map<String, ArrayDeque<T>> keys = new LinkedHashMap<>(); // next turn first
        int size;
    }

    FairQueue(int most) {
        this.most = most;
    }

    int size() {
        return size;
    }

    /// @return who is to leave so that it stays within bounds: another one, or the new one itself;
    ///   nothing if there is room
    @Nullable T add(Whose whose, T waiting) {
        var leaves = size < most ? null : makeRoom(whose);
        if (size >= most) {
            return waiting;
        }
        var team = teams.computeIfAbsent(whose.team(), t -> new Team<>());
        team.keys.computeIfAbsent(whose.key(), k -> new ArrayDeque<>()).addLast(waiting);
        team.size++;
        size++;
        return leaves;
    }

    /// Takes out who came last of the team that waits most often, or, if that is one's own, of its
    /// key that does; nobody if the new one would be no better.
    private @Nullable T makeRoom(Whose whose) {
        var longest =
                teams.entrySet().stream()
                        .max(Comparator.comparingInt(e -> e.getValue().size))
                        .orElse(null);
        if (longest == null) {
            return null;
        }
        var team = longest.getValue();
        var own = teams.get(whose.team());
        boolean better =
                own == team
                        ? sizeOf(own.keys.get(whose.key())) + 1 < longestKey(own).getValue().size()
                        : (own == null ? 0 : own.size) + 1 < team.size;
        return better ? dropNewest(longest.getKey(), team) : null;
    }

    private static int sizeOf(@Nullable ArrayDeque<?> queue) {
        return queue == null ? 0 : queue.size();
    }

    private static <T> Map.Entry<String, ArrayDeque<T>> longestKey(Team<T> team) {
        return team.keys.entrySet().stream()
                .max(Comparator.comparingInt(e -> e.getValue().size()))
                .orElseThrow();
    }

    private T dropNewest(String name, Team<T> team) {
        var longest = longestKey(team);
        var dropped = longest.getValue().removeLast();
        shrink(name, team, longest.getKey(), longest.getValue());
        return dropped;
    }

    /// Whose turn it is; nothing if nobody waits.
    @Nullable T poll() {
        if (size == 0) {
            return null;
        }
        var first = teams.entrySet().iterator().next();
        var team = first.getValue();
        var key = team.keys.entrySet().iterator().next();
        var next = key.getValue().removeFirst();
        // To the end of the line, if there is more to do.
        teams.remove(first.getKey());
        team.keys.remove(key.getKey());
        if (!key.getValue().isEmpty()) {
            team.keys.put(key.getKey(), key.getValue());
        }
        team.size--;
        size--;
        if (team.size > 0) {
            teams.put(first.getKey(), team);
        }
        return next;
    }

    /// @return whether it was still waiting
    boolean remove(Whose whose, T waiting) {
        var team = teams.get(whose.team());
        var queue = team == null ? null : team.keys.get(whose.key());
        if (team == null || queue == null || !queue.remove(waiting)) {
            return false;
        }
        shrink(whose.team(), team, whose.key(), queue);
        return true;
    }

    private void shrink(String name, Team<T> team, String key, ArrayDeque<T> queue) {
        team.size--;
        size--;
        if (queue.isEmpty()) {
            team.keys.remove(key);
        }
        if (team.size == 0) {
            teams.remove(name);
        }
    }
}
