package dev.remit.core.settings;

import dev.remit.core.text.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of reading `remit.yaml`: settings, or faults.
///
/// @param faults in the order of lines
/// @param settings absent if there is any fault
public record SettingsReading(List<Fault> faults, @Nullable Settings settings) {
    public SettingsReading {
        faults = List.copyOf(faults);
        if (faults.isEmpty() == (settings == null)) {
            throw new IllegalArgumentException("either faults or settings");
        }
    }
}
