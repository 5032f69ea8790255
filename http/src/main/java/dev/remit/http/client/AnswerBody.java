package dev.remit.http.client;

import java.io.EOFException;
import java.io.IOException;

/// The bytes of an answer's body without their framing.
final class AnswerBody {
    private static final int MOST_TRAILER_BYTES = 8 << 10;
    private static final int MOST_EXTENSION_BYTES = 256;
    private static final int MOST_DIGITS = 15;

    /// From this size on, bytes are read to where they are wanted, past the buffer.
    private static final int DIRECT = 4 << 10;

    /// Where in a chunked body the next byte stands (RFC 9112, section 7.1).
    private enum At {
        SIZE,
        EXTENSION,
        SIZE_END,
        DATA,
        DATA_END,
        LINE_END,
        TRAILER_START,
        TRAILER,
        TRAILER_END,
        END
    }

    private final Incoming in;
    private final Connection connection;
    private final boolean chunked;
    private final boolean untilClose;
    private long remaining;
    private boolean whole;

    private At at = At.SIZE;
    private int digits;
    private int extensionBytes;
    private int trailerBytes;

    /// @param length in bytes, or one of the words of [AnswerHead]
    AnswerBody(Incoming in, long length) {
        this.in = in;
        this.connection = in.connection();
        this.chunked = length == AnswerHead.CHUNKED;
        this.untilClose = length == AnswerHead.UNTIL_CLOSE;
        this.remaining = Math.max(0, length);
        this.whole = length == 0;
    }

    /// Whether the last byte has been handed out and the end was seen.
    boolean whole() {
        return whole;
    }

    /// In bytes; negative if it is not known.
    long length() {
        return chunked || untilClose ? -1 : remaining;
    }

    /// Whether the connection lasts beyond this body.
    boolean endsBeforeConnection() {
        return !untilClose;
    }

    /// @return how many bytes came; -1 at the end
    int read(byte[] into, int offset, int most) throws IOException {
        if (whole) {
            return -1;
        }
        if (most == 0) {
            return 0;
        }
        return chunked ? chunks(into, offset, most) : plain(into, offset, most);
    }

    /// Takes in what has come of the end already, without waiting.
    void settle() throws IOException {
        if (chunked && !whole && connection.available() > 0 && at != At.DATA) {
            frame();
        }
    }

    private int plain(byte[] into, int offset, int most) throws IOException {
        int wanted = untilClose ? most : (int) Math.min(most, remaining);
        int count;
        if (connection.available() == 0 && wanted >= DIRECT) {
            count = in.readInto(into, offset, wanted);
        } else {
            count = connection.available() == 0 ? in.fill() : 1;
            if (count > 0) {
                count = connection.take(into, offset, wanted);
            }
        }
        if (count < 0) {
            if (!untilClose) {
                throw new EOFException();
            }
            whole = true;
            return -1;
        }
        if (!untilClose) {
            remaining -= count;
            whole = remaining == 0;
        }
        return count;
    }

    /// Hands out what has come, of as many chunks as there are; waits only if that is nothing.
    private int chunks(byte[] into, int offset, int most) throws IOException {
        int produced = 0;
        while (true) {
            frame();
            if (whole) {
                return produced == 0 ? -1 : produced;
            }
            if (at == At.DATA && connection.available() > 0) {
                int wanted = (int) Math.min(most - produced, remaining);
                int count = connection.take(into, offset + produced, wanted);
                produced += count;
                took(count);
                if (produced < most) {
                    continue;
                }
                settle();
                return produced;
            }
            if (produced > 0) {
                return produced;
            }
            if (in.fill() < 0) {
                throw new EOFException();
            }
        }
    }

    private void took(int count) {
        remaining -= count;
        if (remaining == 0) {
            at = At.DATA_END;
        }
    }

    /// Reads what stands between the data, as far as it has come.
    private void frame() throws IOException {
        while (at != At.DATA && at != At.END && connection.available() > 0) {
            at = frame(connection.next());
        }
        whole = at == At.END;
    }

    private At frame(byte b) throws IOException {
        return switch (at) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_END -> expect(b, '\n', sized());
            case DATA_END -> expect(b, '\r', At.LINE_END);
            case LINE_END -> expect(b, '\n', At.SIZE);
            case TRAILER_START -> b == '\r' ? At.TRAILER_END : trailer(b);
            case TRAILER -> trailer(b);
            case TRAILER_END -> trailerEnd(b);
            case DATA, END -> throw new IllegalStateException();
        };
    }

    private static At expect(byte b, char expected, At next) throws BadAnswer {
        if (b != expected) {
            throw new BadAnswer("a chunk does not end where it should");
        }
        return next;
    }

    private At size(byte b) throws BadAnswer {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            remaining = remaining << 4 | digit;
            if (++digits > MOST_DIGITS) {
                throw new BadAnswer("a chunk of a size that cannot be");
            }
            return At.SIZE;
        }
        if (digits == 0) {
            throw new BadAnswer("a chunk without a size");
        }
        extensionBytes = 0;
        return switch (b) {
            case '\r' -> At.SIZE_END;
            case ';', ' ', '\t' -> At.EXTENSION;
            default -> throw new BadAnswer("the size of a chunk is no number");
        };
    }

    private At extension(byte b) throws BadAnswer {
        if (b == '\n' || ++extensionBytes > MOST_EXTENSION_BYTES) {
            throw new BadAnswer("a chunk says too much about itself");
        }
        return b == '\r' ? At.SIZE_END : At.EXTENSION;
    }

    private At sized() {
        digits = 0;
        if (remaining > 0) {
            return At.DATA;
        }
        trailerLine = 0;
        return At.TRAILER_START;
    }

    private int trailerLine;

    private At trailer(byte b) throws IOException {
        if (++trailerBytes > MOST_TRAILER_BYTES) {
            throw new TooLarge("trailers of at most " + MOST_TRAILER_BYTES + " bytes");
        }
        if (b == '\n') {
            throw new BadAnswer("a trailer that is none");
        }
        trailerLine++;
        return b == '\r' ? At.TRAILER_END : At.TRAILER;
    }

    private At trailerEnd(byte b) throws BadAnswer {
        if (b != '\n') {
            throw new BadAnswer("a trailer that is none");
        }
        boolean empty = trailerLine == 0;
        trailerLine = 0;
        return empty ? At.END : At.TRAILER_START;
    }
}
