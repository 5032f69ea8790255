package dev.remit.bench.campaign;

import dev.remit.bench.campaign.Fault.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Makes faults happen, and takes them back.
final class Trouble {
    private static final Path LIBRARIES = Path.of("/usr/lib");

    private final Network network;
    private final Disk disk;
    private final Postgres postgres;
    private final List<Server> servers;
    private final WitnessProcess witness;
    private final int modelsPort;
    private final int effectsPort;

    /// What is cut now: rules of each machine, by the fault that they come from.
    private final Map<String, Map<Fault, List<String>>> rules = new TreeMap<>();

    Trouble(
            Network network,
            Disk disk,
            Postgres postgres,
            List<Server> servers,
            WitnessProcess witness,
            int modelsPort,
            int effectsPort) {
        this.network = network;
        this.disk = disk;
        this.postgres = postgres;
        this.servers = servers;
        this.witness = witness;
        this.modelsPort = modelsPort;
        this.effectsPort = effectsPort;
    }

    /// Which of these families do not work on this machine, and why.
    static Map<Family, String> missing(
            Set<Family> wished, Network network, Disk disk, Optional<Path> clocks)
            throws InterruptedException {
        var missing = new EnumMap<Family, String>(Family.class);
        if (!network.canBreak()) {
            for (var family : List.of(Family.PARTITION, Family.LINK, Family.RESET)) {
                missing.put(family, "there are no network namespaces");
            }
        }
        if (clocks.isEmpty()) {
            missing.put(Family.CLOCK, "libfaketime is not installed");
        }
        if (!disk.canBreak()) {
            missing.put(Family.DISK, "no file system can be mounted from a file");
        } else if (!disk.canSlow()) {
            missing.put(Family.DISK, "there is no cgroup v1 blkio to slow a disk down with");
        }
        missing.keySet().retainAll(wished);
        return missing;
    }

    /// The library that gives a process a clock of its own.
    static Optional<Path> clockLibrary() throws IOException {
        if (!Files.isDirectory(LIBRARIES)) {
            return Optional.empty();
        }
        try (var folders = Files.newDirectoryStream(LIBRARIES)) {
            for (var folder : folders) {
                var library = folder.resolve("faketime/libfaketimeMT.so.1");
                if (Files.exists(library)) {
                    return Optional.of(library);
                }
            }
        }
        return Optional.empty();
    }

    void begin(Fault fault) throws IOException, InterruptedException {
        int node = fault.node();
        switch (fault.kind()) {
            case KILL -> server(node).kill();
            case DRAIN -> server(node).terminate();
            case PAUSE_SHORT, PAUSE_LONG -> server(node).pause(true);
            case CUT_DATABASE,
                    CUT_TO_DATABASE,
                    CUT_FROM_DATABASE,
                    CUT_PROVIDER,
                    CUT_EFFECTS,
                    CUT_NODES,
                    LOSS ->
                    cut(fault);
            case NARROW -> network.narrow(Network.node(node), true);
            case RESET -> network.reset(Network.node(node), Network.DATABASE, postgres.port());
            case RESET_FAR -> network.reset(Network.DATABASE, "", postgres.port());
            case TERMINATE -> terminate();
            case CLOCK_FORWARD, CLOCK_BACK -> server(node).clock(fault.number());
            case POSTGRES_KILL -> postgres.kill();
            case POSTGRES_RESTART -> postgres.stop();
            case DISK_FULL -> disk.fill();
            case DISK_SLOW -> disk.slow(postgres.processes());
            case DISK_HANGS -> disk.freeze();
            case MODELS_429 -> witness.tell("models", "429");
            case MODELS_500 -> witness.tell("models", "500");
            case MODELS_OUTAGE -> witness.tell("models", "outage");
            case MODELS_STALL -> witness.tell("models", "stall");
            case MODELS_FLAKY -> witness.tell("models", "flaky");
            case EFFECTS_FLAKY -> witness.tell("effects", "flaky");
            case EFFECTS_DOWN -> witness.tell("effects", "down");
        }
    }

