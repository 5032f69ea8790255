package dev.remit.bench.harness;

import java.util.List;

/// The flags that the launcher gives to a server.
public final class ServerFlags {
    public static final List<String> OF_THE_LAUNCHER =
            List.of(
                    "-Xmx1g",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Xms192m",
                    "-XX:NewSize=64m",
                    "-XX:MaxNewSize=80m",
                    "-XX:GCTimeRatio=1",
                    "-XX:TrimNativeHeapInterval=10000",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private ServerFlags() {}
}
