package dev.remit.runtime;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// What this process can take on: so many sessions at a time as its memory allows, and, while its
/// processors are busy, no faster than others can take some as well.
final class Capacity {
    /// A session under way takes some ten to a hundred kilobytes, and rarely some more.
    private static final long BYTES = 512 << 10;

    private static final int FEWEST = 64;
    private static final int MOST = 2_000;
    private static final double BUSY = 0.9;

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Capacity() {}

    /// Sessions that this process drives at a time.
    static int places() {
        return Math.clamp(Runtime.getRuntime().maxMemory() / BYTES, FEWEST, MOST);
    }

    /// Whether this process takes nearly all that the processors give.
    static boolean isBusy() {
        return SYSTEM.getProcessCpuLoad() > BUSY;
    }
}
