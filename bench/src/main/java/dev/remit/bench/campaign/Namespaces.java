package dev.remit.bench.campaign;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A network namespace for each machine, joined by a bridge in one more. Nothing of it touches the
/// network of this machine.
final class Namespaces implements Network {
    static final String WITHOUT =
            "network namespaces are not possible here (they need root, iproute2 and nftables);"
                    + " --no-netns runs without them, and without network faults";

    private static final String PREFIX = "remit-campaign-";
    private static final String SUBNET = "10.77.0.";
    private static final int PORT = 7070;
    private static final int READ_ONLY = 0;
    private static final int NETWORK = 0x40000000;

    private final String prefix;
    private final List<String> machines;
    private final Map<String, Integer> files = new ConcurrentHashMap<>();

    private Namespaces(String prefix, List<String> machines) {
        this.prefix = prefix;
        this.machines = machines;
    }

    /// @throws IOException if it is not possible here
    static Namespaces make(int nodes) throws IOException, InterruptedException {
        clean();
        var machines = new ArrayList<String>(List.of(DATABASE, WITNESS));
        for (int i = 1; i <= nodes; i++) {
            machines.add(Network.node(i));
        }
        var made =
                new Namespaces(PREFIX + ProcessHandle.current().pid() + "-", List.copyOf(machines));
        try {
            made.make();
        } catch (IOException e) {
            made.close();
            throw e;
        }
        return made;
    }

    /// Takes away what campaigns left that were killed.
    private static void clean() throws IOException, InterruptedException {
        for (var line : Command.attempt("ip", "netns", "list").said().split("\n", -1)) {
            var name = line.split(" ", 2)[0];
            if (name.startsWith(PREFIX)) {
                var pid = name.substring(PREFIX.length()).split("-", 2)[0];
                if (pid.matches("\\d{1,9}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    Command.run("ip", "netns", "del", name);
                }
            }
        }
    }

    private void make() throws IOException, InterruptedException {
        var hub = prefix + "hub";
        Command.run("ip", "netns", "add", hub);
        inside(hub, "ip", "link", "add", "bridge0", "type", "bridge");
        inside(hub, "ip", "link", "set", "bridge0", "up");
        for (var machine : machines) {
            var name = prefix + machine;
            Command.run("ip", "netns", "add", name);
            inside(name, "ip", "link", "set", "lo", "up");
            inside(
                    hub, "ip", "link", "add", machine, "type", "veth", "peer", "name", "eth0",
                    "netns", name);
            inside(hub, "ip", "link", "set", machine, "master", "bridge0", "up");
            inside(name, "ip", "address", "add", address(machine) + "/24", "dev", "eth0");
            inside(name, "ip", "link", "set", "eth0", "up");
            rules(machine, List.of());
        }
    }

    private static void inside(String namespace, String... words)
            throws IOException, InterruptedException {
        var all = new ArrayList<String>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(words));
        Command.run(all.toArray(new String[0]));
    }

    @Override
    public String address(String machine) {
        return SUBNET + (10 + machines.indexOf(machine));
    }

    @Override
    public int port(int node) {
        return PORT;
    }

    @Override
    public List<String> on(String machine, List<String> command) {
        var all = new ArrayList<String>(List.of("ip", "netns", "exec", prefix + machine));
        all.addAll(command);
        return all;
    }

    @Override
    public boolean canBreak() {
        return true;
    }

    /// Rules of nftables for what comes in, such as `ip saddr 10.77.0.11 drop`. What is dropped
    /// where it arrives was really sent: its sender cannot know.
    @Override
    public void rules(String machine, List<String> rules) throws IOException, InterruptedException {
        var text = new StringBuilder("table inet faults {}\ndelete table inet faults\n");
        text.append("table inet faults {\nchain input {\n");
        text.append("type filter hook input priority 0; policy accept;\n");
        rules.forEach(rule -> text.append(rule).append('\n'));
        text.append("}\n}\n");
        var done = Command.attempt(on(machine, List.of("nft", "-f", "-")), text.toString());
        if (!done.isGood()) {
            throw new IOException("nft: " + done.said());
        }
    }

    /// A bucket with a narrow mouth: this kernel may have no netem, and a queue delays as well.
    @Override
    public void narrow(String machine, boolean on) throws IOException, InterruptedException {
        var name = prefix + machine;
        if (on) {
            inside(
                    name, "tc", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate", "1mbit",
                    "burst", "16kb", "latency", "1500ms");
        } else {
            inside(name, "tc", "qdisc", "del", "dev", "eth0", "root");
        }
    }

    @Override
    public void reset(String machine, String with, int port)
            throws IOException, InterruptedException {
        var side = machine.equals(DATABASE) ? "sport" : "dport";
        var filter = "( " + side + " = :" + port + " )";
        var words = new ArrayList<String>(List.of("ss", "-K", "-t", "state", "established"));
        if (!with.isEmpty()) {
            words.addAll(List.of("dst", address(with)));
        }
        words.add(filter);
        Command.attempt(on(machine, words), "");
    }

    // ---- one thread among them

    private static final MethodHandle OPEN =
            function(
                    "open",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle SETNS =
            function(
                    "setns",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    @SuppressWarnings("restricted") // there is no other way into a namespace
    private static MethodHandle function(String name, FunctionDescriptor form) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), form);
    }

    /// Only for threads of the platform: a virtual one would move its carrier.
    @Override
    public void enter(String machine) throws IOException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread cannot enter a namespace");
        }
        int file = files.computeIfAbsent(machine, m -> open("/run/netns/" + prefix + m));
        if (file < 0 || call(SETNS, file, NETWORK) != 0) {
            throw new IOException("the namespace of " + machine + " cannot be entered");
        }
    }

    private static int open(String path) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return (int) OPEN.invokeExact(name, READ_ONLY);
        } catch (Throwable e) {
            throw new IllegalStateException("open of the C library cannot be called", e);
        }
    }

    private static int call(MethodHandle function, int first, int second) {
        try {
            return (int) function.invokeExact(first, second);
        } catch (Throwable e) {
            throw new IllegalStateException("setns of the C library cannot be called", e);
        }
    }

    @Override
    public void close() {
        for (var machine : machines) {
            Command.last("ip", "netns", "del", prefix + machine);
        }
        Command.last("ip", "netns", "del", prefix + "hub");
    }
}
