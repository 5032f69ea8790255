package dev.remit.cli;

import picocli.CommandLine.Option;

/// The option that chooses between text for people and JSON for programs.
final class Format {
    /// How results are written.
    enum Kind {
        text,
        json
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or json: one JSON document on standard output, nothing else.")
    Kind kind = Kind.text;

    boolean json() {
        return kind == Kind.json;
    }
}
