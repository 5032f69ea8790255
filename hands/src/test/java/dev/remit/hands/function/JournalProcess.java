package dev.remit.hands.function;

import dev.remit.core.json.Json;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.tool.BuiltIn;
import dev.remit.core.tool.Ended;
import dev.remit.hands.Invocations;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/// Another process that writes to the same journal.
final class JournalProcess {
    private JournalProcess() {}

    public static void main(String[] arguments) throws Exception {
        var functions = new Functions(Path.of(arguments[0]), new PatternRedactor(), Instant::now);
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            var line = Json.object().put("line", "there " + i + " " + "y".repeat(3000));
            var ended =
                    functions.invoke(
                            Invocations.builtIn(
                                    BuiltIn.JOURNAL_APPEND, Json.write(line), Map.of()));
            if (!(ended instanceof Ended.Done)) {
                throw new IllegalStateException(ended.toString());
            }
        }
    }
}
