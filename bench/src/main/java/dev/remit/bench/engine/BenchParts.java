package dev.remit.bench.engine;

import dev.remit.core.agent.Definition;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.money.Money;
import dev.remit.core.secret.Redactor;
import dev.remit.core.session.SessionLog;
import dev.remit.core.tool.Invoker;
import dev.remit.runtime.Parts;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;

/// The driver's surroundings where no model is called: what is measured is the engine.
final class BenchParts {
    /// The results of the benchmark's tools hold no secrets.
    private static final Redactor NOTHING_SECRET =
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

    private static final ModelProvider NO_MODELS =
            new ModelProvider() {
                @Override
                public ModelAnswer call(ModelRequest request, LongConsumer tokensSoFar) {
                    throw new IllegalStateException("the benchmark asks no model");
                }

                @Override
                public Optional<Money> bound(ModelRequest request) {
                    return Optional.of(Money.ZERO);
                }
            };

    private BenchParts() {}

    static Parts of(SessionLog log, List<? extends Definition> definitions, Invoker hands) {
        return new Parts(
                log,
                ref ->
                        definitions.stream()
                                .filter(d -> d.ref().equals(ref))
                                .findFirst()
                                .orElseThrow(() -> new NoSuchElementException(ref.toString())),
                NO_MODELS,
                hands,
                NOTHING_SECRET,
                InstantSource.system(),
                new Random(),
                Parts.Progress.NONE);
    }
}
