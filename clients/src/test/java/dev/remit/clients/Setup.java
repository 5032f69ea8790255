package dev.remit.clients;

import dev.remit.gateway.fake.DrillFile;
import dev.remit.gateway.fake.FakeVendor;
import dev.remit.gateway.fake.InvalidDrill;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where clients call, and the fake provider that is asked in the end. Not closeable: JUnit would
/// close an argument after its first test.
///
/// @param behind the vendor whose wire the fake is called in; `same` for each client's own
/// @param direct whether nothing stands between the clients and the fake
/// @param key what the clients send
record Setup(
        String behind, boolean direct, FakeVendor fake, String key, Places urls, Names models) {
    static final String FAKE_KEY = "sk-fake-0123456789abcdef";

    /// Base URLs, as each client wants its own.
    record Places(String openai, String anthropic, String gemini) {}

    /// What each client names as its model.
    record Names(
            String openai,
            String anthropic,
            String gemini,
            String embedding,
            String geminiEmbedding) {
        static final Names OWN =
                new Names(
                        "gpt-4.1",
                        "claude-sonnet-4-5",
                        "gemini-2.5-flash",
                        "text-embedding-3-small",
                        "gemini-embedding-001");

        String list() {
            return String.join(", ", openai, anthropic, gemini, embedding, geminiEmbedding);
        }
    }

    /// Gives the fake another script, once nothing rests from the last one.
    ///
    /// @param yaml besides its key
    void follow(String yaml) {
        if (!direct) {
            script("");
            Rest.awaitEndOf(this);
        }
        script((direct ? "models: [" + models.list() + "]\n" : "") + yaml);
    }

    private void script(String yaml) {
        try {
            fake.follows(DrillFile.read("x.yaml", "key: " + FAKE_KEY + "\n" + yaml));
        } catch (InvalidDrill e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// The same, for programs.
    Map<String, String> environment() {
        var variables = new LinkedHashMap<String, String>();
        variables.put("FAKE_URL", fake.uri().toString());
        variables.put("FAKE_KEY", FAKE_KEY);
        variables.put("CLIENT_KEY", key);
        variables.put("OPENAI_URL", urls.openai());
        variables.put("ANTHROPIC_URL", urls.anthropic());
        variables.put("GEMINI_URL", urls.gemini());
        variables.put("OPENAI_MODEL", models.openai());
        variables.put("ANTHROPIC_MODEL", models.anthropic());
        variables.put("GEMINI_MODEL", models.gemini());
        variables.put("OPENAI_EMBEDDING_MODEL", models.embedding());
        variables.put("GEMINI_EMBEDDING_MODEL", models.geminiEmbedding());
        variables.put("BEHIND", behind);
        variables.put("DIRECT", direct ? "yes" : "no");
        return variables;
    }

    @Override
    public String toString() {
        return direct
                ? "straight"
                : behind.equals("same")
                        ? "gateway, own wire behind"
                        : "gateway, " + behind + " behind";
    }
}
