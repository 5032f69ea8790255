package dev.remit.store.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A folder that only one process uses at a time. The kernel drops it when the process ends.
final class FolderLock implements AutoCloseable {
    /// Held by this process: the kernel would forget a lock when its file is opened again here.
    private static final Set<Path> HELD = new HashSet<>();

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// @throws DatabaseException of kind `IN_USE`
    static FolderLock take(Path folder) throws IOException {
        var file = folder.toRealPath().resolve("lock");
        synchronized (HELD) {
            if (HELD.contains(file)) {
                throw inUse(folder, ProcessHandle.current().pid() + ", this process");
            }
            var channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            var lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw inUse(folder, Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
            HELD.add(file);
            return new FolderLock(file, channel);
        }
    }

    private static DatabaseException inUse(Path folder, @Nullable String pid) {
        return new DatabaseException(
                DatabaseException.Kind.IN_USE,
                "another Remit (pid %s) uses the database in %s. Stop it (remit stop), or set REMIT_HOME to"
                                .formatted(pid, folder)
                        + " another folder.");
    }

    @Override
    public void close() {
        synchronized (HELD) {
            HELD.remove(file);
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException("the lock file cannot be closed: " + file, e);
            }
        }
    }
}
