package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.session.Event;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.UnknownDefinition;
import dev.remit.core.session.Waiting;
import dev.remit.core.text.Fault;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The engine with the dispatcher that needs nothing but the log.
class EngineTest extends EngineDurability {
    @Override
    protected Dispatching dispatcher(String node) {
        return Dispatching.local();
    }

    /// Looking only now and then, the last of them would come after more than a minute.
    @Test
    void whoever_waits_for_a_place_is_driven_soon_after_one_comes_free() {
        var all = new ArrayList<SessionId>();
        engine = node("node", inTurns(new OneAtATime("node")));
        for (int i = 0; i < 100; i++) {
            all.add(open());
        }
        within(() -> all.stream().allMatch(id -> state(id).isClosed()), "all are driven");
    }

    /// A log whose queue gives nobody a place while another session is under way.
    private final class OneAtATime extends SimulatedLog {
        OneAtATime(String node) {
            super(disk, node, Weather.CALM, new Random(1), new ArrayList<>());
        }

        @Override
        public Begun begin(Opening opening, boolean drive) {
            return super.begin(opening, false);
        }

        @Override
        public List<Claim.Claimed> take(Instant now, int most, Set<SessionId> without) {
            return held().isEmpty() ? super.take(now, 1, without) : List.of();
        }

        @Override
        public Outlook outlook() {
            return new Outlook(Optional.empty(), !ready(Instant.now(), 1).isEmpty());
        }
    }

    @Test
    void a_session_that_a_newer_program_wrote_to_is_left_to_it_as_it_is() {
        start(request -> Stage.says("{}"));
        engine.close();
        var id = SessionId.random(InstantSource.system().instant(), new Random(3));
        var now = InstantSource.system().instant();
        disk.newer.add(id);
        disk.open(
                new SessionLog.Opening(
                        id,
                        new Event.Opened(
                                AGENT.ref(),
                                Content.derived(Json.object()),
                                List.of(Stage.SOMEBODY),
                                null,
                                ModelChoice.rehearsal(1),
                                null,
                                null,
                                null),
                        now,
                        null));
        start(request -> Stage.says("{}"));
        within(() -> epoch(id) > 0, "it was looked at");
        within(() -> isFree(id), "it was given back");
        long looked = epoch(id);
        engine.wake(id);
        engine.wake(id);
        assertThat(epoch(id)).as("and is not claimed in a hot circle").isLessThan(looked + 3);
        synchronized (disk) {
            assertThat(disk.rows.get(id).events).as("nothing was written").hasSize(1);
        }
        engine.close();
        disk.newer.remove(id);
        start(request -> Stage.says("{}")); // the newer program
        within(() -> state(id).isClosed(), "it goes on where it was");
    }

    @Test
    void a_session_whose_agent_only_another_build_can_read_is_left_to_it() {
        definitions =
                ref -> {
                    throw new UnknownDefinition(
                            ref, new Fault("agent.yaml", 3, 1, "no such field", ""));
                };
        start(request -> Stage.says("{}"));
        var id = open();
        within(() -> epoch(id) > 0, "it was looked at");
        within(() -> isFree(id), "it was given back");
        engine.wake(id);
        assertThat(state(id).waiting()).as("nobody is asked for help").isNull();
        definitions = ref -> AGENT;
        node("newer", log("newer"));
        within(() -> state(id).isClosed(), "the other build takes it up");
    }

    @Test
    void a_node_that_is_alone_asks_a_person_about_an_agent_that_it_cannot_read() {
        disk.alone = true;
        definitions =
                ref -> {
                    throw new UnknownDefinition(
                            ref, new Fault("agent.yaml", 3, 1, "no such field", ""));
                };
        start(request -> Stage.says("{}"));
        var id = open();
        within(() -> state(id).waiting() instanceof Waiting.Trouble, "it says so");
    }

    private long epoch(SessionId id) {
        synchronized (disk) {
            return disk.rows.get(id).epoch;
        }
    }

    private boolean isFree(SessionId id) {
        synchronized (disk) {
            var row = disk.rows.get(id);
            return row.owner.isEmpty() && row.ready;
        }
    }
}
