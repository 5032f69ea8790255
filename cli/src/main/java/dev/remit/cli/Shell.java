package dev.remit.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What surrounds one run of the command; passed in, so that tests can give another.
///
/// @param folder the current one
/// @param inIsTerminal whether a person sits at standard input
/// @param outIsTerminal whether a person looks at standard output
/// @param errIsTerminal likewise standard error
/// @param locale the character set that the user's terminal understands
record Shell(
        InputStream in,
        OutputStream out,
        OutputStream err,
        Map<String, String> environment,
        Path folder,
        boolean inIsTerminal,
        boolean outIsTerminal,
        boolean errIsTerminal,
        Charset locale) {

    /// Nobody sits at standard input.
    Shell(
            InputStream in,
            OutputStream out,
            OutputStream err,
            Map<String, String> environment,
            Path folder,
            boolean outIsTerminal,
            boolean errIsTerminal,
            Charset locale) {
        this(in, out, err, environment, folder, false, outIsTerminal, errIsTerminal, locale);
    }

    /// That of this process. The launcher says which streams are terminals; Java cannot tell.
    static Shell ofThisProcess() {
        var terminals = System.getProperty("remit.terminals", "");
        return new Shell(
                System.in,
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                System.getenv(),
                Path.of("").toAbsolutePath(),
                terminals.contains("0"),
                terminals.contains("1"),
                terminals.contains("2"),
                understood());
    }

    /// A variable of the environment; absent if it is empty.
    @Nullable String variable(String name) {
        var value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    boolean understandsUnicode() {
        return locale.equals(StandardCharsets.UTF_8);
    }

    private static Charset understood() {
        if (System.getProperty("remit.unicode", "yes").equals("no")) {
            return StandardCharsets.US_ASCII;
        }
        var name = System.getProperty("native.encoding");
        return name != null && Charset.isSupported(name)
                ? Charset.forName(name)
                : StandardCharsets.UTF_8;
    }
}
