package dev.remit.client;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One request, one answer, with bounded retries while the server is away.
///
/// A request that may be repeated is sent again after any lost connection; another one only if it
/// certainly was not sent.
final class Transport implements AutoCloseable {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private final Supplier<Address> address;
    private final Duration patience;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    /// @param address asked before every attempt: a server that comes back may listen elsewhere
    /// @param patience how long to wait for a server that is away
    Transport(Supplier<Address> address, Duration patience) {
        this.address = address;
        this.patience = patience;
    }

    /// @return the body; null if the answer has none
    /// @throws ApiException if the server says no
    /// @throws UnreachableException if no answer came in time
    @Nullable JsonNode exchange(Call call) {
        var answer = patiently(call, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw ApiException.of(answer.statusCode(), answer.body());
        }
        return answer.body().isBlank() ? null : Json.parse(answer.body());
    }

    /// The bytes of an answer that does not end by itself.
    InputStream stream(Call call) throws IOException, InterruptedException {
        var answer = send(call, HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() >= 400) {
            try (var body = answer.body()) {
                throw ApiException.of(
                        answer.statusCode(),
                        new String(
                                body.readNBytes(1 << 20), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return answer.body();
    }

    private <T> HttpResponse<T> patiently(Call call, HttpResponse.BodyHandler<T> handler) {
        long until = System.nanoTime() + patience.toNanos();
        for (int attempt = 0; ; attempt++) {
            try {
                return send(call, handler);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnreachableException("interrupted while asking the server", e);
            } catch (IOException e) {
                boolean again = call.repeatable() || neverSent(e);
                if (!again || System.nanoTime() >= until) {
                    throw new UnreachableException(describe(e), e);
                }
                pause(attempt);
            }
        }
    }

    private <T> HttpResponse<T> send(Call call, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        var at = address.get();
        var request =
                HttpRequest.newBuilder(URI.create(at.url() + call.path()))
                        .timeout(ANSWER_WITHIN)
                        .header("Authorization", "Bearer " + at.key());
        call.headers().forEach(request::header);
        var body = call.body();
        if (body == null) {
            request.method(call.method(), HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json");
            request.method(call.method(), HttpRequest.BodyPublishers.ofString(Json.write(body)));
        }
        return http.send(request.build(), handler);
    }

    private static boolean neverSent(IOException e) {
        return e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
    }

    private String describe(IOException e) {
        var url = address.get().url();
        if (neverSent(e)) {
            return "nothing listens at " + url;
        }
        var why = e.getMessage();
        return "the server at " + url + " did not answer" + (why == null ? "" : ": " + why);
    }

    /// 50 ms, 100 ms, 200 ms … up to one second.
    static void pause(int attempt) {
        try {
            Thread.sleep(Math.min(1000, 50L << Math.min(attempt, 5)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while waiting for the server", e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /// @param path with its query
    /// @param repeatable whether sending it twice equals sending it once
    record Call(
            String method,
            String path,
            java.util.Map<String, String> headers,
            @Nullable JsonNode body,
            boolean repeatable) {
        static Call get(String path) {
            return new Call("GET", path, java.util.Map.of(), null, true);
        }

        static Call once(String method, String path, @Nullable JsonNode body) {
            return new Call(method, path, java.util.Map.of(), body, false);
        }

        static Call repeatable(String method, String path, @Nullable JsonNode body) {
            return new Call(method, path, java.util.Map.of(), body, true);
        }

        Call with(String header, String value) {
            var more = new java.util.HashMap<>(headers);
            more.put(header, value);
            return new Call(method, path, java.util.Map.copyOf(more), body, repeatable);
        }
    }
}
