package dev.remit.runtime;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.Layout;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import dev.remit.core.tool.Invoker;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool;
import dev.remit.core.tool.ToolPrice;
import dev.remit.core.tool.ToolPrices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who plays in the simulated world: agents, workflows, a model that does as it likes, and hands
/// whose every effect is seen by a witness.
final class Cast {
    private Cast() {}

    static Tool tool(String name, boolean idempotent) {
        return new Tool(
                name,
                "does something that is counted",
                Tier.WRITE_WITH_EVIDENCE,
                Json.object().put("type", "object"),
                idempotent,
                Duration.ofSeconds(20),
                3,
                idempotent ? 2 : 0, // at once
                null,
                new Tool.Means.Function(name));
    }

    /// What they cost where somebody says that they do.
    static final ToolPrices PRICES =
            new ToolPrices(
                    Map.of(
                            "effect.again",
                            ToolPrice.of(new Money(2)),
                            "effect.*",
                            new ToolPrice(
                                    new Money(6), new ToolPrice.Reported("/cost", new Money(1)))));

    private static final Map<String, Tool> TOOLS =
            Stream.of(tool("effect.once", false), tool("effect.again", true))
                    .collect(Collectors.toUnmodifiableMap(Tool::name, t -> t));

    /// Whose window is so small that it is edited again and again.
    static final String TALKER = "talker";

    static AgentDefinition agent(String name) {
        return agent(name, Hash.of(name));
    }

    private static AgentDefinition agent(String name, Hash version) {
        return name.equals(TALKER) ? agent(name, version, 20, 150) : agent(name, version, 8, 700);
    }

    private static AgentDefinition agent(String name, Hash version, int turns, int contextTokens) {
        return new AgentDefinition(
                name,
                version,
                "an agent",
                null,
                null,
                null,
                "capable",
                "Do it.",
                null,
                Json.parse("{\"type\":\"object\"}"),
                TOOLS.keySet().stream()
                        .sorted()
                        .map(t -> new AgentDefinition.Grant(t, Map.of(), null))
                        .toList(),
                List.of(),
                AgentDefinition.OnTrouble.ESCALATE,
                null,
                new AgentDefinition.Limits(
                        turns, Duration.ofHours(1), 1000, 64, 2, 1000, contextTokens),
                List.of(),
                null,
                null,
                TOOLS,
                Map.of(),
                null);
    }

    static List<Definition> definitions() {
        var one = agent("one");
        var two = agent("two");
        var agents = Map.of("one", one.ref(), "two", two.ref());
        var keep =
                workflow(
                        "keep",
                        agents,
                        List.of(
                                new WorkflowStep.Parallel(
                                        List.of(step("one"), step("two"), use("a", "effect.once")),
                                        WorkflowStep.IfOneFails.KEEP_OTHERS),
                                use("b", "effect.again"),
                                use("c", "effect.once")));
        var stop =
                workflow(
                        "stop",
                        agents,
                        List.of(
                                new WorkflowStep.Parallel(
                                        List.of(
                                                step("one"),
                                                new WorkflowStep.Sequence(
                                                        List.of(
                                                                use("a", "effect.again"),
                                                                step("two")))),
                                        WorkflowStep.IfOneFails.STOP)));
        return Stream.of(
                        agent(TALKER),
                        one,
                        two,
                        keep,
                        stop,
                        Waits.asks(agents),
                        Waits.checks(agents, WorkflowStep.IfOneFails.KEEP_OTHERS),
                        Waits.checks(agents, WorkflowStep.IfOneFails.STOP))
                .flatMap(Cast::bothVersions)
                .toList();
    }

    /// Another version of the same: it has the same steps.
    static DefinitionRef moved(DefinitionRef of) {
        boolean first = of.version().equals(Hash.of(of.name()));
        return new DefinitionRef(
                of.name(), first ? Hash.of(of.name() + ", changed") : Hash.of(of.name()));
    }

    private static Stream<Definition> bothVersions(Definition definition) {
        return Stream.of(
                definition,
                switch (definition) {
                    case AgentDefinition a -> agent(a.name(), moved(a.ref()).version());
                    case WorkflowDefinition w ->
                            new WorkflowDefinition(
                                    w.name(),
                                    moved(w.ref()).version(),
                                    w.description(),
                                    w.input(),
                                    w.steps(),
                                    w.output(),
                                    w.answer(),
                                    w.sessionBudget(),
                                    w.deadline(),
                                    w.agents(),
                                    w.workflows(),
                                    w.tools());
                });
    }

