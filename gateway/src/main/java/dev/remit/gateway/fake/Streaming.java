package dev.remit.gateway.fake;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Sends an answer in pieces, at its pace, and fails where it was told to.
final class Streaming {
    private static final long PING_MILLIS = 20;

    private final Answering answering;
    private final Behaviour behaviour;
    private final Wire wire;
    private final FakeRequest request;

    Streaming(Answering answering, Behaviour behaviour, Wire wire, FakeRequest request) {
        this.answering = answering;
        this.behaviour = behaviour;
        this.wire = wire;
        this.request = request;
    }

    void send(List<byte[]> events, FakeReply reply) throws IOException, InterruptedException {
        answering.type(wire.streamType(request));
        var fault = reply.fault();
        if (reply.firstToken().isPositive() || fault != null) {
            answering.send(new byte[0], false); // the headers
            TimeUnit.NANOSECONDS.sleep(reply.firstToken().toNanos());
        }
        long gap = reply.gap().toNanos();
        long due = System.nanoTime();
        for (int i = 0; i < events.size(); i++) {
            if (fault != null && breaksOff(fault, i)) {
                return;
            }
            answering.send(events.get(i), false);
            if (gap > 0) {
                due += gap;
                TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            }
        }
        answering.send(new byte[0], true);
    }

    /// @return whether the answer is over
    private boolean breaksOff(FakeFault fault, int sent) throws IOException, InterruptedException {
        switch (fault) {
            case FakeFault.Cut(var events) when events == sent -> throw new Serving.Cut();
            case FakeFault.Unfinished(var events) when events == sent -> {
                answering.send(new byte[0], true);
                return true;
            }
            case FakeFault.Broken(var events, var type, var message) when events == sent ->
                    answering.send(wire.errorEvent(request, type, message), false);
            case FakeFault.Garbage g when sent == 1 -> answering.send(wire.garbage(request), false);
            case FakeFault.Stall(var events, var pings) when events == sent -> stall(pings);
            default -> {}
        }
        return false;
    }

    private void stall(boolean pings) throws IOException, InterruptedException {
        while (!behaviour.closing.await(PING_MILLIS, TimeUnit.MILLISECONDS)) {
            if (pings) {
                answering.send(wire.ping(request), false);
            }
        }
    }
}
