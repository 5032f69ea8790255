package dev.remit.store.archive;

import dev.remit.core.json.Json;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/// A file of the archive with its manifest beside. It gets its name when all of it is on the disk
/// and has been read back; until then it is something that nobody looks at.
///
/// @param name below the folder
record ArchiveFile(String name, String sha256, long bytes, List<Member> members) {
    private static final String UNFINISHED = ".part";

    /// Where a session is in a file.
    record Member(UUID session, long place, long length, long events) {}

    /// Opens what is written to; a test opens something that is full.
    interface Opener {
        OutputStream open(Path path) throws IOException;
    }

    /// @throws IOException if it cannot be written or read back; then nothing of it is left
    static ArchiveFile write(
            Connection connection, Path folder, String name, List<UUID> sessions, Opener opener)
            throws IOException, SQLException {
        var path = folder.resolve(name);
        var part = folder.resolve(name + UNFINISHED);
        var day = Files.createDirectories(path.getParent());
        try {
            var file = written(connection, part, name, sessions, opener);
            sync(part);
            file.check(part);
            var manifest = folder.resolve(name + ".manifest.json");
            var manifestPart = folder.resolve(name + ".manifest.json" + UNFINISHED);
            Files.writeString(manifestPart, Json.write(file.manifest()) + "\n");
            sync(manifestPart);
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
            Files.move(manifestPart, manifest, StandardCopyOption.ATOMIC_MOVE);
            sync(day);
            sync(folder);
            return file;
        } catch (IOException | SQLException | RuntimeException e) {
            Files.deleteIfExists(part);
            Files.deleteIfExists(folder.resolve(name + ".manifest.json" + UNFINISHED));
            throw e;
        }
    }

    private static ArchiveFile written(
            Connection connection, Path part, String name, List<UUID> sessions, Opener opener)
            throws IOException, SQLException {
        var digest = newDigest();
        var members = new ArrayList<Member>();
        long place = 0;
        try (var counted =
                new Counted(
                        new DigestOutputStream(
                                new BufferedOutputStream(opener.open(part), 1 << 16), digest))) {
            for (var session : sessions) {
                long events = EntryWriter.write(connection, session, counted);
                members.add(new Member(session, place, counted.count - place, events));
                place = counted.count;
            }
        }
        return new ArchiveFile(
                name, HexFormat.of().formatHex(digest.digest()), place, List.copyOf(members));
    }

    /// Everything that was written can be read, and folds.
    private void check(Path path) throws IOException {
        var found = hash(path);
        if (!found.equals(sha256)) {
            throw new IOException(path + " does not hold what was written into it");
        }
        for (var member : members) {
            var entry = read(path, member.place(), member.length());
            var state = entry.fold();
            if (state.seq() != member.events() || !state.isClosed()) {
                throw new IOException("session " + member.session() + " is not whole in " + path);
            }
        }
    }

    private tools.jackson.databind.JsonNode manifest() {
        var manifest =
                Json.object()
                        .put("remit", Entry.FORMAT)
                        .put("file", name)
                        .put("bytes", bytes)
                        .put("sha256", sha256);
        var list = manifest.putArray("sessions");
        for (var member : members) {
            list.addObject()
                    .put("id", member.session().toString())
                    .put("place", member.place())
                    .put("length", member.length())
                    .put("events", member.events());
        }
        return manifest;
    }

    static Entry read(Path path, long place, long length) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.position(place);
            return Entry.read(new Bounded(Channels.newInputStream(channel), length));
        }
    }

    static String hash(Path path) throws IOException {
        var digest = newDigest();
        try (var in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            var buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Of a file, or of a folder: that what has a name in it keeps it.
    private static void sync(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new UncheckedIOException(new IOException("every JDK has SHA-256", e));
        }
    }

    private static final class Counted extends FilterOutputStream {
        private long count;

        Counted(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            count += length;
        }
    }

    private static final class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            if (left <= 0) {
                return -1;
            }
            left--;
            return in.read();
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = in.read(into, from, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
    }
}
