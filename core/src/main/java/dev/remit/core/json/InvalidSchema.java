package dev.remit.core.json;

import java.util.List;
import java.util.stream.Collectors;

/// A JSON Schema that is none.
public final class InvalidSchema extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // an immutable list of records of strings
    private final List<SchemaFault> faults;

    InvalidSchema(List<SchemaFault> faults) {
        super(faults.stream().map(SchemaFault::toString).collect(Collectors.joining("; ")));
        this.faults = List.copyOf(faults);
    }

    /// Never empty; the pointers lead into the schema.
    public List<SchemaFault> faults() {
        return faults;
    }
}
