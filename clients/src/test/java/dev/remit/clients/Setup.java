package dev.remit.clients;

import dev.remit.gateway.fake.DrillFile;
import dev.remit.gateway.fake.FakeVendor;
import dev.remit.gateway.fake.InvalidDrill;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where clients call, and the fake provider that is asked in the end.
///
/// @param behind the vendor whose wire the fake is called in; `same` for each client's own
/// @param direct whether nothing stands between the clients and the fake
/// @param key what the clients send
/// @param closing ends what stands between
record Setup(
        String behind,
        boolean direct,
        FakeVendor fake,
        String key,
        String openai,
        String anthropic,
        String gemini,
        Runnable closing) {
    static final String FAKE_KEY = "sk-fake-0123456789abcdef";
    static final String OPENAI_MODEL = "gpt-4.1";
    static final String ANTHROPIC_MODEL = "claude-sonnet-4-5";

    /// The clients call the fake itself.
    static Setup straight() throws IOException {
        var fake = FakeVendor.start();
        var url = fake.uri().toString();
        return new Setup("same", true, fake, FAKE_KEY, url + "/v1", url, url, () -> {});
    }

    /// Whether a vendor's own endpoints are there in the end.
    boolean isBehind(String vendor) {
        return behind.equals("same") || behind.equals(vendor);
    }

    /// Gives the fake another script.
    ///
    /// @param yaml besides its key
    void follow(String yaml) {
        var models = direct ? "models: [" + OPENAI_MODEL + ", " + ANTHROPIC_MODEL + ", emb]\n" : "";
        try {
            fake.follows(DrillFile.read("x.yaml", "key: " + FAKE_KEY + "\n" + models + yaml));
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
        variables.put("OPENAI_URL", openai);
        variables.put("ANTHROPIC_URL", anthropic);
        variables.put("GEMINI_URL", gemini);
        variables.put("BEHIND", behind);
        variables.put("DIRECT", direct ? "yes" : "no");
        return variables;
    }

    // not closeable: JUnit would close an argument after its first test
    void end() {
        closing.run();
        fake.close();
    }

    @Override
    public String toString() {
        return direct ? "straight" : "through the gateway, " + behind + " behind";
    }
}
