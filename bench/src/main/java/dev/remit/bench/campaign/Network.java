package dev.remit.bench.campaign;

import java.io.IOException;
import java.util.List;

/// Where the machines of a campaign are, and how one talks to them.
interface Network extends AutoCloseable {
    String DATABASE = "db";
    String WITNESS = "out";

    static String node(int number) {
        return "n" + number;
    }

    /// The address under which others reach a machine.
    String address(String machine);

    /// Where a node listens on its own loopback.
    int port(int node);

    /// Makes a command run on a machine.
    List<String> on(String machine, List<String> command);

    /// From now on, this thread's new connections begin at that machine.
    void enter(String machine) throws IOException;

    /// Whether it can be taken apart.
    boolean canBreak();

    /// Takes away, or gives back: what was said before no longer holds.
    void rules(String machine, List<String> rules) throws IOException, InterruptedException;

    /// Makes the line of a machine slow, or as it was.
    void narrow(String machine, boolean on) throws IOException, InterruptedException;

    /// Resets the connections of a machine with another one.
    ///
    /// @param port at that other one, or here
    void reset(String machine, String with, int port) throws IOException, InterruptedException;

    @Override
    void close();
}
