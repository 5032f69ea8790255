package dev.remit.core.agent;

import dev.remit.core.text.Faults;
import dev.remit.core.text.Source;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The names of the steps: within one scope, and those around it, all are different.
final class StepNames {
    private final Source source;
    private final Faults faults;
    private final Deque<Map<String, String>> scopes = new ArrayDeque<>();
    private final Map<String, Named> top = new LinkedHashMap<>();
    private final Map<Integer, Integer> branches = new LinkedHashMap<>();
    private int chooses;
    private int count;

    /// @param answer schema of its answer
    /// @param merges whether the fields of its answer stand in the output themselves
    /// @param branches of the choices it is in, by choice: of two branches only one is done
    record Named(Optional<JsonNode> answer, boolean merges, Map<Integer, Integer> branches) {
        /// Whether never both are done.
        boolean excludes(Named other) {
            return branches.entrySet().stream()
                    .anyMatch(e ->
                            other.branches.containsKey(e.getKey())
                                    && !e.getValue().equals(other.branches.get(e.getKey())));
        }
    }

    StepNames(Source source, Faults faults) {
        this.source = source;
        this.faults = faults;
        scopes.push(new HashMap<>());
    }

    /// The steps that the output can be made of, by name.
    Map<String, Named> top() {
        return top;
    }

    int count() {
        return count;
    }

    void open() {
        scopes.push(new HashMap<>());
    }

    void close() {
        scopes.pop();
    }

    int choice() {
        return chooses++;
    }

    void enter(int choice, int branch) {
        branches.put(choice, branch);
    }

    void leave(int choice) {
        branches.remove(choice);
    }

    /// A name that no other step has, made of a word and a number where the word is taken.
    String free(String word) {
        var name = word;
        for (int i = 2; isTaken(name); i++) {
            name = word + "-" + i;
        }
        return name;
    }

    private boolean isTaken(String name) {
        return scopes.stream().anyMatch(s -> s.containsKey(name));
    }

    void add(String pointer, String name, @Nullable JsonNode answer, boolean merges) {
        count++;
        var place = source.value(pointer);
        for (var scope : scopes) {
            var first = scope.get(name);
            if (first != null) {
                faults.add(
                        source.file(),
                        place,
                        "a step named `" + name + "` stands on " + first + " already",
                        "give one of them another name with `as:`");
                return;
            }
        }
        scopes.getFirst().put(name, "line " + place.line());
        if (scopes.size() == 1) {
            top.put(name, new Named(Optional.ofNullable(answer), merges, Map.copyOf(branches)));
        }
    }
}
