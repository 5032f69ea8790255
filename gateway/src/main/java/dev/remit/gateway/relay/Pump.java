package dev.remit.gateway.relay;

import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.GatewayError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// Passes a flow on to a client, in the client's dialect.
public final class Pump {
    /// What has come together is sent together, up to so many bytes.
    private static final int TOGETHER = 16 << 10;

    private final Call call;
    private final Flow flow;
    private final Codec.StreamWriter writer;

    /// Where the bytes go, each call at once.
    @FunctionalInterface
    public interface Sink {
        /// @throws IOException if the client is gone
        void write(byte[] bytes, int offset, int length) throws IOException;
    }

    Pump(Call call, Codec codec, Flow flow) {
        this.call = call;
        this.flow = flow;
        this.writer = codec.streamWriter(call.facts(), call.asked().path(), flow.origin());
    }

    /// Runs to the end of the answer, good or bad. Whoever is cut off has been told why in his own
    /// wire, if he is still there.
    ///
    /// @return whether it came to a good end; if not, the transport must not end well either
    /// @throws IOException if the client is gone
    public boolean run(Sink sink) throws IOException {
        call.enter();
        try (flow) {
            var together = new ByteArrayOutputStream(1024);
            for (var step = flow.next(); step != null; step = flow.next()) {
                add(together, step);
                if (together.size() > 0 && (together.size() >= TOGETHER || !flow.isReady())) {
                    send(sink, together);
                }
            }
            if (!flow.isPassedOn()) {
                together.writeBytes(writer.end());
            }
            send(sink, together);
            return true;
        } catch (Flow.Broken e) {
            sayError(sink, e.error());
            return false;
        } catch (InterruptedException e) {
            sayError(sink, Refusal.ended(call.cancelled()));
            return false;
        } finally {
            call.leave();
            call.over();
        }
    }

    private void add(ByteArrayOutputStream together, Flow.Step step) {
        if (flow.isPassedOn()) {
            var raw = step.raw();
            if (raw != null) {
                together.writeBytes(raw);
            }
            return;
        }
        for (var delta : step.deltas()) {
            together.writeBytes(writer.write(delta));
        }
    }

    private static void send(Sink sink, ByteArrayOutputStream together) throws IOException {
        if (together.size() > 0) {
            var bytes = together.toByteArray();
            together.reset();
            sink.write(bytes, 0, bytes.length);
        }
    }

    private void sayError(Sink sink, GatewayError error) throws IOException {
        var bytes = writer.error(error);
        sink.write(bytes, 0, bytes.length);
    }
}
