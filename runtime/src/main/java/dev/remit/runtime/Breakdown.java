package dev.remit.runtime;

import dev.remit.core.secret.Redactor;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What broke inside of Remit, in one line that is fit to be kept: what, why, and where.
final class Breakdown {
    private static final int FRAMES = 3;
    private static final int CAUSES = 5;
    private static final int LONGEST = 400;
    private static final String OURS = "dev.remit.";

    private Breakdown() {}

    static String of(Throwable failure, Redactor redactor) {
        var root = failure;
        for (int i = 0; i < CAUSES && root.getCause() != null; i++) {
            root = root.getCause();
        }
        var text = root.getClass().getSimpleName() + message(root, redactor);
        var where = where(failure);
        return where.isEmpty() ? text : text + " at " + where;
    }

    private static String message(Throwable failure, Redactor redactor) {
        @Nullable String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return "";
        }
        var line = redactor.redact(message).replaceAll("\\s+", " ").strip();
        return ": " + (line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line);
    }

    /// The innermost places in Remit's own code.
    private static String where(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith(OURS))
                .limit(FRAMES)
                .map(frame ->
                        frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1)
                                + "."
                                + frame.getMethodName()
                                + ":"
                                + frame.getLineNumber())
                .collect(Collectors.joining(" < "));
    }
}
