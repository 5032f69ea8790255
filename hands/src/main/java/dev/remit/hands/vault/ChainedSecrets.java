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
        for (var place : places) {
            var found = place.find(name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    @Override
    public Set<String> values() {
        var known = union;
        return isOf(known) ? known.values() : unite();
    }

    private boolean isOf(Union known) {
        if (known.parts().size() != places.size()) {
            return false;
        }
        for (int i = 0; i < places.size(); i++) {
            if (!known.parts().get(i).equals(places.get(i).values())) {
                return false;
            }
        }
        return true;
    }

    private Set<String> unite() {
        var parts = places.stream().map(Secrets::values).toList();
        var all = new HashSet<String>();
        parts.forEach(all::addAll);
        var now = new Union(parts, Set.copyOf(all));
        union = now;
        return now.values();
    }
}
