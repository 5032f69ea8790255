package dev.remit.http.client;

/// One Server-Sent Event.
///
/// @param type `message` unless the server named another
/// @param data its lines, joined by a line feed
/// @param id the last id the server gave up to here; empty if none
public record SseEvent(String type, String data, String id) {}
