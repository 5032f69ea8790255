package dev.remit.store.identity;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.LiveKey;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// A key as this node knows it, and what is to be cut when it is revoked.
final class KeyState implements LiveKey {
    private final Key key;
    private final byte[] hash;
    private final Set<Cut> cuts = ConcurrentHashMap.newKeySet();
    private volatile boolean revoked;
    private volatile long usedHour;

    KeyState(Key key, byte[] hash, boolean revoked) {
        this.key = key;
        this.hash = hash;
        this.revoked = revoked;
    }

    /// Runs once at most.
    private static final class Cut implements Runnable {
        private final AtomicBoolean done = new AtomicBoolean();
        private final Runnable action;

        Cut(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            if (!done.getAndSet(true)) {
                action.run();
            }
        }
    }

    @Override
    public Key key() {
        return key;
    }

    @Override
    public boolean isLive() {
        return !revoked;
    }

    @Override
    public Watch onRevoked(Runnable action) {
        var cut = new Cut(action);
        cuts.add(cut);
        if (revoked) {
            cut.run();
        }
        return () -> cuts.remove(cut);
    }

    /// Takes the same time wherever the first difference is.
    boolean matches(KeyText shown) {
        return MessageDigest.isEqual(hash, shown.hash());
    }

    /// @return what has to be run now, for those who are using it
    List<Runnable> revoke() {
        revoked = true;
        return List.copyOf(cuts);
    }

    /// Notes the hour of its use. Written only when it changes, so that no two uses contend for it.
    void used(long hour) {
        if (usedHour < hour) {
            usedHour = hour;
        }
    }

    long usedHour() {
        return usedHour;
    }
}
