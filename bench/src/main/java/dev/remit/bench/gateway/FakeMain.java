package dev.remit.bench.gateway;

import dev.remit.gateway.fake.FakeReply;
import dev.remit.gateway.fake.FakeVendor;
import java.time.Duration;

/// The fake provider as a process of its own: answers after some time with about half a kilobyte.
final class FakeMain {
    private FakeMain() {}

    /// @param args port, latency and the gap between two pieces of a stream, in milliseconds
    public static void main(String[] args) throws Exception {
        var latency = Duration.ofMillis(Long.parseLong(args[1]));
        var gap = Duration.ofMillis(Long.parseLong(args[2]));
        var text = "All of the figures add up, and the report is done. ".repeat(10);
        var reply = FakeReply.text(text).slow(latency, gap);
        try (var fake = FakeVendor.start(Integer.parseInt(args[0])).otherwise(r -> reply)) {
            System.out.println("ready at " + fake.uri());
            Thread.currentThread().join();
        }
    }
}
