package dev.remit.cli;

import dev.remit.client.ApiException;
import java.util.ArrayList;

/// Turns what the server refused into what the user is told.
final class Faults {
    private Faults() {}

    /// Bad files: each fault one line, `file:line:column: wrong → right`.
    ///
    /// @param folder as the user wrote it
    static Failure inFiles(ApiException e, String folder) {
        if (e.faults().isEmpty()) {
            return of(e);
        }
        var base = folder.endsWith("/") ? folder : folder + "/";
        var lines = new ArrayList<String>();
        for (var fault : e.faults()) {
            int line = fault.path("line").asInt(0);
            int column = fault.path("column").asInt(0);
            var right = fault.path("right").asString("");
            lines.add(
                    base
                            + fault.path("file").asString("")
                            + (line == 0 ? "" : ":" + line + (column == 0 ? "" : ":" + column))
                            + ": "
                            + fault.path("wrong").asString("")
                            + (right.isEmpty() ? "" : " → " + right));
        }
        return Failure.usage(
                lines.size()
                        + (lines.size() == 1 ? " fault" : " faults")
                        + "; nothing was applied:",
                lines.toArray(String[]::new));
    }

    /// Bad input: each fault with its path.
    static Failure inInput(ApiException e, String agent) {
        if (e.status() != 422 || e.faults().isEmpty()) {
            return of(e);
        }
        var lines = new ArrayList<String>();
        for (var fault : e.faults()) {
            var path = fault.path("path").asString("");
            lines.add(
                    "  " + (path.isEmpty() ? "/" : path) + ": " + fault.path("wrong").asString(""));
        }
        return Failure.usage(
                "the input is not what " + agent + " takes; no model was asked:",
                lines.toArray(String[]::new));
    }

    /// Any other refusal.
    static Failure of(ApiException e) {
        return switch (e.status()) {
            case 400, 404, 409, 413, 422 -> Failure.usage(said(e));
            case 401 ->
                    Failure.trouble(
                            "the server does not take the key of this state folder",
                            "./remit stop, then the same command again.");
            case 403 -> new Failure(ExitCode.DENIED, said(e));
            default -> Failure.trouble("the server has trouble: " + e.getMessage());
        };
    }

    private static String said(ApiException e) {
        return String.valueOf(e.getMessage());
    }
}