    static WorkflowStep step(String agent) {
        return new WorkflowStep.Agent(agent, agent, null);
    }

    private static WorkflowStep use(String name, String tool) {
        return new WorkflowStep.Do(
                name, tool, Json.object().put("step", name).put("evidence", "the graph says so"));
    }

    static WorkflowDefinition workflow(
            String name, Map<String, DefinitionRef> agents, List<WorkflowStep> steps) {
        return new WorkflowDefinition(
                name,
                Hash.of(name),
                "a workflow",
                null,
                steps,
                List.of(),
                Json.object(), // merged, the answers of the tools would clash
                null,
                Duration.ofHours(5),
                agents,
                Map.of(),
                TOOLS);
    }

    /// Calls tools for a few turns, then answers; fails in every way a provider can.
    ///
    /// @param invoice what each call costs, as the provider writes it down: by the session
    record Model(Random random, BooleanSupplier calm, Map<SessionId, Integer> invoice)
            implements ModelProvider {
        @Override
        public ModelAnswer call(ModelRequest request, LongConsumer tokensSoFar) {
            if (!calm.getAsBoolean() && random.nextInt(5) == 0) {
                var kinds = ModelAnswer.Kind.values();
                return new ModelAnswer.Failure(
                        "simulated",
                        "m",
                        kinds[random.nextInt(kinds.length)],
                        "simulated failure",
                        random.nextBoolean() ? Duration.ofSeconds(random.nextInt(30)) : null,
                        Usage.NONE,
                        null);
            }
            invoice.merge(request.session(), 3, Integer::sum);
            var parts = new ArrayList<Message.Part>();
            int talks = request.agent().equals(TALKER) ? 14 : 4;
            boolean compacting = request.layout().purpose() == Layout.Purpose.COMPACTION;
            if (compacting && random.nextInt(6) > 0) {
                parts.add(new Message.Part.Text("summed up in turn " + request.turn()));
            } else if (request.turn() < talks && random.nextInt(3) > 0) {
                for (int i = 0; i <= random.nextInt(3); i++) {
                    var tool = random.nextBoolean() ? "effect.once" : "effect.again";
                    parts.add(
                            new Message.Part.ToolUse(
                                    "call-" + i,
                                    tool,
                                    Json.object()
                                            .put("n", random.nextInt())
                                            .put("evidence", "I think so")));
                }
            } else {
                var bad = random.nextInt(10) == 0;
                parts.add(
                        new Message.Part.Text(bad ? "no JSON" : "{\"n\":" + request.turn() + "}"));
            }
            return new ModelAnswer.Reply(
                    "simulated",
                    "m",
                    new Message(Message.Role.ASSISTANT, parts),
                    ModelAnswer.Stop.END,
                    new Usage(10, 0, 0, 5, 0),
                    new Money(3),
                    Duration.ZERO,
                    Duration.ZERO);
        }

        @Override
        public Optional<Money> bound(ModelRequest request) {
            return Optional.of(new Money(10));
        }
    }

    /// Every effect is written into the witness's list before its end is told.
    record Hands(Random random, List<String> effects, BooleanSupplier calm) implements Invoker {
        @Override
        public Ended invoke(Invocation invocation) {
            int dice = calm.getAsBoolean() ? 0 : random.nextInt(10);
            // Who knows a key answers as before: that is what makes it idempotent.
            if (dice == 9 && !effects.contains(invocation.idempotencyKey())) {
                return new Ended.Failed(random.nextBoolean(), "refused", null);
            }
            if (dice == 8) {
                if (random.nextBoolean()) {
                    effects.add(invocation.idempotencyKey());
                }
                return new Ended.Unknown("cut");
            }
            effects.add(invocation.idempotencyKey());
            return new Ended.Done(
                    Content.derived(
                            Json.object()
                                    .put("done", effects.size())
                                    .put("cost", random.nextInt(7))));
        }

        /// The effect of a process that died before it could report it.
        static void unheard(Runnable task) {
            try {
                task.run();
            } catch (SimulatedLog.Crash e) {
                throw new AssertionError("a task of a dead node reached the log", e);
            }
        }
    }
}
