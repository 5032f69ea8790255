package dev.remit.engine.temporal;

import dev.remit.core.secret.Secrets;
import java.util.Optional;
import java.util.Set;

/// A vault with nothing in it.
final class Nothing implements Secrets {
    static final Secrets SECRET = new Nothing();

    private Nothing() {}

    @Override
    public Optional<String> find(String name) {
        return Optional.empty();
    }

    @Override
    public Set<String> values() {
        return Set.of();
    }
}
