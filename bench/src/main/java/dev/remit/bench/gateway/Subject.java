package dev.remit.bench.gateway;

/// Somebody who answers model calls, and how he is asked.
///
/// @param name as the table says it
/// @param chat one request for a whole answer
/// @param stream one request for a stream; empty if it is not measured
@SuppressWarnings("ArrayRecordComponent") // never compared
record Subject(String name, int port, byte[] chat, byte[] stream) {}
