package dev.remit.http.server;

import java.io.IOException;
import java.util.Arrays;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/// Reads the body of a request into one array that grows with what has come, not with what was
/// promised.
final class BodyReading {
    private static final int FIRST = 64 << 10;

    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private BodyReading() {}

    /// @param limit in bytes
    /// @throws TooLarge if there is more
    /// @throws IOException if it does not come to its end
    static byte[] read(Request request, long limit) throws IOException {
        long said = request.getLength();
        if (said > limit) {
            throw new TooLarge();
        }
        if (said == 0) {
            return new byte[0];
        }
        var bytes = new byte[(int) (said > 0 && said < FIRST ? said : Math.min(FIRST, limit + 1))];
        int count = 0;
        var in = Content.Source.asInputStream(request); // to close it would cut the connection
        while (true) {
            int more = in.read(bytes, count, bytes.length - count);
            if (more < 0) {
                return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
            }
            count += more;
            if (count > limit) {
                throw new TooLarge();
            }
            if (count == said) {
                expectEnd(in.read());
                return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
            }
            if (count == bytes.length) {
                bytes = Arrays.copyOf(bytes, larger(bytes.length, said, limit));
            }
        }
    }

    /// Jetty knows that the request is over only when its end was asked for.
    private static void expectEnd(int next) throws IOException {
        if (next >= 0) {
            throw new IOException("more came than was said");
        }
    }

    private static int larger(int length, long said, long limit) {
        long most = said > 0 ? said : limit + 1;
        return (int) Math.min(2L * length, Math.min(most, Integer.MAX_VALUE - 16));
    }
}
