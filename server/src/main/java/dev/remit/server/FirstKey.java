package dev.remit.server;

import java.io.PrintStream;
import java.net.URI;

/// Shows the first administrator's key, once, on a terminal.
final class FirstKey {
    private FirstKey() {}

    static void show(String key, URI url, PrintStream terminal) {
        terminal.print(
                """
                remit: first admin key, shown only now:

                    %s

                remit: keys for programs are made by ./remit keys create; any SDK takes them:

                    OPENAI_BASE_URL=%s/openai/v1  OPENAI_API_KEY=<key>
                    ANTHROPIC_BASE_URL=%s/anthropic  ANTHROPIC_API_KEY=<key>

                """
                        .formatted(key, url, url));
        terminal.flush();
    }
}
