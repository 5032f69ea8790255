package dev.remit.clients;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A gateway gives a provider that failed a rest; tests wait until it calls it again.
final class Rest {
    private static final long SECONDS = 20;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Rest() {}

    static void awaitEndOf(Setup setup) {
        var models = setup.models();
        for (var model : List.of(models.openai(), models.anthropic(), models.gemini())) {
            awaitEndOf(setup, model);
        }
    }

    private static void awaitEndOf(Setup setup, String model) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        var said = ask(setup, model);
        while (said.statusCode() != 200) {
            var rests = said.statusCode() == 503 || said.statusCode() == 429;
            if (!rests || System.nanoTime() > end) {
                throw new AssertionError("it does not rest, it fails: " + said.body());
            }
            pause(said.headers().firstValueAsLong("retry-after-ms").orElse(500));
            said = ask(setup, model);
        }
    }

    private static void pause(long millis) {
        try {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<String> ask(Setup setup, String model) {
        var body =
                "{\"model\":\""
                        + model
                        + "\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}";
        var request =
                HttpRequest.newBuilder(URI.create(setup.urls().openai() + "/chat/completions"))
                        .header("authorization", "Bearer " + setup.key())
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
