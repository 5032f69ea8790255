package dev.remit.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Points in time as people read them, by the clock of this machine.
final class Moments {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    private Moments() {}

    /// @param instant as the API writes it; empty stays empty
    static String of(String instant) {
        return instant.isEmpty() ? "" : FORMAT.format(Instant.parse(instant));
    }
}
