package dev.remit.clients;

import dev.remit.gateway.fake.FakeVendor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that the clients are tried on: the fake itself, and Remit's gateway before it, with
/// each vendor behind. Made once for all tests.
final class Setups {
    private static @Nullable List<Setup> made;

    private Setups() {}

    static synchronized List<Setup> all() throws IOException, InterruptedException {
        var known = made;
        if (known == null) {
            known = make();
            made = known;
        }
        return known;
    }

    private static List<Setup> make() throws IOException, InterruptedException {
        var fake = FakeVendor.start();
        var gateway = GatewayProcess.start(settings(fake.uri().toString()), Setup.FAKE_KEY);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            gateway.close();
                            fake.close();
                        }));
        var setups = new ArrayList<Setup>();
        var url = fake.uri().toString();
        setups.add(
                new Setup(
                        "same",
                        true,
                        fake,
                        Setup.FAKE_KEY,
                        new Setup.Places(url + "/v1", url, url),
                        Setup.Names.OWN));
        var front = gateway.uri().toString();
        var places =
                new Setup.Places(front + "/openai/v1", front + "/anthropic", front + "/gemini");
        for (var behind : List.of("same", "openai", "anthropic", "gemini")) {
            setups.add(new Setup(behind, false, fake, gateway.key(), places, names(behind)));
        }
        return List.copyOf(setups);
    }

    private static Setup.Names names(String behind) {
        if (behind.equals("same")) {
            return new Setup.Names(
                    "to-openai", "to-anthropic", "to-gemini", "embed", "embed-gemini");
        }
        var one = "to-" + behind;
        var vectors =
                switch (behind) {
                    case "openai" -> "embed";
                    case "gemini" -> "embed-gemini";
                    default -> one; // which makes none
                };
        return new Setup.Names(one, one, one, vectors, vectors);
    }

    private static String settings(String url) {
        return """
        remit: server/v1
        providers:
          openai: { kind: openai, url: "%1$s/v1" }
          anthropic: { kind: anthropic, url: "%1$s" }
          gemini: { kind: gemini, url: "%1$s" }
        routes:
          to-openai: openai/gpt-4.1
          to-anthropic: anthropic/claude-sonnet-4-5
          to-gemini: gemini/gemini-2.5-flash
          embed: openai/text-embedding-3-small
          embed-gemini: gemini/gemini-embedding-001
        """
                .formatted(url);
    }
}
