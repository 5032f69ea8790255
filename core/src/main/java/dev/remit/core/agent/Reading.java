package dev.remit.core.agent;

import dev.remit.core.text.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of reading a folder: definitions, or faults.
///
/// @param faults in the order of files and lines
/// @param bundle absent if there is any fault
public record Reading(List<Fault> faults, @Nullable Bundle bundle) {
    public Reading {
        faults = List.copyOf(faults);
        if (faults.isEmpty() == (bundle == null)) {
            throw new IllegalArgumentException("either faults or a bundle");
        }
    }
}
