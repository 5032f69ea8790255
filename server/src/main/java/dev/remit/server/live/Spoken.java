package dev.remit.server.live;

/// What a model has said so far in one call, as far as it may be shown: the beginning of the text
/// that the log will hold.
///
/// @param call the `seq` of the event that says the call was begun
/// @param text without secrets
record Spoken(long call, String text) {}
