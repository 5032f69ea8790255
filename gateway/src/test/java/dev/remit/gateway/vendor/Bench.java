package dev.remit.gateway.vendor;

import dev.remit.core.json.Json;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelProvider.Listening;
import dev.remit.core.secret.Secrets;
import dev.remit.gateway.Gateway;
import dev.remit.gateway.Requests;
import dev.remit.gateway.fake.FakeVendor;
import dev.remit.http.client.Upstream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// A fake vendor, and a gateway that takes it for both real ones.
final class Bench implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    static final String KEY = "sk-test-0123456789abcdef";

    final FakeVendor fake;
    final Upstream upstream = new Upstream();
    final Map<String, String> keys = new ConcurrentHashMap<>();
    final Gateway gateway;

    Bench() throws IOException {
        this(new Patience(Duration.ofSeconds(15), Duration.ofSeconds(15)));
    }

    Bench(Patience patience) throws IOException {
        fake = FakeVendor.start();
        keys.put("anthropic", KEY);
        keys.put("openai", KEY);
        var secrets =
                new Secrets() {
                    @Override
                    public Optional<String> find(String name) {
                        return Optional.ofNullable(keys.get(name));
                    }

                    @Override
                    public Set<String> values() {
                        return Set.copyOf(keys.values());
                    }
                };
        gateway =
                Gateway.of(
                        upstream,
                        secrets,
                        InstantSource.fixed(NOW),
                        fake.uri(),
                        fake.uri(),
                        patience);
    }

    /// The fake under another address: a compatible server on the user's own machine.
    String compatible() {
        return fake.uri().toString().replace("127.0.0.1", "localhost");
    }

    ModelAnswer call(Requests request) throws InterruptedException {
        return gateway.call(request.make(), tokens -> {});
    }

    /// The words that are told while the answer comes.
    String heard(Requests request) throws InterruptedException {
        var words = new StringBuilder();
        gateway.call(
                request.make(),
                new Listening() {
                    @Override
                    public void said(String more) {
                        words.append(more);
                    }

                    @Override
                    public void accept(long tokens) {}
                });
        return words.toString();
    }

    ModelAnswer.Reply reply(Requests request) throws InterruptedException {
        var answer = call(request);
        if (answer instanceof ModelAnswer.Reply reply) {
            return reply;
        }
        throw new AssertionError("a failure: " + answer);
    }

    ModelAnswer.Failure failure(Requests request) throws InterruptedException {
        var answer = call(request);
        if (answer instanceof ModelAnswer.Failure failure) {
            return failure;
        }
        throw new AssertionError("a reply: " + answer);
    }

    JsonNode sent() {
        return fake.requests().getLast().body();
    }

    static JsonNode json(String text) {
        return Json.parse(text.replace('\'', '"'));
    }

    @Override
    public void close() {
        upstream.close();
        fake.close();
    }
}
