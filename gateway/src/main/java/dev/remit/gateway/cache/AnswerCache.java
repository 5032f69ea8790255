package dev.remit.gateway.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Answers by the exact request, in the memory of this node: each node has its own, and a restart
/// forgets all. Bounded in bytes and in number; what was not asked for longest goes first.
/// Thread-safe.
public final class AnswerCache {
    private record Entry(Kept kept, long size, Instant until) {}

    /// What is in it now.
    public record Held(int answers, long bytes) {}

    private final long mostBytes;
    private final int mostAnswers;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<CacheKey, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /// @param mostBytes of all answers together, about; one answer may have an eighth of it
    public AnswerCache(long mostBytes, int mostAnswers, InstantSource clock) {
        this.mostBytes = mostBytes;
        this.mostAnswers = mostAnswers;
        this.clock = clock;
    }

    /// @param ttl how old it may be by what is configured now, whatever held when it was put here
    public Optional<Kept> find(CacheKey key, Duration ttl) {
        var now = clock.instant();
        lock.lock();
        try {
            var entry = entries.get(key);
            if (entry == null) {
                return Optional.empty();
            }
            if (!now.isBefore(entry.until())) {
                remove(key, entry);
                return Optional.empty();
            }
            var kept = entry.kept();
            return kept.age(now).compareTo(ttl) < 0 ? Optional.of(kept) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// Keeps an answer, unless it is not worth keeping, or too large.
    ///
    /// @return whether it is kept
    public boolean put(CacheKey key, Kept kept, Duration ttl) {
        long size = kept.size();
        var worth = kept.answer().map(Kept::isWorthKeeping).orElse(kept.body().isPresent());
        if (!worth || !ttl.isPositive() || size > mostBytes / 8) {
            return false;
        }
        lock.lock();
        try {
            var before = entries.remove(key);
            bytes -= before == null ? 0 : before.size();
            entries.put(key, new Entry(kept, size, kept.at().plus(ttl)));
            bytes += size;
            while (bytes > mostBytes || entries.size() > mostAnswers) {
                var eldest = entries.entrySet().iterator().next();
                remove(eldest.getKey(), eldest.getValue());
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void remove(CacheKey key, Entry entry) {
        entries.remove(key);
        bytes -= entry.size();
    }

    public Held held() {
        lock.lock();
        try {
            return new Held(entries.size(), bytes);
        } finally {
            lock.unlock();
        }
    }

    public void clear() {
        lock.lock();
        try {
            entries.clear();
            bytes = 0;
        } finally {
            lock.unlock();
        }
    }
}
