package dev.remit.gateway.fake;

import dev.remit.core.money.Usage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What was asked and what was billed. Sums are kept for ever, single calls only for a while: the
/// newest ones, as long as they are few and not large.
final class Books {
    private static final int MOST_REQUESTS = 2_000;
    private static final int MOST_LINES = 10_000;
    private static final long MOST_BYTES = 16_000_000;
    private static final int MOST_MODELS = 1_000;
    private static final String OTHERS = "(others)";

    private final Deque<FakeRequest> requests = new ArrayDeque<>();
    private final Deque<FakeVendor.Billed> lines = new ArrayDeque<>();
    private final Map<Account, Sum> sums = new HashMap<>();
    private long asked;
    private long bytes;

    private record Account(String vendor, String model) {}

    /// @param calls that were billed
    record Sum(String vendor, String model, long calls, Usage usage) {}

    synchronized void asked(FakeRequest request) {
        asked++;
        requests.add(request);
        bytes += request.bytes();
        while (requests.size() > MOST_REQUESTS || (bytes > MOST_BYTES && requests.size() > 1)) {
            bytes -= requests.remove().bytes();
        }
    }

    synchronized void billed(String vendor, String model, Usage usage) {
        if (lines.size() == MOST_LINES) {
            lines.remove();
        }
        lines.add(new FakeVendor.Billed(model, usage));
        var account = new Account(vendor, model);
        if (sums.size() >= MOST_MODELS && !sums.containsKey(account)) {
            account = new Account(vendor, OTHERS);
        }
        sums.merge(
                account,
                new Sum(vendor, account.model(), 1, usage),
                (sum, more) ->
                        new Sum(vendor, model, sum.calls() + 1, sum.usage().plus(more.usage())));
    }

    synchronized long asked() {
        return asked;
    }

    /// The newest, in the order they came.
    synchronized List<FakeRequest> requests() {
        return List.copyOf(requests);
    }

    synchronized List<FakeVendor.Billed> lines() {
        return List.copyOf(lines);
    }

    /// Everything that was billed, by vendor and model.
    synchronized List<Sum> sums() {
        var sorted = new ArrayList<>(sums.values());
        sorted.sort(Comparator.comparing(Sum::vendor).thenComparing(Sum::model));
        return List.copyOf(sorted);
    }

    synchronized void forget() {
        requests.clear();
        lines.clear();
        sums.clear();
        asked = 0;
        bytes = 0;
    }
}
