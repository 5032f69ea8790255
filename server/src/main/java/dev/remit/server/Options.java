package dev.remit.server;

import dev.remit.core.settings.DispatcherChoice;
import dev.remit.server.home.StartFailure;
import dev.remit.server.live.Live;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the command line and the environment say about a server.
///
/// @param port to listen on; 0: 7070, or any free one if that is taken
/// @param config the file of settings; absent: `remit.yaml`, if there is one
/// @param idleStop stops when nothing was to do for so long; absent: never
/// @param dispatcher decides when and where sessions are driven; absent: as the settings say
/// @param databaseNamed on the command line: an address, or the state folder of a node whose
///   embedded database is used; absent: as the environment says
/// @param drainTime how long a server that stops lets steps under way end, to hand their sessions
///   over
/// @param environment variables: the database, the master key, credentials
record Options(
        Path home,
        int port,
        @Nullable Path config,
        @Nullable Duration idleStop,
        @Nullable DispatcherChoice dispatcher,
        @Nullable String databaseNamed,
        Duration drainTime,
        Map<String, String> environment) {
    static final String USAGE =
            """
            Usage: remit serve [--home DIR] [--port N] [--config FILE] [--idle-stop DURATION]
                               [--dispatcher local|temporal://HOST:PORT/NAMESPACE]
                               [--database URL|DIR] [--drain-time DURATION]

              --home DIR            state folder; else REMIT_HOME, else ~/.remit
              --port N              listen on this port of 127.0.0.1; else 7070, or any free one
              --config FILE         providers, routes, budgets and limits; else remit.yaml in
                                    the working folder, or in the state folder, or none
              --idle-stop DURATION  stop when nothing was to do for so long, such as 30m
              --dispatcher ADDRESS  who decides when and where sessions run: local, or a Temporal
                                    cluster; else as the file says. See docs/engines.md

              --database URL|DIR    the PostgreSQL that several servers share; or the state folder of
                                    a server on this machine, to use its embedded one. Better not
                                    here if the URL holds a password: see REMIT_DATABASE_URL
              --drain-time DURATION when it is stopped, for so long it lets steps end and hands
                                    their sessions over; 10s if left out

            REMIT_DATABASE_URL names an external PostgreSQL 15 or newer, such as
            postgresql://user:password@host/database; else an embedded one is started.
            REMIT_MOST_READERS: so many may follow sessions at this server at a time; else 5000.
            """;

    private static final Duration DRAIN_TIME = Duration.ofSeconds(10);
    private static final Pattern DURATION = Pattern.compile("([1-9]\\d{0,5})(s|m|h)");

    /// @throws StartFailure if the arguments are not as [#USAGE] says
    static Options parse(String[] arguments, Map<String, String> environment) {
        var named = environment.getOrDefault("REMIT_HOME", "");
        var home =
                named.isEmpty()
                        ? Path.of(
                                environment.getOrDefault("HOME", System.getProperty("user.home")),
                                ".remit")
                        : Path.of(named);
        int port = 0;
        Path config = null;
        Duration idleStop = null;
        DispatcherChoice dispatcher = null;
        String database = null;
        Duration drainTime = DRAIN_TIME;
        for (int i = 0; i < arguments.length; i++) {
            var word = arguments[i];
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            var name = equals < 0 ? word : word.substring(0, equals);
            switch (name) {
                case "--home",
                        "--port",
                        "--config",
                        "--idle-stop",
                        "--dispatcher",
                        "--database",
                        "--drain-time" -> {
                    String value;
                    if (equals >= 0) {
                        value = word.substring(equals + 1);
                    } else if (++i < arguments.length) {
                        value = arguments[i];
                    } else {
                        throw wrong(name + " needs a value");
                    }
                    switch (name) {
                        case "--home" -> home = Path.of(value);
                        case "--port" -> port = port(value);
                        case "--config" -> config = Path.of(value);
                        case "--dispatcher" -> dispatcher = dispatcher(value);
                        case "--database" -> database = value;
                        case "--drain-time" -> drainTime = duration(name, value);
                        default -> idleStop = duration(name, value);
                    }
                }
                default -> throw wrong("unknown argument " + word);
            }
        }
        return new Options(
                home,
                port,
                config,
                idleStop,
                dispatcher,
                database,
                drainTime,
                Map.copyOf(environment));
    }

    /// The same, but for the port.
    Options withPort(int other) {
        return new Options(
                home, other, config, idleStop, dispatcher, databaseNamed, drainTime, environment);
    }

    /// Address of a PostgreSQL, or the folder of a node that runs one; absent: an embedded one of
    /// our own.
    Optional<String> database() {
        return Optional.ofNullable(databaseNamed)
                .or(() -> Optional.ofNullable(environment.get("REMIT_DATABASE_URL")))
                .filter(u -> !u.isBlank());
    }

    /// How many may follow sessions at this server at a time.
    int mostReaders() {
        var text = environment.getOrDefault("REMIT_MOST_READERS", "").strip();
        if (text.isEmpty()) {
            return Live.MOST_READERS;
        }
        if (text.matches("[1-9]\\d{0,4}")) {
            return Integer.parseInt(text);
        }
        throw wrong("REMIT_MOST_READERS is a number from 1 to 99999, not " + text);
    }

    private static int port(String text) {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535) {
            return Integer.parseInt(text);
        }
        throw wrong("--port is a number from 0 to 65535, not " + text);
    }

    private static Duration duration(String name, String text) {
        var parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw wrong(name + " is a time such as 90s, 30m or 8h, not " + text);
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static DispatcherChoice dispatcher(String text) {
        try {
            return DispatcherChoice.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong("--dispatcher: " + e.getMessage());
        }
    }

    private static StartFailure wrong(String what) {
        return new StartFailure(StartFailure.USAGE, what + "\n\n" + USAGE.stripTrailing());
    }
}
