package dev.remit.store.session;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// How much of its processors this process takes.
public final class Load {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Load() {}

    /// From 0 to 1, of late; 0 if it is not known yet.
    public static double now() {
        return Math.clamp(SYSTEM.getProcessCpuLoad(), 0, 1);
    }
}
