package dev.remit.runtime;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/// What this process can take on: so many sessions at a time as its memory allows, and, while the
/// processors are busy, no faster than others can take some as well.
final class Capacity {
    /// A session under way takes some ten to a hundred kilobytes, and rarely some more.
    private static final long BYTES = 512 << 10;

    private static final int FEWEST = 64;
    private static final int MOST = 2_000;

    /// Runnable threads for each processor.
    private static final double BUSY = 1.5;

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getOperatingSystemMXBean();

    private Capacity() {}

    /// Sessions that this process drives at a time.
    static int places() {
        return Math.clamp(Runtime.getRuntime().maxMemory() / BYTES, FEWEST, MOST);
    }

    /// Whether this machine has had more to do of late than its processors can.
    static boolean isBusy() {
        return SYSTEM.getSystemLoadAverage() > BUSY * SYSTEM.getAvailableProcessors();
    }
}
