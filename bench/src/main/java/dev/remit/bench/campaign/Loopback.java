package dev.remit.bench.campaign;

import java.io.IOException;
import java.util.List;

/// No network to speak of: everybody is at 127.0.0.1, and nothing can be taken away.
record Loopback(int firstPort) implements Network {
    @Override
    public String address(String machine) {
        return "127.0.0.1";
    }

    @Override
    public int port(int node) {
        return firstPort + node;
    }

    @Override
    public List<String> on(String machine, List<String> command) {
        return command;
    }

    @Override
    public void enter(String machine) {}

    @Override
    public boolean canBreak() {
        return false;
    }

    @Override
    public void rules(String machine, List<String> rules) throws IOException {
        throw new IOException("a loopback cannot be cut");
    }

    @Override
    public void narrow(String machine, boolean on) throws IOException {
        throw new IOException("a loopback cannot be slowed down");
    }

    @Override
    public void reset(String machine, String with, int port) throws IOException {
        throw new IOException("connections of a loopback cannot be reset");
    }

    @Override
    public void close() {}
}
