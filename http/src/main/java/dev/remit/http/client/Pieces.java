package dev.remit.http.client;

/// An answer's body, piece by piece.
interface Pieces {
    /// @return how many bytes came; -1 at the end
    int read(byte[] into) throws UpstreamException, InterruptedException;

    UpstreamException tooLarge(String expected);
}
