package dev.remit.server.home;

import dev.remit.core.secret.Redactor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/// `2026-11-20T18:00:00.123Z INFO Serve: text`, redacted; a stack trace follows, indented.
final class LogLine extends Formatter {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private final Redactor redactor;

    LogLine(Redactor redactor) {
        this.redactor = redactor;
    }

    @Override
    public String format(LogRecord record) {
        var line = new StringBuilder();
        TIME.formatTo(Instant.ofEpochMilli(record.getMillis()), line);
        line.append(String.format(" %-7s ", record.getLevel().getName()));
        return line.append(source(record))
                .append(": ")
                .append(visible(said(record)))
                .append('\n')
                .toString();
    }

    private String said(LogRecord record) {
        try {
            var text = new StringWriter();
            text.append(formatMessage(record));
            var thrown = record.getThrown();
            if (thrown != null) {
                text.append('\n');
                thrown.printStackTrace(new PrintWriter(text, true));
            }
            return redactor.redact(text.toString());
        } catch (RuntimeException | StackOverflowError e) {
            return "(a record that could not be redacted was left out)";
        }
    }

    private static String source(LogRecord record) {
        var name = String.valueOf(record.getLoggerName());
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// A record cannot pretend to be two, nor move the cursor of a terminal.
    private static String visible(String text) {
        var shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                if (i + 1 < text.length()) {
                    shown.append("\n    ");
                }
            } else if (c == '\t') {
                shown.append("  ");
            } else if (c != '\r') {
                shown.append(Character.isISOControl(c) ? '\uFFFD' : c);
            }
        }
        return shown.toString();
    }
}
