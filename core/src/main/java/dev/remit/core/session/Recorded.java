package dev.remit.core.session;

import dev.remit.core.identity.SessionId;
import java.time.Instant;

/// An event as it stands in the log.
///
/// @param seq its place, from 1 without gaps
/// @param epoch of the driver that wrote it; 0 for the first event
public record Recorded(SessionId session, long seq, long epoch, Instant at, Event event) {}
