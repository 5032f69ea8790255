package dev.remit.hands.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.secret.Redactor;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/// Files of lines that agents write and people read. A line is on disk when it is said to be
/// written; lines of several processes never mingle; half a line of a process that died is closed
/// before the next one. A turn that comes too late writes nothing. Not idempotent, on purpose: a
/// line written twice is there twice.
final class Journal {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final int LONGEST_LINE = 4000;

    /// A file's lock is held by a process: within this one, threads take turns.
    private static final ReentrantLock TURN = new ReentrantLock();

    private final Path folder;
    private final InstantSource clock;

    Journal(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    Ended append(Invocation invocation, Arguments arguments, Redactor redactor)
            throws InterruptedException {
        var name = arguments.text("journal", "journal", 64);
        if (!NAME.matcher(name).matches()) {
            throw new Refused(
                    "the name of a journal has 1 to 64 lower-case letters, digits or '-'");
        }
        var entry =
                Json.object()
                        .put("at", clock.instant().toString())
                        .put("idempotency_key", invocation.idempotencyKey())
                        .put("session", invocation.session().toString())
                        .put("action", invocation.action().value())
                        .put("line", redactor.redact(arguments.text("line", LONGEST_LINE)));
        var line = (Json.write(entry) + "\n").getBytes(UTF_8);
        TURN.lockInterruptibly();
        try {
            return append(invocation, folder.resolve(name + ".jsonl"), line, redactor);
        } finally {
            TURN.unlock();
        }
    }

    private Ended append(Invocation invocation, Path file, byte[] line, Redactor redactor)
            throws InterruptedException {
        boolean begun = false;
        try (var channel = open(file)) {
            channel.lock(); // until the channel closes
            long end = channel.size();
            var bytes = ByteBuffer.allocate(line.length + 1);
            if (end > 0 && !endsLine(channel, end)) {
                bytes.put((byte) '\n');
            }
            bytes.put(line).flip();
            if (!invocation.mayBegin().getAsBoolean()) {
                return Ended.Failed.tooLate();
            }
            begun = true;
            try {
                for (long at = end; bytes.hasRemaining(); ) {
                    at += channel.write(bytes, at);
                }
                channel.force(true);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                channel.truncate(end);
                channel.force(true);
                begun = false; // taken back: nothing happened
                throw e;
            }
            var result = Json.object().put("journal", name(file)).put("written", true);
            return new Ended.Done(Content.clean(result, redactor));
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException("cut while it wrote to the journal");
        } catch (IOException e) {
            var why = "the journal " + name(file) + " could not be written (" + reason(e) + ")";
            return begun ? new Ended.Unknown(why) : new Ended.Failed(false, why, null);
        }
    }

    private FileChannel open(Path file) throws IOException {
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        boolean fresh = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        var channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        if (fresh) {
            try (var parent = FileChannel.open(folder, StandardOpenOption.READ)) {
                parent.force(true);
            }
        }
        return channel;
    }

    private static boolean endsLine(FileChannel channel, long end) throws IOException {
        var last = ByteBuffer.allocate(1);
        channel.read(last, end - 1);
        return last.get(0) == '\n';
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName()).replace(".jsonl", "");
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName();
    }
}
