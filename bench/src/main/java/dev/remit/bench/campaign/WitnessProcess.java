package dev.remit.bench.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The witnesses, on a machine of their own. Nothing bad ever happens to them.
final class WitnessProcess implements AutoCloseable {
    private final Process process;
    private final OutputStream orders;

    private WitnessProcess(Process process) {
        this.process = process;
        this.orders = process.getOutputStream();
    }

    static WitnessProcess start(Network network, Path folder, int models, int effects, long seed)
            throws IOException {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
        words.addAll(List.of("-cp", System.getProperty("java.class.path")));
        words.add("dev.remit.bench.campaign.witness.Witnesses");
        words.addAll(
                List.of(
                        folder.toString(),
                        Integer.toString(models),
                        Integer.toString(effects),
                        Long.toString(seed)));
        var builder = new ProcessBuilder(network.on(Network.WITNESS, words));
        builder.redirectError(
                ProcessBuilder.Redirect.appendTo(folder.resolve("witness.log").toFile()));
        var process = builder.start();
        var said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        if (!"ready".equals(said.readLine())) {
            throw new IOException("the witnesses do not start; see " + folder + "/witness.log");
        }
        return new WitnessProcess(process);
    }

    synchronized void tell(String whom, String mood) throws IOException {
        orders.write((whom + " " + mood + "\n").getBytes(UTF_8));
        orders.flush();
    }

    boolean isUp() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
