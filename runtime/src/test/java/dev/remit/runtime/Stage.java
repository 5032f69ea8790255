package dev.remit.runtime;

import dev.remit.core.agent.Definition;
import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.model.Family;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.model.ModelTarget;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.secret.Redactor;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.State;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One calm node, on which sessions are played to their end with a scripted model and scripted
/// hands, on a virtual clock.
final class Stage {
    static final Principal SOMEBODY = new Principal(Principal.Kind.PERSON, "somebody");

    final Disk disk = new Disk();
    final List<ModelRequest> requests = new ArrayList<>();
    final List<Invocation> invocations = new ArrayList<>();
    Instant now = Instant.parse("2026-11-20T12:00:00Z");
    Function<ModelRequest, ModelAnswer> model = request -> says("{}");
    Function<Invocation, Ended> hands = use -> new Ended.Done(Content.derived(Json.text("ok")));
    @Nullable Money bound = new Money(10);
    @Nullable Function<ModelRequest, Money> boundOf;
    Purse purse = Purse.ofNobody();
    ModelTarget target = new ModelTarget("scripted", "m", Family.GENERIC, 0);

    private final Map<DefinitionRef, Definition> definitions = new HashMap<>();
    private final Random random = new Random(1);
    private Signals driven = new Signals();
    private final SimulatedLog log =
            new SimulatedLog(disk, "node", SimulatedLog.Weather.CALM, random, new ArrayList<>());

    Stage(Definition... cast) {
        for (var definition : cast) {
            definitions.put(definition.ref(), definition);
        }
    }

    static ModelAnswer says(String text) {
        return reply(new Message.Part.Text(text));
    }

    static ModelAnswer calls(String tool, JsonNode arguments) {
        return reply(new Message.Part.ToolUse("call", tool, arguments));
    }

    static ModelAnswer reply(Message.Part... parts) {
        return new ModelAnswer.Reply(
                "scripted",
                "m",
                new Message(Message.Role.ASSISTANT, List.of(parts)),
                ModelAnswer.Stop.END,
                new Usage(10, 0, 0, 5, 0),
                new Money(7),
                Duration.ZERO,
                Duration.ZERO);
    }

    /// The same, as a provider that counts three bytes a token would tell it.
    static ModelAnswer counted(ModelRequest request, ModelAnswer answer) {
        var reply = (ModelAnswer.Reply) answer;
        long tokens = Json.write(Json.tree(request.messages())).length() / 3;
        return new ModelAnswer.Reply(
                reply.provider(),
                reply.model(),
                reply.message(),
                reply.stop(),
                new Usage(tokens, 0, 0, 5, 0),
                reply.cost(),
                reply.firstToken(),
                reply.total());
    }

    static ModelAnswer fails(ModelAnswer.Kind kind) {
        return new ModelAnswer.Failure("scripted", "m", kind, "it failed", null, Usage.NONE, null);
    }

    SessionId open(Definition definition, JsonNode input) {
        return open(definition, input, null, Duration.ofHours(1));
    }

    SessionId open(Definition definition, JsonNode input, @Nullable Money budget, Duration time) {
        return open(definition, input, budget, time, null);
    }

    SessionId open(
            Definition definition,
            JsonNode input,
            @Nullable Money budget,
            Duration time,
            Event.@Nullable Payer payer) {
        var id = SessionId.random(now, random);
        disk.open(
                new SessionLog.Opening(
                        id,
                        new Event.Opened(
                                definition.ref(),
                                Content.derived(input),
                                List.of(SOMEBODY),
                                null,
                                ModelChoice.rehearsal(1),
                                now.plus(time),
                                budget,
                                null,
                                payer),
                        now,
                        null));
        return id;
    }

    void send(SessionId id, Mail mail) {
        disk.send(id, mail);
        driven.post(new Signal.Woken());
    }

    State state(SessionId id) {
        return disk.load(id);
    }

    /// Those who were given work, in that order.
    List<SessionId> children(SessionId id) {
        return events(id).stream()
                .filter(Event.Delegated.class::isInstance)
                .map(event -> ((Event.Delegated) event).child())
                .toList();
    }

    List<Event> events(SessionId id) {
        return disk.rows.get(id).events.stream().map(Recorded::event).toList();
    }

    /// Drives whatever is ready until nothing is, moving the clock to the next due time, but not
    /// past `until`.
    void play(Instant until) {
        for (int i = 0; i < 1_000_000; i++) {
            var ready = disk.ready(now);
            if (!ready.isEmpty()) {
                drive(ready.getFirst());
                continue;
            }
            var due = disk.nextDue();
            if (due.isEmpty() || due.get().isAfter(until)) {
                return;
            }
            now = due.get().isAfter(now) ? due.get() : now;
        }
        throw new AssertionError("this play never ends");
    }

    void play() {
        play(now.plus(Duration.ofMinutes(30)));
    }

    private void drive(SessionId id) {
        if (!(log.claim(id) instanceof SessionLog.Claim.Claimed claimed)) {
            throw new AssertionError("ready, and not to be claimed: " + id);
        }
        var loaded = log.load(id);
        var definition = definitions.get(loaded.state().opened().definition());
        var signals = new Signals();
        driven = signals;
        var tasks = new ArrayDeque<Runnable>();
        var drive =
                new Drive(
                        parts(),
                        (name, task) -> {
                            tasks.add(task);
                            return () -> {};
                        },
                        claimed,
                        loaded,
                        definition,
                        Engine.brain(definition, parts().redactor()),
                        signals,
                        true,
                        sent -> {},
                        () -> false);
        while (!(drive.advance(signals.drain()) instanceof Drive.Turn.Over)) {
            if (tasks.isEmpty()) {
                throw new AssertionError("waits, and nothing is under way");
            }
            tasks.removeFirst().run();
        }
    }

    Parts parts() {
        return new Parts(
                log,
                definitions::get,
                new Scripted(),
                use -> {
                    invocations.add(use);
                    return hands.apply(use);
                },
                new Untouched(),
                () -> now,
                random,
                Parts.Progress.NONE,
                purse);
    }

    private final class Scripted implements ModelProvider {
        @Override
        public ModelAnswer call(ModelRequest request, LongConsumer tokensSoFar) {
            requests.add(request);
            return model.apply(request);
        }

        @Override
        public ModelTarget target(ModelChoice choice, String route) {
            return target;
        }

        @Override
        public Optional<Money> bound(ModelRequest request) {
            return Optional.ofNullable(boundOf == null ? bound : boundOf.apply(request));
        }
    }

    /// Nothing in these plays is secret, unless it is called so.
    private static final class Untouched implements Redactor {
        @Override
        public JsonNode redact(JsonNode value) {
            return Json.parse(redact(Json.write(value)));
        }

        @Override
        public String redact(String text) {
            return text.replace("hunter2", "[redacted]");
        }
    }
}
