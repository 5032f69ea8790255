package dev.remit.server.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Held by the one server of a state folder, until its process ends.
public final class ServerLock implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final FileChannel channel;

    private ServerLock(FileChannel channel) {
        this.channel = channel;
    }

    /// A server that has said where it listens refuses a second one at once; one that is still
    /// starting, or already stopping, is waited for.
    ///
    /// @throws StartFailure if another server holds it
    public static ServerLock take(HomeFolder home) {
        var file = home.file("server.lock");
        try {
            var channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (tryLock(channel) == null) {
                var pid = ReadyFile.pidOf(home);
                if (pid.isPresent() || System.nanoTime() - end > 0) {
                    channel.close();
                    throw new StartFailure(
                            "another server"
                                    + pid.map(number -> " (pid " + number + ")").orElse("")
                                    + " already serves "
                                    + home.folder()
                                    + "; use that one, stop it, or choose another folder with"
                                    + " --home");
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            return new ServerLock(channel);
        } catch (IOException e) {
            throw StartFailure.of("cannot lock " + file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another server in this very process
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw StartFailure.of("cannot unlock the state folder", e);
        }
    }
}
