package dev.remit.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The status line and the headers of an answer, as the bytes that came and where in them what
/// lies. Read strictly (RFC 9112): what two programs could understand in two ways is refused.
final class AnswerHead {
    static final long UNTIL_CLOSE = -1;
    static final long CHUNKED = -2;

    private static final int MOST_HEADERS = 128;
    private static final byte[] CONTENT_LENGTH = "content-length".getBytes(ISO_8859_1);
    private static final byte[] TRANSFER_ENCODING = "transfer-encoding".getBytes(ISO_8859_1);
    private static final byte[] CONNECTION = "connection".getBytes(ISO_8859_1);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(ISO_8859_1);

    private final byte[] bytes;

    /// Four for each header: where its name starts and ends, where its value starts and ends.
    private int[] places = new int[4 * 16];

    private int count;
    private int status;
    private boolean oldVersion;
    private boolean close;
    private boolean keepAlive;
    private boolean chunked;
    private long length = UNTIL_CLOSE;
    private long keptSeconds = -1;

    private AnswerHead(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Waits for the head of the answer; interim ones (1xx) are skipped.
    ///
    /// @throws TooLarge if the headers are too many or too long
    /// @throws BadAnswer if it is not sound HTTP
    /// @throws EOFException if the server closes before
    static AnswerHead read(Incoming in) throws IOException {
        for (int interim = 0; interim < 16; interim++) {
            var head = new AnswerHead(bytes(in));
            head.parse();
            if (head.status == 101) {
                throw new BadAnswer("it wants to speak another protocol");
            }
            if (head.status >= 200) {
                return head;
            }
        }
        throw new BadAnswer("too many interim answers");
    }

    /// Up to the empty line, with it.
    private static byte[] bytes(Incoming in) throws IOException {
        var connection = in.connection();
        for (int seen = 0; ; ) {
            int end = end(connection, seen);
            if (end > 0) {
                var bytes = new byte[end];
                connection.take(bytes, 0, end);
                return bytes;
            }
            seen = Math.max(0, connection.available() - 3);
            if (connection.isFull()) {
                throw new TooLarge("headers of at most " + Connection.BUFFER + " bytes");
            }
            if (in.fill() < 0) {
                throw new EOFException();
            }
        }
    }

    private static int end(Connection connection, int from) {
        int last = connection.available() - 3;
        for (int i = from; i < last; i++) {
            if (connection.at(i) == '\r'
                    && connection.at(i + 1) == '\n'
                    && connection.at(i + 2) == '\r'
                    && connection.at(i + 3) == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private void parse() throws IOException {
        int from = statusLine();
        int end = bytes.length - 2;
        while (from < end) {
            from = header(from);
        }
        if (chunked && (length >= 0 || oldVersion)) {
            throw new BadAnswer("its length is given in two ways");
        }
    }

    /// `HTTP/1.1 200 whatever`.
    private int statusLine() throws BadAnswer {
        int end = line(0);
        boolean sound =
                end >= 12
                        && bytes[0] == 'H'
                        && bytes[1] == 'T'
                        && bytes[2] == 'T'
                        && bytes[3] == 'P'
                        && bytes[4] == '/'
                        && bytes[5] == '1'
                        && bytes[6] == '.'
                        && (bytes[7] == '0' || bytes[7] == '1')
                        && bytes[8] == ' '
                        && (end == 12 || bytes[12] == ' ');
        if (!sound) {
            throw new BadAnswer("it does not begin with a status line");
        }
        oldVersion = bytes[7] == '0';
        for (int i = 9; i < 12; i++) {
            status = status * 10 + digit(bytes[i]);
        }
        if (status < 100 || status > 599) {
            throw new BadAnswer("its status is " + status);
        }
        return end + 2;
    }

    /// @return where the line ends, before its CR LF
    private int line(int from) throws BadAnswer {
        for (int i = from; ; i++) {
            byte b = bytes[i];
            if (b == '\r') {
                if (bytes[i + 1] != '\n') {
                    throw new BadAnswer("a line of its headers ends without a line feed");
                }
                return i;
            }
            if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
                throw new BadAnswer("a control character in its headers");
            }
        }
    }

    private static int digit(byte b) throws BadAnswer {
        if (b < '0' || b > '9') {
            throw new BadAnswer("a number in its headers is none");
        }
        return b - '0';
    }

    private int header(int from) throws IOException {
        int end = line(from);
        int colon = from;
        while (colon < end && Header.isTokenCharacter(bytes[colon])) {
            colon++;
        }
        if (colon == from || colon == end || bytes[colon] != ':') {
            throw new BadAnswer("a line of its headers is none"); // folded ones among them
        }
        int start = colon + 1;
        while (start < end && isBlank(bytes[start])) {
            start++;
        }
        int stop = end;
        while (stop > start && isBlank(bytes[stop - 1])) {
            stop--;
        }
        note(from, colon, start, stop);
        framing(colon - from, from, start, stop);
        return end + 2;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private void note(int nameStart, int nameEnd, int valueStart, int valueEnd) throws IOException {
        if (count == MOST_HEADERS) {
            throw new TooLarge("at most " + MOST_HEADERS + " headers");
        }
        int at = 4 * count++;
        if (at == places.length) {
            places = Arrays.copyOf(places, 2 * at);
        }
        places[at] = nameStart;
        places[at + 1] = nameEnd;
        places[at + 2] = valueStart;
        places[at + 3] = valueEnd;
    }

    private void framing(int nameLength, int name, int start, int stop) throws BadAnswer {
        if (nameLength == CONTENT_LENGTH.length && isName(name, CONTENT_LENGTH)) {
            long said = number(start, stop);
            if (length >= 0 && length != said) {
                throw new BadAnswer("two different content lengths");
            }
            length = said;
        } else if (nameLength == TRANSFER_ENCODING.length && isName(name, TRANSFER_ENCODING)) {
            if (chunked || !text(start, stop).equalsIgnoreCase("chunked")) {
                throw new BadAnswer("a transfer encoding that nobody asked for");
            }
            chunked = true;
        } else if (nameLength == CONNECTION.length && isName(name, CONNECTION)) {
            var said = text(start, stop).toLowerCase(java.util.Locale.ROOT);
            close |= said.contains("close");
            keepAlive |= said.contains("keep-alive");
        } else if (nameLength == KEEP_ALIVE.length && isName(name, KEEP_ALIVE)) {
            keepAlive(text(start, stop));
        }
    }

    private long number(int start, int stop) throws BadAnswer {
        if (start == stop || stop - start > 18) {
            throw new BadAnswer("its content length is none");
        }
        long number = 0;
        for (int i = start; i < stop; i++) {
            number = number * 10 + digit(bytes[i]);
        }
        return number;
    }

    /// `timeout=5, max=100`: a hint, so what is not understood is passed over.
    private void keepAlive(String said) {
        int at = said.indexOf("timeout=");
        if (at < 0) {
            return;
        }
        long seconds = 0;
        for (int i = at + 8; i < said.length() && i < at + 14; i++) {
            char c = said.charAt(i);
            if (c < '0' || c > '9') {
                break;
            }
            seconds = seconds * 10 + c - '0';
        }
        keptSeconds = seconds;
    }

    private boolean isName(int from, byte[] lowerCase) {
        for (int i = 0; i < lowerCase.length; i++) {
            if (lower(bytes[from + i]) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    int status() {
        return status;
    }

    /// Of the body: in bytes, [#CHUNKED] or [#UNTIL_CLOSE].
    long length(String method) {
        if (method.equals("HEAD") || status == 204 || status == 304) {
            return 0;
        }
        return chunked ? CHUNKED : length;
    }

    /// Whether the server keeps the connection after this answer.
    boolean persistent() {
        return !close && (!oldVersion || keepAlive);
    }

    /// For how many seconds; negative if it does not say.
    long keptSeconds() {
        return keptSeconds;
    }

    @Nullable String first(String name) {
        for (int i = 0; i < 4 * count; i += 4) {
            if (places[i + 1] - places[i] == name.length() && isName(places[i], name)) {
                return text(places[i + 2], places[i + 3]);
            }
        }
        return null;
    }

    private boolean isName(int from, String name) {
        for (int i = 0; i < name.length(); i++) {
            if (lower(bytes[from + i]) != lower((byte) name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    List<Header> all() {
        var all = new ArrayList<Header>(count);
        for (int i = 0; i < 4 * count; i += 4) {
            var name = text(places[i], places[i + 1]);
            all.add(new Header(name, text(places[i + 2], places[i + 3])));
        }
        return List.copyOf(all);
    }
}
