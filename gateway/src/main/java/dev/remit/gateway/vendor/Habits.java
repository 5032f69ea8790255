package dev.remit.gateway.vendor;

/// What a server is known to take. Learned when it refuses something and takes the same request
/// without it.
///
/// @param enforcesAnswer the shape of the answer can be enforced; else it is asked for in words
/// @param reportsUsage takes `stream_options`
/// @param newCap takes `max_completion_tokens`, else `max_tokens`
record Habits(boolean enforcesAnswer, boolean reportsUsage, boolean newCap) {
    Habits askingForAnswer() {
        return new Habits(false, reportsUsage, newCap);
    }

    Habits withoutUsage() {
        return new Habits(enforcesAnswer, false, newCap);
    }

    Habits withOtherCap() {
        return new Habits(enforcesAnswer, reportsUsage, !newCap);
    }
}
