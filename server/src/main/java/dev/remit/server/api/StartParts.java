package dev.remit.server.api;

import dev.remit.server.start.Sweep;

/// What starts sessions by itself.
///
/// @param sooner says that something is due now
public record StartParts(Sweep sweep, Runnable sooner) {}
