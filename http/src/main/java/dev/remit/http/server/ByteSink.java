package dev.remit.http.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;

/// Where the bytes of an answer go, piece by piece, each at once. Nothing is queued: a slow reader
/// costs a blocked virtual thread, and one that is too slow is cut off. For one thread.
public final class ByteSink {
    private final Response response;
    private final ClientEndPoint client;
    private final boolean silent;
    private boolean ended;

    /// @param silent whether the client asked for the headers only
    ByteSink(Response response, ClientEndPoint client, boolean silent) {
        this.response = response;
        this.client = client;
        this.silent = silent;
    }

    /// Sends bytes and blocks until the network has taken them. They may be changed afterwards. The
    /// first ones take status and headers with them.
    ///
    /// @throws IOException if the client is gone or takes them too slowly
    public void write(byte[] bytes, int offset, int length) throws IOException {
        send(false, bytes, offset, length);
    }

    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    /// Sends the last bytes and the end of the answer with them.
    ///
    /// @throws IOException if the client is gone or takes them too slowly
    public void end(byte[] bytes, int offset, int length) throws IOException {
        send(true, bytes, offset, length);
        ended = true;
    }

    private void send(boolean last, byte[] bytes, int offset, int length) throws IOException {
        if (ended) {
            throw new IllegalStateException("the answer has ended");
        }
        if (last) {
            client.unwatch(); // whoever has the end may go
        }
        var piece = silent ? BufferUtil.EMPTY_BUFFER : ByteBuffer.wrap(bytes, offset, length);
        Content.Sink.write(response, last, piece);
    }

    /// Whether status and headers have gone out.
    public boolean begun() {
        return response.isCommitted();
    }

    void end() throws IOException {
        if (!ended) {
            ended = true;
            client.unwatch();
            Content.Sink.write(response, true, BufferUtil.EMPTY_BUFFER);
        }
    }
}
