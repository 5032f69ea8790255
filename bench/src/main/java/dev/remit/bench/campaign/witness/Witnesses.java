package dev.remit.bench.campaign.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;

/// The process of the witnesses. Listens for moods on standard input, one a line, such as `models
/// 429` or `effects flaky`; ends with it.
public final class Witnesses {
    private Witnesses() {}

    /// @param args folder of the journals, port of the models, port of the effects, seed
    public static void main(String[] args) throws IOException {
        var folder = Path.of(args[0]);
        long seed = Long.parseLong(args[3]);
        var models = new Models(folder, seed);
        var effects = new Effects(folder, seed + 1);
        try (var _ = new Service(Integer.parseInt(args[1]), models::on);
                var _ = new Service(Integer.parseInt(args[2]), effects::on);
                var orders = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            System.out.println("ready");
            for (var order = orders.readLine(); order != null; order = orders.readLine()) {
                var words = order.split(" ", 2);
                if (words[0].equals("models")) {
                    models.mood(words[1]);
                } else {
                    effects.mood(words[1]);
                }
            }
        }
        System.exit(0);
    }
}
