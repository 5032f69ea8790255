package dev.remit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A whole server inside the test's process: its own PostgreSQL, its own port.
final class TestServer implements AutoCloseable {
    private final Path home;
    final Stop stop = new Stop();
    private final Serve serve;
    final ApiClient client;

    TestServer(Path home, String... arguments) {
        this(home, Map.of(), arguments);
    }

    TestServer(Path home, Map<String, String> environment, String... arguments) {
        this.home = home;
        var words = new String[arguments.length + 2];
        words[0] = "--home";
        words[1] = home.toString();
        System.arraycopy(arguments, 0, words, 2, arguments.length);
        this.serve = Serve.start(Options.parse(words, environment), stop, step -> {});
        this.client = new ApiClient(serve.url(), key());
    }

    String key() {
        return read("key").strip();
    }

    String read(String file) {
        try {
            return Files.readString(home.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    java.net.URI url() {
        return serve.url();
    }

    @Override
    public void close() {
        client.close();
        serve.close();
    }
}
