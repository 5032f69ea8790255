package dev.remit.server;

import dev.remit.store.database.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The plug is pulled, again and again, at random moments: promises 2, 3 and 4 with real servers, a
/// real PostgreSQL and real `kill -9`, whoever dispatches. The witnesses are files of lines that
/// share no code with the driver: what is in them happened.
public abstract class PlugDurability {
    @TempDir Path folder;

    /// What servers are started with, beside their home.
    protected abstract String[] arguments();

    /// How often the plug is pulled.
    protected abstract int kills();

    @Test
    void nothing_is_lost_and_nothing_is_done_twice_however_often_the_plug_is_pulled()
            throws Exception {
        long seed = Long.getLong("remit.seed", 20261120L);
        var random = new Random(seed);
        var accepted = new ArrayList<String>();
        var home = folder.resolve("home");
        try (var server = new ServerProcess(home, folder.resolve("output"))) {
            for (int kill = 0; kill < kills(); kill++) {
                server.start(arguments());
                try (var client = server.client()) {
                    client.apply(Scribes.scribe()).expect(200);
                    accepted.addAll(Scribes.opened(client));
                    server.waitOrEnd(random.nextInt(700));
                }
                server.kill();
            }
            server.start(arguments());
            try (var client = server.client()) {
                Scribes.allEnd(client, List.of(home), accepted, seed);
            }
        }
        Scribes.eachLineOnce(List.of(home), accepted, seed);
    }

    @Test
    void of_two_nodes_the_other_goes_on_when_one_is_killed() throws Exception {
        long seed = Long.getLong("remit.seed", 20261121L);
        var random = new Random(seed);
        var accepted = new ArrayList<String>();
        var homes = List.of(folder.resolve("a"), folder.resolve("b"));
        try (var postgres = EmbeddedPostgres.start(folder.resolve("db/postgres"));
                var stays = node(homes.getFirst(), postgres);
                var dies = node(homes.getLast(), postgres)) {
            stays.start(arguments());
            try (var client = stays.client()) {
                client.apply(Scribes.scribe()).expect(200);
                for (int kill = 0; kill < 2; kill++) {
                    dies.start(arguments());
                    accepted.addAll(Scribes.opened(client));
                    try (var other = dies.client()) {
                        accepted.addAll(Scribes.opened(other));
                    }
                    dies.waitOrEnd(random.nextInt(700));
                    dies.kill();
                }
                Scribes.allEnd(client, homes, accepted, seed);
            }
        } finally {
            Leftovers.delete(folder.resolve("db"));
        }
        Scribes.eachLineOnce(homes, accepted, seed);
    }

    private ServerProcess node(Path home, EmbeddedPostgres postgres) {
        return new ServerProcess(
                home,
                folder.resolve(home.getFileName() + ".output"),
                Map.of("REMIT_DATABASE_URL", postgres.address().toUrl()));
    }
}
