package dev.remit.bench.campaign.witness;

import dev.remit.bench.campaign.witness.Service.Said;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The world that tools act on. What stands in its journal happened, each time it stands there.
///
/// `/again` knows keys and does a thing once however often it is asked; `/once` does it each time
/// it is asked, so whoever asks twice is seen.
final class Effects {
    private static final long STALL_MILLIS = 6_000;

    private final Journal journal;
    private final Random random;
    private final Map<String, Long> done = new HashMap<>();
    private volatile String mood = "ok";

    Effects(Path folder, long seed) throws IOException {
        journal = new Journal(folder.resolve("effects.jsonl"));
        random = new Random(seed);
    }

    /// @param mood `ok`, `flaky` (refuses, cuts before and after, dawdles) or `down`
    void mood(String mood) {
        this.mood = mood;
    }

    Said on(Heard request) throws InterruptedException {
        var key = request.headers().getOrDefault("idempotency-key", "");
        boolean once = request.path().equals("/once");
        long n;
        long step;
        try {
            var arguments = request.json();
            n = arguments.at("n").number();
            step = arguments.at("step").number();
        } catch (IllegalArgumentException e) {
            return said(400, "{\"error\":\"no JSON\"}");
        }
        int dice = dice();
        if (dice < 2) {
            journal.write("key", key, "path", request.path(), "end", "refused");
            return said(503, "{\"error\":\"not now; nothing was done\"}");
        }
        if (dice == 2) {
            return new Said.Nothing();
        }
        apply(key, once, n, step);
        if (dice == 3) {
            return new Said.Nothing();
        }
        if (dice == 4) {
            Thread.sleep(STALL_MILLIS);
        }
        return said(200, "{\"step\":" + step + ",\"value\":" + value(n, step) + "}");
    }

    /// 0 and 1 refuse, 2 cuts before, 3 cuts after, 4 dawdles, more is fine.
    private synchronized int dice() {
        return switch (mood) {
            case "ok" -> 9;
            case "flaky" -> random.nextInt(12);
            default -> random.nextInt(5);
        };
    }

    private synchronized void apply(String key, boolean once, long n, long step) {
        boolean repeated = done.merge(key, 1L, Long::sum) > 1;
        var end = repeated && !once ? "known" : "done";
        journal.write(
                "key", key, "path", once ? "/once" : "/again", "n", n, "step", step, "end", end);
    }

    /// What doing a step gives. The checker has its own copy of this.
    static long value(long n, long step) {
        return (n * 7 + step * 13) % 1000;
    }

    private static Said said(int status, String body) {
        return new Said.Whole(status, List.of(), "application/json", body);
    }
}
