package dev.remit.http.client;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// The bytes of a request, in pieces that are never copied. Whoever hands an array in does not
/// write to it any more.
public final class Body {
    static final Body EMPTY = new Body(List.of());

    private final List<Piece> pieces;
    private final long length;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Piece(byte[] bytes, int offset, int length) {
        Piece {
            java.util.Objects.checkFromIndexSize(offset, length, bytes.length);
        }
    }

    private Body(List<Piece> pieces) {
        this.pieces = pieces;
        long sum = 0;
        for (var piece : pieces) {
            sum += piece.length();
        }
        this.length = sum;
    }

    public static Body of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    public static Body of(byte[] bytes, int offset, int length) {
        return new Body(List.of(new Piece(bytes, offset, length)));
    }

    /// This body with what lies between two positions replaced, such as one field's value.
    ///
    /// @param from inclusive
    /// @param to exclusive
    /// @throws IndexOutOfBoundsException if the positions do not lie in the body
    public Body splice(long from, long to, byte[] with) {
        java.util.Objects.checkFromToIndex(from, to, length);
        var spliced = new ArrayList<Piece>(pieces.size() + 2);
        copy(0, from, spliced);
        if (with.length > 0) {
            spliced.add(new Piece(with, 0, with.length));
        }
        copy(to, length, spliced);
        return new Body(List.copyOf(spliced));
    }

    private void copy(long from, long to, List<Piece> into) {
        long start = 0;
        for (var piece : pieces) {
            int first = (int) Math.max(0, from - start);
            int end = (int) Math.min(piece.length(), to - start);
            if (first < end) {
                into.add(new Piece(piece.bytes(), piece.offset() + first, end - first));
            }
            start += piece.length();
        }
    }

    public long length() {
        return length;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /// All of it in one array.
    public byte[] toByteArray() {
        var all = new ByteArrayOutputStream(Math.toIntExact(length));
        pieces.forEach(p -> all.write(p.bytes(), p.offset(), p.length()));
        return all.toByteArray();
    }
}
