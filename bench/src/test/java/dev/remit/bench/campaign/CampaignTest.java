package dev.remit.bench.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A short campaign with a fixed seed: three servers and a PostgreSQL, in namespaces where they are
/// possible.
@Tag("slow")
class CampaignTest {
    @Test
    void a_short_campaign_finds_nothing() {
        var said = new ByteArrayOutputStream();
        var both = new PrintStream(said, true, UTF_8);
        var words = new java.util.ArrayList<>(List.of("--seed", "7", "--minutes", "0.5"));
        if (!canHaveNamespaces()) {
            System.out.println("campaign: " + Namespaces.WITHOUT);
            words.add("--no-netns");
        }
        int code = Campaign.run(words.toArray(new String[0]), both, both);
        assertThat(code).as(said.toString(UTF_8)).isZero();
        assertThat(said.toString(UTF_8)).contains("campaign seed 7:").contains("0 lost");
    }

    private static boolean canHaveNamespaces() {
        try (var network = Namespaces.make(1)) {
            return network.canBreak();
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
