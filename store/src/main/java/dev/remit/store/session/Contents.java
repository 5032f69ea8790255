package dev.remit.store.session;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Large contents of many sessions, by column.
final class Contents {
    private final List<UUID> sessions = new ArrayList<>();
    private final List<byte[]> hashes = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();

    void add(SessionId session, Map<Hash, byte[]> blobs) {
        blobs.forEach((hash, content) -> {
            sessions.add(session.uuid());
            hashes.add(hash.bytes());
            contents.add(content);
        });
    }

    /// Three arrays: whose they are, their hashes, and they themselves.
    void fill(Parameters parameters) throws SQLException {
        parameters.uuids(sessions).bytes(hashes).bytes(contents);
    }
}
