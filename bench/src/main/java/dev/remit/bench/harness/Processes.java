package dev.remit.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// What the system says of processes that a benchmark started, and signals to them.
public final class Processes {
    private static final double TICKS_A_SECOND = 100;
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private Processes() {}

    /// @param signal such as `KILL` or `STOP`
    public static void signal(long pid, String signal) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IOException("process " + pid + " cannot be sent " + signal);
        }
    }

    /// Memory in use, in bytes.
    public static long residentBytes(long pid) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("no VmRSS of process " + pid);
    }

    /// What is in use of the heap of a Java process once it has been collected, in bytes. It makes
    /// the process collect, which takes its memory back to what it needs: ask for the memory first.
    public static long liveHeapBytes(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        var told = jcmd(pid, "GC.heap_info");
        var used = USED.matcher(told);
        if (!used.find()) {
            throw new IOException("no used heap of process " + pid + " in: " + told);
        }
        return Long.parseLong(used.group(1)) * 1024;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var asked =
                new ProcessBuilder(jcmd, Long.toString(pid), command)
                        .redirectErrorStream(true)
                        .start();
        try (var out = asked.inputReader()) {
            var told = String.join("\n", out.lines().toList());
            if (asked.waitFor() != 0) {
                throw new IOException("jcmd " + command + " of process " + pid + ": " + told);
            }
            return told;
        }
    }

    /// Processor time so far, in seconds.
    public static double cpuSeconds(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
    }
}
