package dev.remit.server.settings;

import dev.remit.core.json.Hash;
import dev.remit.core.settings.Settings;
import dev.remit.core.settings.SettingsReader;
import dev.remit.core.settings.SettingsReading;
import dev.remit.core.text.Fault;
import dev.remit.core.text.Source;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The texts of the file, and of those beside it that it names, as they were at one time.
final class Snapshot {
    private final @Nullable Path file;
    private final Map<Path, Text> texts = new HashMap<>();
    private final SettingsReading reading;

    /// @param stamp when it was changed and how large it was; nothing if it was not there
    /// @param text nothing if it could not be read
    /// @param settled whether a change since would have another time, however coarse the clock of
    ///   the file system is
    private record Text(@Nullable Stamp stamp, @Nullable String text, boolean settled) {}

    private record Stamp(FileTime changed, long size, @Nullable Object identity) {
        private static final Duration COARSE = Duration.ofSeconds(2);

        /// By the clock of the machine, as the file's time is.
        boolean isOld() {
            return changed.toInstant().plus(COARSE).isBefore(Instant.now());
        }

        static @Nullable Stamp of(Path file) {
            try {
                var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(
                        attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            } catch (IOException e) {
                return null;
            }
        }
    }

    private Snapshot(@Nullable Path file) {
        this.file = file;
        this.reading = file == null ? none() : read(file);
    }

    /// @param file absent: there is none
    static Snapshot take(@Nullable Path file) {
        return new Snapshot(file);
    }

    @Nullable Path file() {
        return file;
    }

    /// What the texts say.
    SettingsReading read() {
        return reading;
    }

    /// Tells one from another; empty if there is no file.
    String version() {
        if (file == null) {
            return "";
        }
        var all = new TreeMap<String, String>();
        texts.forEach((path, text) -> all.put(path.toString(), String.valueOf(text.text())));
        return Hash.of(all.toString()).hex().substring(0, 12);
    }

    /// Whether nothing was changed since, as far as times and sizes tell.
    boolean isStill(@Nullable Path now) {
        return Objects.equals(file, now)
                && texts.entrySet().stream()
                        .allMatch(e ->
                                e.getValue().settled()
                                        && Objects.equals(
                                                Stamp.of(e.getKey()), e.getValue().stamp()));
    }

    boolean isSameText(Snapshot other) {
        return Objects.equals(file, other.file) && version().equals(other.version());
    }

    private static SettingsReading none() {
        return new SettingsReading(List.of(), Settings.none());
    }

    private SettingsReading read(Path from) {
        var name = String.valueOf(from.getFileName());
        try {
            return SettingsReader.read(name, load(from), path -> beside(from, path));
        } catch (CharacterCodingException e) {
            return refused(name, "this is no text", "write it in UTF-8");
        } catch (NoSuchFileException e) {
            return refused(name, "the file is gone", "put it back");
        } catch (IOException e) {
            return refused(name, "the file cannot be read", String.valueOf(e.getMessage()));
        }
    }

    private static SettingsReading refused(String file, String wrong, String right) {
        return new SettingsReading(List.of(new Fault(file, 0, 0, wrong, right)), null);
    }

    /// Its stamp is taken before its text: a change between the two is seen the next time.
    private String load(Path path) throws IOException {
        var stamp = Stamp.of(path);
        boolean settled = stamp == null || stamp.isOld();
        texts.put(path, new Text(stamp, null, settled));
        if (stamp != null && stamp.size() > 4L * Source.LONGEST) {
            throw new IOException("it has " + stamp.size() + " bytes");
        }
        var text = Files.readString(path, StandardCharsets.UTF_8);
        texts.put(path, new Text(stamp, text, settled));
        return text;
    }

    private @Nullable String beside(Path from, String path) {
        var folder = from.toAbsolutePath().getParent();
        if (folder == null) {
            return null;
        }
        try {
            return load(folder.resolve(path));
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }
}
