package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Two servers, each a process of its own, on one PostgreSQL: one of them is paused past its lease,
/// drained, or both are restarted one after the other while sessions keep coming. A node that is
/// killed: see [PlugDurability]. The witnesses are the lines in the nodes' files.
@Tag("slow")
class NodesTest extends TwoServers {
    private static final long SECONDS = 60;

    private static void within(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /// The nodes that are not fenced, by what they say of themselves.
    private static List<JsonNode> living(ApiClient client) {
        return client.get("/v1/nodes")
                .expect(200)
                .body()
                .path("items")
                .valueStream()
                .filter(node -> !node.path("fenced").asBoolean(true))
                .toList();
    }

    private static JsonNode itself(ApiClient client) {
        return living(client).stream()
                .filter(node -> node.path("this").asBoolean(false))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_node_that_is_paused_past_its_lease_loses_its_sessions_and_joins_again()
            throws Exception {
        try (var one = a.client();
                var other = b.client()) {
            accepted.addAll(Scribes.opened(one));
            accepted.addAll(Scribes.opened(other));
            b.signal("STOP");
            accepted.addAll(Scribes.opened(one));
            Scribes.allEnd(one, homes(), accepted, 0);
            assertThat(living(one)).hasSize(1);

            b.signal("CONT");
            within(() -> living(one).size() == 2, "it joins again");
            within(() -> serves(other), "and answers");
            accepted.addAll(Scribes.opened(other));
            Scribes.allEnd(one, homes(), accepted, 0);
        }
        Scribes.eachLineOnce(homes(), accepted, 0);
    }

    private static boolean serves(ApiClient client) {
        try {
            return client.get("/v1/sessions?limit=1").status() == 200;
        } catch (AssertionError refused) {
            return false; // between two runs nobody listens
        }
    }

    @Test
    void a_drained_node_hands_its_sessions_over_and_takes_none_until_it_is_resumed()
            throws Exception {
        try (var one = a.client();
                var other = b.client()) {
            accepted.addAll(Scribes.opened(other));
            var id = itself(other).path("id").asString();
            one.post("/v1/nodes/" + id + ":drain", Json.object()).expect(202);
            within(
                    () -> {
                        var now = itself(other);
                        return now.path("status").asString().equals("draining")
                                && now.path("sessions").asInt(1) == 0;
                    },
                    "it owns nothing any more");
            within(() -> drivenBy(other) == 0, "within a second it hears of it, and takes none");
            assertThat(drivenBy(other)).isZero();
            nothingWasInDoubt(one);

            one.post("/v1/nodes/" + id + ":resume", Json.object()).expect(202);
            within(() -> itself(other).path("status").asString().equals("serving"), "it serves");
            within(() -> drivenBy(other) > 0, "it takes sessions again");
        }
        Scribes.eachLineOnce(homes(), accepted, 0);
    }

    /// Opens some more at this node, the second one, until they have ended.
    ///
    /// @return how many of their lines the second node has written
    private long drivenBy(ApiClient client) {
        var more = Scribes.opened(client);
        accepted.addAll(more);
        try {
            Scribes.allEnd(client, homes(), more, 0);
            return Scribes.written(folder.resolve("b"), more);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void servers_are_restarted_one_after_the_other_and_whoever_comes_meanwhile_is_served()
            throws Exception {
        var over = new AtomicBoolean();
        var load = Thread.ofPlatform().name("load").start(() -> keepOpening(over, 0));
        for (var node : List.of(a, b)) {
            int before = accepted.size();
            within(() -> accepted.size() >= before + 5, "sessions come");
            assertThat(node.stop()).isEqualTo(143);
            within(() -> accepted.size() >= before + 10, "the other one takes them");
            node.start();
        }
        int before = accepted.size();
        within(() -> accepted.size() >= before + 5, "sessions come");
        over.set(true);
        load.join();
        try (var client = a.client()) {
            Scribes.allEnd(client, homes(), accepted, 0);
            nothingWasInDoubt(client);
        }
        Scribes.eachLineOnce(homes(), accepted, 0);
    }

    private void nothingWasInDoubt(ApiClient client) {
        for (var id : new ArrayList<>(accepted)) {
            var types =
                    client.follow(id, 0, sent -> sent.type().equals("closed")).stream()
                            .map(ApiClient.Sent::type);
            assertThat(types).as("events of %s", id).doesNotContain("action_in_doubt");
        }
    }
}
