package dev.remit.bench.campaign.witness;

import dev.remit.bench.campaign.witness.Service.Said;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/// A model provider in OpenAI's words. Writes each answer into its invoice, and what it bills for
/// it, before it is sent: so whatever anybody may have been told stands there.
///
/// The `model` of an answer carries the number of its line in the invoice, by which the line is
/// found again in somebody else's books.
final class Models {
    /// Micro-dollars a token, as the campaign's price list says.
    static final long INPUT = 1;

    static final long OUTPUT = 4;

    private static final long STALL_MILLIS = 15_000;
    private static final int BYTES_PER_TOKEN = 4;
    private static final long LONGEST_ANSWER = 60;

    private final Journal journal;
    private final Random random;
    private final AtomicLong serial = new AtomicLong();
    private volatile String mood = "ok";

    Models(Path folder, long seed) throws IOException {
        journal = new Journal(folder.resolve("invoice.jsonl"));
        random = new Random(seed);
    }

    /// @param mood `ok`, `429`, `500`, `outage` (no answer at all), `stall` (an answer too late),
    ///   or `flaky` (some of everything)
    void mood(String mood) {
        this.mood = mood;
    }

    Said on(Heard request) throws InterruptedException {
        if (!request.path().endsWith("/chat/completions")) {
            return error(404, "there is only chat/completions", List.of());
        }
        var now = mood.equals("flaky") ? any() : mood;
        switch (now) {
            case "429" -> {
                return error(429, "slow down", List.of("Retry-After: 1"));
            }
            case "500" -> {
                return error(500, "trouble of ours", List.of());
            }
            case "outage" -> {
                return new Said.Nothing();
            }
            default -> {}
        }
        Tree asked;
        try {
            asked = request.json();
        } catch (IllegalArgumentException e) {
            return error(400, "no JSON", List.of());
        }
        var answer = answer(asked, request.body());
        if (now.equals("stall")) {
            Thread.sleep(STALL_MILLIS);
        }
        return answer;
    }

    private synchronized String any() {
        return List.of("ok", "ok", "ok", "ok", "ok", "429", "500", "outage").get(random.nextInt(8));
    }

    private Said answer(Tree asked, String body) {
        long number = serial.incrementAndGet();
        var reply = Script.reply(asked);
        long input = body.length() / BYTES_PER_TOKEN + 1L;
        long output = 1 + number % Math.min(LONGEST_ANSWER, cap(asked));
        journal.write(
                "serial",
                number,
                "mark",
                Script.mark(asked),
                "input",
                input,
                "output",
                output,
                "micros",
                input * INPUT + output * OUTPUT);
        var form = new Answer(number, asked.at("model").text(), reply, input, output);
        return asked.at("stream").truth()
                ? new Said.Whole(200, List.of(), "text/event-stream", form.stream())
                : new Said.Whole(200, List.of(), "application/json", form.whole());
    }

    private static long cap(Tree asked) {
        long cap =
                Math.max(
                        asked.at("max_completion_tokens").number(),
                        asked.at("max_tokens").number());
        return cap == 0 ? LONGEST_ANSWER : cap;
    }

    private static Said error(int status, String message, List<String> headers) {
        return new Said.Whole(
                status,
                headers,
                "application/json",
                "{\"error\":{\"message\":\"" + message + "\",\"type\":\"campaign\"}}");
    }
}
