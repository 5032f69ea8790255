package dev.remit.gateway.fake;

import dev.remit.core.text.Fault;
import java.util.List;
import java.util.stream.Collectors;

/// A script that cannot be followed; the message has a line for each fault.
public final class InvalidDrill extends Exception {
    private static final long serialVersionUID = 1;

    InvalidDrill(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
    }
}
