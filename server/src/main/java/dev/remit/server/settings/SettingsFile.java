package dev.remit.server.settings;

import dev.remit.core.settings.Settings;
import dev.remit.core.settings.SettingsReader;
import dev.remit.core.text.Fault;
import dev.remit.server.home.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `remit.yaml` on disk. Looked at every second; a change takes the place of what was there as a
/// whole, or, if it has a fault, not at all: then the old one stays in force, and everybody is told
/// why.
public final class SettingsFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsFile.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Place place;
    private final InstantSource clock;
    private final Consumer<String> complain;
    private final List<Consumer<Settings>> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService watch;

    private volatile Status status;
    private Snapshot seen;

    /// What is in force, and what became of the newest change.
    ///
    /// @param file absent: there is none
    /// @param since when it came into force
    /// @param version the hash of its text, to tell one from another; empty if there is no file
    /// @param faults of a newer text that was refused; empty if what is in force is the newest
    /// @param refused when
    public record Status(
            Settings settings,
            @Nullable Path file,
            Instant since,
            String version,
            List<Fault> faults,
            @Nullable Instant refused) {
        public Status {
            faults = List.copyOf(faults);
        }
    }

    private SettingsFile(
            Place place,
            InstantSource clock,
            Consumer<String> complain,
            Snapshot seen,
            Settings settings) {
        this.place = place;
        this.clock = clock;
        this.complain = complain;
        this.seen = seen;
        this.status =
                new Status(settings, seen.file(), clock.instant(), seen.version(), List.of(), null);
        this.watch =
                Executors.newSingleThreadScheduledExecutor(
                        work -> Thread.ofPlatform().daemon().name("settings").unstarted(work));
    }

    /// Reads the file and begins to watch it.
    ///
    /// @param given by `--config`; absent: [SettingsReader#FILE] in one of the folders, or none
    /// @param folders where it is looked for, in this order
    /// @param complain is told, for people, why a change was refused
    /// @throws StartFailure if there is a file that cannot be taken
    public static SettingsFile open(
            @Nullable Path given,
            List<Path> folders,
            InstantSource clock,
            Consumer<String> complain) {
        var file = unwatched(given, folders, clock, complain);
        var _ =
                file.watch.scheduleWithFixedDelay(
                        file::look, EVERY.toNanos(), EVERY.toNanos(), TimeUnit.NANOSECONDS);
        return file;
    }

    static SettingsFile unwatched(
            @Nullable Path given,
            List<Path> folders,
            InstantSource clock,
            Consumer<String> complain) {
        var place = new Place(given == null ? null : given.toAbsolutePath(), folders);
        if (given != null && !Files.isRegularFile(given)) {
            throw new StartFailure(
                    StartFailure.USAGE, "--config names " + given + ", and there is no such file");
        }
        var seen = Snapshot.take(place.find());
        var reading = seen.read();
        var settings = reading.settings();
        if (settings == null) {
            throw new StartFailure(refusal(seen, reading.faults(), "the server does not start"));
        }
        if (seen.file() != null) {
            LOG.info("settings of {}, version {}", seen.file(), seen.version());
        }
        return new SettingsFile(place, clock, complain, seen, settings);
    }

    /// What is in force now. Ask for each piece of work once, so that it sees one and the same.
    public Settings current() {
        return status.settings();
    }

    public Status status() {
        return status;
    }

    /// Tells of each new one, in the thread that watches, after it came into force.
    public void listen(Consumer<Settings> listener) {
        listeners.add(listener);
    }

    /// Looks whether there is something new. Never throws: it has to look again in a second.
    synchronized void look() {
        try {
            var file = place.find();
            if (seen.isStill(file)) {
                return;
            }
            var now = Snapshot.take(file);
            if (now.isSameText(seen)) {
                seen = now;
                restored(now);
                return;
            }
            take(now);
            seen = now;
        } catch (RuntimeException e) {
            LOG.error("the settings could not be looked at; what was in force stays so", e);
        }
    }

    private void take(Snapshot now) {
        var reading = now.read();
        var settings = reading.settings();
        if (now.file() == null && status.file() != null) {
            refuse(
                    now,
                    List.of(
                            new Fault(
                                    String.valueOf(status.file()),
                                    0,
                                    0,
                                    "the file is gone",
                                    "put it back")));
        } else if (settings == null) {
            refuse(now, reading.faults());
        } else if (now.version().equals(status.version())) {
            restored(now);
        } else {
            status =
                    new Status(
                            settings, now.file(), clock.instant(), now.version(), List.of(), null);
            LOG.info("new settings of {}, version {}", now.file(), now.version());
            for (var listener : listeners) {
                tell(listener, settings);
            }
        }
    }

    /// A change was taken back: what is in force is the newest again.
    private void restored(Snapshot now) {
        var before = status;
        if (!before.faults().isEmpty() && now.version().equals(before.version())) {
            status =
                    new Status(
                            before.settings(),
                            before.file(),
                            before.since(),
                            before.version(),
                            List.of(),
                            null);
            LOG.info("the settings of {} are as they were", now.file());
        }
    }

    private void refuse(Snapshot now, List<Fault> faults) {
        var words = refusal(now, faults, "what was in force stays so");
        LOG.warn("{}", words);
        complain.accept(words);
        var before = status; // whoever sees the new one finds the words in the log
        status =
                new Status(
                        before.settings(),
                        before.file(),
                        before.since(),
                        before.version(),
                        faults,
                        clock.instant());
    }

    private static String refusal(Snapshot refused, List<Fault> faults, String so) {
        var words = new StringBuilder();
        words.append(refused.file() == null ? SettingsReader.FILE : refused.file())
                .append(" is refused, ")
                .append(so)
                .append(':');
        faults.forEach(fault -> words.append("\n  ").append(fault));
        return words.toString();
    }

    private static void tell(Consumer<Settings> listener, Settings settings) {
        try {
            listener.accept(settings);
        } catch (RuntimeException e) {
            LOG.error("a part of the server could not take over the new settings", e);
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
