package dev.remit.gateway.fake;

import java.util.Map;

/// What goes wrong on order.
public sealed interface FakeFault {
    /// An answer with that status, and the vendor's body for it.
    record Status(int status, Map<String, String> headers) implements FakeFault {
        public Status {
            headers = Map.copyOf(headers);
        }
    }

    /// Nothing comes at all.
    record Mute() implements FakeFault {}

    /// The connection is closed before any byte of an answer.
    record HangUp() implements FakeFault {}

    /// A good status, and no content.
    record Empty() implements FakeFault {}

    /// The stream stops getting on after so many events. An answer in one piece never comes.
    ///
    /// @param pings whether it goes on to show that it is alive
    record Stall(int events, boolean pings) implements FakeFault {}

    /// The connection is cut after so many events; an answer in one piece, in its middle.
    record Cut(int events) implements FakeFault {}

    /// The stream ends in good order after so many events, without having said that it is done.
    record Unfinished(int events) implements FakeFault {}

    /// The vendor reports an error after so many events; instead of an answer in one piece.
    record Broken(int events, String type, String message) implements FakeFault {}

    /// What comes instead of an event, or of an answer in one piece, is no JSON.
    record Garbage() implements FakeFault {}
}
