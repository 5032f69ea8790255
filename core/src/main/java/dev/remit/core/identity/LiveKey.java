package dev.remit.core.identity;

/// A key that was accepted, as it stands now: it may be revoked while it is used.
public interface LiveKey {
    Key key();

    /// Whether it is not revoked. A volatile read, so that it may be asked for every piece of a
    /// stream. Expiry and what the key may do are looked at when it is shown.
    boolean isLive();

    /// Has something done once when the key is revoked; at once if it is already. It must neither
    /// block nor throw: a revocation waits for it.
    Watch onRevoked(Runnable cut);

    /// To be closed when there is nothing left to cut.
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /// One that nobody can revoke, such as the key in the state folder.
    static LiveKey always(Key key) {
        return new LiveKey() {
            @Override
            public Key key() {
                return key;
            }

            @Override
            public boolean isLive() {
                return true;
            }

            @Override
            public Watch onRevoked(Runnable cut) {
                return () -> {};
            }
        };
    }
}
