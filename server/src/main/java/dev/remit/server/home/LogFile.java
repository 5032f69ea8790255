package dev.remit.server.home;

import dev.remit.core.secret.Redactor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// `logs/server.log`: one line a record, every one redacted. A full file becomes `server.log.1`,
/// and so on up to a bound.
public final class LogFile extends Handler implements AutoCloseable {
    private static final long FILE_BYTES = 10 << 20;
    private static final int OLD_FILES = 4;
    private static final Logger ROOT = Logger.getLogger("");

    /// The JDK forgets the level of a logger that nobody holds.
    private static final List<Logger> CHATTY =
            List.of(
                    Logger.getLogger("org.eclipse.jetty"),
                    Logger.getLogger("com.zaxxer"),
                    Logger.getLogger("org.flywaydb"));

    private final Path file;
    private final long fileBytes;
    private OutputStream out;
    private long written;

    private LogFile(Path file, long fileBytes) throws IOException {
        this.file = file;
        this.fileBytes = fileBytes;
        this.out = new FileOutputStream(file.toFile(), true);
        this.written = Files.size(file);
    }

    /// From now on everything is logged there and nowhere else.
    ///
    /// @throws StartFailure if the file cannot be written
    public static LogFile open(HomeFolder home, Redactor redactor) {
        return open(home, redactor, FILE_BYTES);
    }

    static LogFile open(HomeFolder home, Redactor redactor, long fileBytes) {
        try {
            var log = new LogFile(home.logs().resolve("server.log"), fileBytes);
            log.setFormatter(new LogLine(redactor));
            for (var other : ROOT.getHandlers()) {
                ROOT.removeHandler(other);
            }
            ROOT.addHandler(log);
            ROOT.setLevel(Level.INFO);
            CHATTY.forEach(logger -> logger.setLevel(Level.WARNING));
            return log;
        } catch (IOException e) {
            throw StartFailure.of("cannot write the log in " + home.logs(), e);
        }
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        var line = getFormatter().format(record).getBytes(StandardCharsets.UTF_8);
        try {
            if (written > 0 && written + line.length > fileBytes) {
                rotate();
            }
            out.write(line);
            written += line.length;
        } catch (IOException e) {
            reportError("cannot write the log", e, ErrorManager.WRITE_FAILURE);
        }
    }

    private void rotate() throws IOException {
        out.close();
        for (int old = OLD_FILES; old > 0; old--) {
            var from = old == 1 ? file : numbered(old - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(old), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        out = new FileOutputStream(file.toFile(), true);
        written = 0;
    }

    private Path numbered(int old) {
        return file.resolveSibling(file.getFileName() + "." + old);
    }

    @Override
    public void flush() {
        // nothing is buffered
    }

    @Override
    public synchronized void close() {
        ROOT.removeHandler(this);
        try {
            out.close();
        } catch (IOException e) {
            reportError("cannot close the log", e, ErrorManager.CLOSE_FAILURE);
        }
    }

    /// Keeps the log open until [LogFile#close], though the JVM would close it at the first sign of
    /// its end. To be named in the property [#PROPERTY] before anything touches logging, this class
    /// included.
    public static final class Keeping extends LogManager {
        public static final String PROPERTY = "java.util.logging.manager";

        @Override
        public void reset() {
            // the log is closed by LogFile
        }
    }
}
