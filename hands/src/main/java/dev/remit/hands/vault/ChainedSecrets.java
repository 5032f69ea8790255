package dev.remit.hands.vault;

import dev.remit.core.secret.Secrets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Several places where credentials are kept; the first that has one gives it.
public final class ChainedSecrets implements Secrets {
    private record Union(List<Set<String>> parts, Set<String> values) {}

    private final List<Secrets> places;
    private volatile Union union = new Union(List.of(), Set.of());

    public ChainedSecrets(Secrets... places) {
        this.places = List.of(places);
    }

    @Override
    public Optional<String> find(String name) {
        return places.stream().flatMap(p -> p.find(name).stream()).findFirst();
    }

    @Override
    public Set<String> values() {
        var parts = places.stream().map(Secrets::values).toList();
        var known = union;
        if (!known.parts().equals(parts)) {
            var all = new HashSet<String>();
            parts.forEach(all::addAll);
            known = new Union(parts, Set.copyOf(all));
            union = known;
        }
        return known.values();
    }
}
