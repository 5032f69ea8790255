package dev.remit.gateway.fake;

import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a fake vendor shall do, and what it saw.
final class Behaviour {
    final Queue<FakeReply> replies = new ConcurrentLinkedQueue<>();
    final List<String> refused = new CopyOnWriteArrayList<>();
    final Books books = new Books();
    final Semaphore hangUps = new Semaphore(0);
    final LongAdder hungUp = new LongAdder();
    final CountDownLatch closing = new CountDownLatch(1);
    volatile Function<FakeRequest, FakeReply> otherwise = r -> FakeReply.text("hello");
    volatile List<String> models = List.of("fake-model");
    volatile boolean onlyModels;
    volatile @Nullable String key;
    volatile boolean streams = true;
    volatile @Nullable DrillRun drill;

    FakeReply next(Wire wire, FakeRequest request) {
        var next = replies.poll();
        if (next != null) {
            return next;
        }
        var running = drill;
        return running == null ? otherwise.apply(request) : running.reply(wire, request);
    }

    void follow(Drill next) {
        if (!next.models().isEmpty()) {
            models = next.models();
        }
        onlyModels = !next.models().isEmpty();
        key = next.key();
        drill = new DrillRun(next, InstantSource.system());
    }

    /// @throws Refused if the key, the model or the request is not accepted
    void admit(Paths.Meaning meaning) throws Refused {
        var request = meaning.request();
        var wire = meaning.wire();
        var expected = key;
        if (expected != null && !wire.key(request).equals(expected)) {
            wire.wrongKey(request);
        }
        if (meaning.list()) {
            if (!request.model().isEmpty() && !models.contains(request.model())) {
                wire.unknownModel(request);
            }
            return;
        }
        for (var field : refused) {
            if (request.body().has(field)) {
                throw OpenAi.unsupported(field, "Unsupported parameter: '" + field + "'");
            }
        }
        wire.check(request);
        if (onlyModels && !models.contains(request.model())) {
            wire.unknownModel(request);
        }
    }

    void hungUp() {
        hungUp.increment();
        hangUps.release();
    }
}
