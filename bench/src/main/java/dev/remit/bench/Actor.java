package dev.remit.bench;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.secret.Redactor;
import dev.remit.core.session.SessionLog.Accepted;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import dev.remit.core.tool.Invoker;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool;
import dev.remit.runtime.Engine;
import dev.remit.runtime.OpenRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;

/// A model that asks for one tool call after the other, and the tool; both answer at once. It goes
/// on as far as it is told and then holds its breath.
final class Actor implements ModelProvider, Invoker {
    /// Its answers hold no secrets.
    static final Redactor NOTHING_SECRET =
            new Redactor() {
                @Override
                public JsonNode redact(JsonNode value) {
                    return value;
                }

                @Override
                public String redact(String text) {
                    return text;
                }
            };

    private static final Tool TOOL =
            new Tool(
                    "bench.tool",
                    "answers at once",
                    Tier.READ,
                    Json.object().put("type", "object"),
                    true,
                    Duration.ofSeconds(10),
                    1,
                    new Tool.Means.Function("bench.tool"));

    /// The window is full soon: what is measured is the log, not the growth of the prompt.
    private static final int CONTEXT_TOKENS = 4_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<SessionId, Turns> sessions = new HashMap<>();

    /// How far a session may go, and how far it came. Guarded by the lock.
    private static final class Turns {
        int allowed;
        int reached;
    }

    AgentDefinition definition() {
        return new AgentDefinition(
                "actor",
                Hash.of("actor"),
                "uses a tool for ever",
                null,
                null,
                null,
                "fast",
                "Use the tool.",
                null,
                null,
                List.of(new AgentDefinition.Grant(TOOL.name(), Map.of(), null)),
                List.of(),
                AgentDefinition.OnTrouble.ESCALATE,
                null,
                new AgentDefinition.Limits(
                        1_000_000, Duration.ofDays(1), 1_000_000, 64, 2, 1_000, CONTEXT_TOKENS),
                List.of(),
                null,
                null,
                Map.of(TOOL.name(), TOOL),
                Map.of(),
                null);
    }

    @SuppressWarnings("NullAway") // which overlooks @Nullable on a nested type in a class file
    SessionId open(Engine engine) {
        var accepted =
                engine.open(
                        new OpenRequest(
                                definition(),
                                Content.derived(Json.text("go")),
                                List.of(new Principal(Principal.Kind.PERSON, "bench")),
                                ModelChoice.rehearsal(1),
                                null,
                                null,
                                null));
        return ((Accepted.New) accepted).id();
    }

    /// Lets a session go on until it asks for that turn, and waits for that.
    Duration playTo(SessionId id, int turn) throws InterruptedException {
        lock.lock();
        try {
            long start = System.nanoTime();
            var turns = turns(id);
            turns.allowed = turn;
            changed.signalAll();
            long left = Growth.PATIENCE.toNanos();
            while (turns.reached < turn) {
                left = changed.awaitNanos(left);
                if (left <= 0) {
                    throw new IllegalStateException("session " + id + " stands still");
                }
            }
            return Duration.ofNanos(System.nanoTime() - start);
        } finally {
            lock.unlock();
        }
    }

    private Turns turns(SessionId id) {
        return sessions.computeIfAbsent(id, i -> new Turns());
    }

    @Override
    public ModelAnswer call(ModelRequest request, LongConsumer tokensSoFar)
            throws InterruptedException {
        awaitTurn(request.session(), request.turn());
        var arguments = Json.object().put("n", request.turn()).put("text", "x".repeat(500));
        var message =
                new Message(
                        Message.Role.ASSISTANT,
                        List.of(
                                new Message.Part.ToolUse(
                                        "call-" + request.turn(), TOOL.name(), arguments)));
        return new ModelAnswer.Reply(
                ModelChoice.REHEARSAL,
                "bench",
                message,
                ModelAnswer.Stop.TOOL_USE,
                new Usage(100, 0, 0, 10, 0),
                Money.ZERO,
                Duration.ZERO,
                Duration.ZERO);
    }

    private void awaitTurn(SessionId id, int turn) throws InterruptedException {
        lock.lock();
        try {
            var turns = turns(id);
            turns.reached = turn;
            changed.signalAll();
            while (turns.allowed <= turn) {
                if (!changed.await(Growth.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new InterruptedException("nobody wants more");
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Money> bound(ModelRequest request) {
        return Optional.of(Money.ZERO);
    }

    @Override
    public Ended invoke(Invocation invocation) {
        var text = invocation.action() + " " + "y".repeat(500);
        return new Ended.Done(Content.derived(Json.text(text)));
    }
}