    void end(Fault fault) throws IOException, InterruptedException {
        int node = fault.node();
        switch (fault.kind()) {
            case KILL, DRAIN -> server(node).comeBack();
            case PAUSE_SHORT, PAUSE_LONG -> server(node).pause(false);
            case CUT_DATABASE,
                    CUT_TO_DATABASE,
                    CUT_FROM_DATABASE,
                    CUT_PROVIDER,
                    CUT_EFFECTS,
                    CUT_NODES,
                    LOSS ->
                    mend(fault);
            case NARROW -> network.narrow(Network.node(node), false);
            // a second time, so that some are cut while they are being opened again
            case RESET -> network.reset(Network.node(node), Network.DATABASE, postgres.port());
            case RESET_FAR -> network.reset(Network.DATABASE, "", postgres.port());
            case TERMINATE -> terminate();
            case CLOCK_FORWARD, CLOCK_BACK -> server(node).clock(0);
            case POSTGRES_KILL, POSTGRES_RESTART -> postgres.comeBack();
            case DISK_FULL -> disk.empty();
            case DISK_SLOW -> disk.quick();
            case DISK_HANGS -> disk.thaw();
            case MODELS_429, MODELS_500, MODELS_OUTAGE, MODELS_STALL, MODELS_FLAKY ->
                    witness.tell("models", "ok");
            case EFFECTS_FLAKY, EFFECTS_DOWN -> witness.tell("effects", "ok");
        }
    }

    /// What died without being told to is started again.
    void supervise() throws IOException {
        postgres.supervise();
        for (var server : servers) {
            server.supervise();
        }
    }

    private Server server(int node) {
        return servers.get(node - 1);
    }

    private void terminate() throws IOException {
        try {
            postgres.terminateSome();
        } catch (SQLException e) {
            // it is down, which is worse
        }
    }

    // ---- the network

    private void cut(Fault fault) throws IOException, InterruptedException {
        for (var machine : rulesOf(fault).entrySet()) {
            rules.computeIfAbsent(machine.getKey(), m -> new LinkedHashMap<>())
                    .put(fault, machine.getValue());
            apply(machine.getKey());
        }
    }

    private void mend(Fault fault) throws IOException, InterruptedException {
        for (var machine : rulesOf(fault).keySet()) {
            rules.getOrDefault(machine, new LinkedHashMap<>()).remove(fault);
            apply(machine);
        }
    }

    private void apply(String machine) throws IOException, InterruptedException {
        var all = new ArrayList<String>();
        rules.getOrDefault(machine, Map.of()).values().forEach(all::addAll);
        network.rules(machine, all);
    }

    private Map<String, List<String>> rulesOf(Fault fault) {
        var node = Network.node(fault.node());
        var from = "ip saddr " + network.address(node) + " ";
        var database = "ip saddr " + network.address(Network.DATABASE) + " ";
        var witness = "ip saddr " + network.address(Network.WITNESS) + " ";
        var cuts = new LinkedHashMap<String, List<String>>();
        switch (fault.kind()) {
            case CUT_DATABASE -> {
                cuts.put(Network.DATABASE, List.of(from + "drop"));
                cuts.put(node, List.of(database + "drop"));
            }
            case CUT_TO_DATABASE -> cuts.put(Network.DATABASE, List.of(from + "drop"));
            case CUT_FROM_DATABASE -> cuts.put(node, List.of(database + "drop"));
            case CUT_PROVIDER -> {
                cuts.put(Network.WITNESS, List.of(from + "tcp dport " + modelsPort + " drop"));
                cuts.put(node, List.of(witness + "tcp sport " + modelsPort + " drop"));
            }
            case CUT_EFFECTS -> {
                cuts.put(Network.WITNESS, List.of(from + "tcp dport " + effectsPort + " drop"));
                cuts.put(node, List.of(witness + "tcp sport " + effectsPort + " drop"));
            }
            case CUT_NODES -> {
                for (var other : servers) {
                    var name = Network.node(other.number());
                    if (!name.equals(node)) {
                        cuts.put(name, List.of(from + "drop"));
                    }
                }
            }
            case LOSS -> {
                var some = "numgen random mod 100 < " + fault.number() + " drop";
                cuts.put(node, List.of("iifname \"eth0\" " + some));
                cuts.put(Network.DATABASE, List.of(from + some));
                cuts.put(Network.WITNESS, List.of(from + some));
            }
            default -> throw new IllegalStateException(fault + " is no matter of the network");
        }
        return cuts;
    }
}
