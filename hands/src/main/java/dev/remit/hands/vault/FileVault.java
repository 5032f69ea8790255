package dev.remit.hands.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.core.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Credentials in a folder, each in a file of its own, encrypted. They are put, used and removed;
/// nothing shows one again.
public final class FileVault implements Secrets {
    /// The largest value, in bytes of UTF-8.
    public static final int LARGEST = 64 * 1024;

    /// The shortest value, in characters: a shorter one could not be told from ordinary text where
    /// it must be redacted.
    public static final int SHORTEST = 6;

    private static final Logger LOG = LoggerFactory.getLogger(FileVault.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
    private static final String SUFFIX = ".secret";
    private static final int LARGEST_FILE = 4 * LARGEST;

    private static final int MOST_OPENED = 1000;
    private static final Duration A_TICK = Duration.ofMillis(100);

    /// For so long after a look at the folder it is taken to be unchanged by other processes. What
    /// this one changes holds at once.
    private static final long TRUSTED = Duration.ofMillis(20).toNanos();

    private final Path folder;
    private final MasterKey master;
    private final Set<String> everHeld = new LinkedHashSet<>();
    private volatile Held held = Held.old(Set.of());
    private @Nullable FileTime seen;
    private boolean readable = true;

    /// What the folder holds, as of a moment ago.
    ///
    /// @param since when it was looked at, of [System#nanoTime]
    /// @param opened what was asked for since it last changed, by name
    /// @param values every one that is or was held
    private record Held(long since, Map<String, Optional<String>> opened, Set<String> values) {
        /// To be looked at again.
        static Held old(Set<String> values) {
            return new Held(System.nanoTime() - TRUSTED, new ConcurrentHashMap<>(), values);
        }

        @Override
        public String toString() {
            return "what the vault holds";
        }
    }

    private FileVault(Path folder, MasterKey master) {
        this.folder = folder;
        this.master = master;
    }

    /// Opens the vault in that folder; makes it on first use.
    ///
    /// @param environment its `REMIT_MASTER_KEY`, 32 bytes in Base64 or hexadecimal, is the master
    ///   key; without it, the file `master.key` in the folder is
    /// @throws VaultException if the folder cannot be used or the master key is none
    public static FileVault open(Path folder, Map<String, String> environment) {
        try {
            Durable.folder(folder);
            var given = environment.get(MasterKey.VARIABLE);
            var master =
                    given == null || given.isBlank()
                            ? MasterKey.kept(folder)
                            : MasterKey.parse(given, MasterKey.VARIABLE);
            return new FileVault(folder, master);
        } catch (IOException | UnsupportedOperationException e) {
            throw failed("be opened", e);
        }
    }

    /// Keeps a value under a name; one that was there is replaced. On disk when it returns.
    ///
    /// @throws VaultException if the name or the value is not acceptable, or writing fails
    public synchronized void put(String name, String value) {
        var file = file(name);
        var bytes = value.getBytes(UTF_8);
        if (value.strip().length() < SHORTEST || bytes.length > LARGEST) {
            throw new VaultException(
                    "the credential \""
                            + name
                            + "\" is expected to have "
                            + SHORTEST
                            + " characters to "
                            + LARGEST
                            + " bytes, and has "
                            + bytes.length
                            + " bytes");
        }
        try {
            Durable.write(file, Sealed.seal(name, bytes, master));
        } catch (IOException e) {
            throw failed("write the credential \"" + name + "\"", e);
        } finally {
            forget();
        }
    }

    /// @throws VaultException if the name is not acceptable, or the entry is damaged or was sealed
    ///   with another master key
    @Override
    public Optional<String> find(String name) {
        var now = held();
        var known = now.opened().get(name);
        return known == null ? open(name, now) : known;
    }

    private Optional<String> open(String name, Held now) {
        var value = open(name);
        if (value.isPresent() && !now.values().contains(value.get())) {
            forget(); // it came this moment: whoever uses it shall find it among the values
        } else if (now.opened().size() < MOST_OPENED) {
            now.opened().put(name, value);
        }
        return value;
    }

    private Optional<String> open(String name) {
        var file = file(name);
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw new VaultException(
                        "the credential \"" + name + "\" is damaged: put it again");
            }
            return Optional.of(
                    new String(Sealed.open(name, Files.readAllBytes(file), master), UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // removed in this moment
        } catch (IOException e) {
            throw failed("read the credential \"" + name + "\"", e);
        }
    }

    /// In order. Also those that cannot be opened.
    public List<String> names() {
        try (var files = Files.list(folder)) {
            return files.map(f -> String.valueOf(f.getFileName()))
                    .filter(f -> f.endsWith(SUFFIX))
                    .map(f -> f.substring(0, f.length() - SUFFIX.length()))
                    .filter(n -> NAME.matcher(n).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failed("be listed", e);
        }
    }

    /// @return whether it was there
    public synchronized boolean remove(String name) {
        try {
            return Durable.delete(file(name));
        } catch (IOException e) {
            throw failed("remove the credential \"" + name + "\"", e);
        } finally {
            forget();
        }
    }

    /// Every value held, and every one that was held since the vault was opened: what was replaced
    /// may still turn up somewhere. The same set until something changes.
    @Override
    public Set<String> values() {
        return held().values();
    }

    private Held held() {
        var now = held;
        return System.nanoTime() - now.since() < TRUSTED ? now : look();
    }

    private synchronized Held look() {
        long since = System.nanoTime();
        var now = held;
        try {
            var changed = Files.getLastModifiedTime(folder);
            readable = true;
            if (changed.equals(seen)) {
                now = new Held(since, now.opened(), now.values());
            } else {
                everHeld.addAll(readable());
                now = new Held(since, new ConcurrentHashMap<>(), Set.copyOf(everHeld));
                seen = isLongAgo(changed) ? changed : null;
            }
        } catch (IOException | VaultException e) {
            if (readable) {
                LOG.warn("the vault cannot be read; what was in it is still recognised", e);
            }
            readable = false;
            seen = null;
            now = new Held(since, new ConcurrentHashMap<>(), now.values());
        }
        held = now;
        return now;
    }

    /// Two changes in one tick of the file system's clock look like one.
    private static boolean isLongAgo(FileTime changed) {
        return changed.toMillis() < System.currentTimeMillis() - A_TICK.toMillis();
    }

    private synchronized void forget() {
        seen = null;
        held = Held.old(held.values());
    }

    /// One entry that is damaged must not keep the others from being recognised.
    private List<String> readable() {
        return names().stream()
                .flatMap(name -> {
                    try {
                        return open(name).stream();
                    } catch (VaultException e) {
                        LOG.warn("{}", e.getMessage());
                        return Optional.<String>empty().stream();
                    }
                })
                .toList();
    }

    private Path file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new VaultException(
                    "the name of a credential has 1 to 64 letters, digits, '.', '_' or '-', and"
                            + " begins with a letter, digit or '_'");
        }
        return folder.resolve(name + SUFFIX);
    }

    private static VaultException failed(String what, Exception cause) {
        return new VaultException(
                "the vault cannot " + what + " (" + cause.getClass().getSimpleName() + ")", cause);
    }
}
