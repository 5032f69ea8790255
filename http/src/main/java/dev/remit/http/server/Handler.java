package dev.remit.http.server;

/// Answers one request, on a virtual thread of its own: it may block.
@FunctionalInterface
public interface Handler {
    /// @throws Problem to answer with an error that the client may see
    /// @throws Exception anything else: the client sees 500 without its text, the log sees all of
    ///   it
    Reply handle(Exchange exchange) throws Exception;
}
