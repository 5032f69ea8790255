package dev.remit.cli;

import dev.remit.client.ApiException;
import dev.remit.client.UnreachableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Looks into everything that a run needs, one finding each.
final class Diagnosis {
    private static final long NEEDED_MB = 500;

    private final Shell shell;
    private final Home home;
    private final LocalServer local;
    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis(Shell shell, Home home, LocalServer local) {
        this.shell = shell;
        this.home = home;
        this.local = local;
    }

    /// How it stands with one thing.
    enum Verdict {
        good,
        note,
        bad
    }

    /// @param advice what to do; empty if nothing
    record Finding(String what, Verdict verdict, String found, String advice) {}

    static List<Finding> of(Shell shell, Home home, LocalServer local) {
        var diagnosis = new Diagnosis(shell, home, local);
        diagnosis.java();
        diagnosis.folder();
        diagnosis.disk();
        diagnosis.memory();
        diagnosis.database();
        diagnosis.server();
        diagnosis.providers();
        return List.copyOf(diagnosis.findings);
    }

    private void java() {
        int version = Runtime.version().feature();
        add(
                "java",
                version == 25 ? Verdict.good : Verdict.bad,
                Runtime.version() + " at " + System.getProperty("java.home"),
                version == 25 ? "" : "Remit needs Java 25; set REMIT_JAVA_HOME.");
    }

    private void folder() {
        var folder = home.folder();
        if (!Files.exists(folder)) {
            add("state folder", Verdict.good, folder + " (made by the first run)", "");
        } else if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            add(
                    "state folder",
                    Verdict.bad,
                    folder + " cannot be written to by " + System.getProperty("user.name"),
                    "Choose another with --home DIR or REMIT_HOME, or give it to this user.");
        } else {
            add("state folder", Verdict.good, folder.toString(), "");
        }
    }

    private void disk() {
        try {
            FileStore store = Files.getFileStore(existing(home.folder()));
            long free = store.getUsableSpace() >> 20;
            add(
                    "disk",
                    free >= NEEDED_MB ? Verdict.good : Verdict.bad,
                    free + " MB free",
                    free >= NEEDED_MB ? "" : "The database needs " + NEEDED_MB + " MB; make room.");
        } catch (IOException e) {
            add("disk", Verdict.note, "cannot be measured: " + e.getMessage(), "");
        }
    }

    private static Path existing(Path folder) {
        var path = folder.toAbsolutePath();
        while (!Files.exists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }

    private void memory() {
        try {
            for (var line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemAvailable:")) {
                    long free = Long.parseLong(line.replaceAll("\\D", "")) >> 10;
                    add(
                            "memory",
                            free >= 700 ? Verdict.good : Verdict.note,
                            free + " MB available",
                            free >= 700 ? "" : "A server with its database takes about 700 MB.");
                }
            }
        } catch (IOException notLinux) {
            add("memory", Verdict.note, "cannot be measured here", "");
        }
    }

    private void database() {
        var url = shell.variable("REMIT_DATABASE_URL");
        var data = home.folder().resolve("postgres");
        if (url != null) {
            add("database", Verdict.note, "an own one (REMIT_DATABASE_URL)", "");
        } else {
            add(
                    "database",
                    Verdict.good,
                    "embedded PostgreSQL, " + (Files.exists(data) ? data : "made by the first run"),
                    "");
        }
    }

    private void server() {
        try {
            var running = local.find();
            if (running == null) {
                add("server", Verdict.good, "does not run; a run starts it", "");
                return;
            }
            try (var client = local.connectIfRunning()) {
                var open = client.sessions(java.util.Map.of("status", "running", "limit", "100"));
                add(
                        "server",
                        Verdict.good,
                        "answers at "
                                + running.url()
                                + ", pid "
                                + running.pid()
                                + ", "
                                + open.items().size()
                                + " running sessions",
                        "");
                keys(client.administration().settings());
            }
        } catch (Failure e) {
            add(
                    "server",
                    Verdict.bad,
                    String.valueOf(e.getMessage()),
                    String.join(" ", e.advice()));
        } catch (ApiException | UnreachableException e) {
            add("server", Verdict.bad, String.valueOf(e.getMessage()), "Look into " + home.logs());
        }
    }

    /// Which of the server's providers it has keys for.
    private void keys(JsonNode settings) {
        var missing = new ArrayList<String>();
        for (var provider : settings.path("providers")) {
            var name = provider.path("name").asString("");
            switch (provider.path("key").asString("")) {
                case "held" -> add("provider", Verdict.good, name + ": its key is there", "");
                case "unneeded" -> add("provider", Verdict.good, name + ": needs no key", "");
                case "missing" -> missing.add(provider.path("credential").asString(name));
                default -> {}
            }
        }
        for (var name : missing) {
            add(
                    "provider",
                    Verdict.note,
                    "there is no key \"" + name + "\"",
                    "Put it into the environment of ./remit serve as REMIT_SECRET_"
                            + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_")
                            + ", or under its vendor's usual name.");
        }
    }

    private void providers() {
        var chosen = Providers.choose(shell, null, null, 0, false);
        var models = chosen.models();
        if (models.isRehearsal()) {
            add(
                    "models",
                    Verdict.note,
                    "rehearsal: scripted answers",
                    "For a real model set ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL.");
            return;
        }
        var url = models.baseUrl();
        var trouble = url == null ? null : unreachable(url);
        add(
                "models",
                trouble == null ? Verdict.good : Verdict.bad,
                models.provider() + (url == null ? "" : " at " + url),
                trouble == null ? "" : trouble);
    }

    private static @Nullable String unreachable(String url) {
        try {
            var at = URI.create(url);
            if (at.getHost() == null) {
                return "OPENAI_BASE_URL is no URL; such as http://127.0.0.1:11434/v1";
            }
            int port = at.getPort() >= 0 ? at.getPort() : "https".equals(at.getScheme()) ? 443 : 80;
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(at.getHost(), port), 3000);
                return null;
            }
        } catch (IllegalArgumentException e) {
            return "OPENAI_BASE_URL is no URL: " + e.getMessage();
        } catch (IOException e) {
            return "nothing answers there: " + e.getMessage();
        }
    }

    private void add(String what, Verdict verdict, String found, String advice) {
        findings.add(new Finding(what, verdict, found, advice));
    }
}
