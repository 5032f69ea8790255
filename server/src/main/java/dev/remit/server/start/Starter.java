package dev.remit.server.start;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.json.Content;
import dev.remit.core.json.Schema;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.secret.Redactor;
import dev.remit.core.session.SessionLog.Opening;
import dev.remit.core.settings.Settings;
import dev.remit.runtime.Engine;
import dev.remit.runtime.OpenRequest;
import dev.remit.server.catalog.Catalog;
import dev.remit.store.start.Opener;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes sessions of what schedules and events ask for: the newest version of the agent, an input
/// that it takes, models that the server has.
public final class Starter {
    private final Catalog catalog;
    private final Engine engine;
    private final Redactor redactor;
    private final Supplier<Settings> settings;

    public Starter(Catalog catalog, Engine engine, Redactor redactor, Supplier<Settings> settings) {
        this.catalog = catalog;
        this.engine = engine;
        this.redactor = redactor;
        this.settings = settings;
    }

    /// Looks the agent up now, so that nothing needs the database while a transaction is open.
    public Opener of(String agent) {
        var newest = catalog.newest(agent);
        return wish -> open(agent, newest, wish);
    }

    private Opening open(String agent, Optional<Definition> newest, Opener.Wish wish)
            throws Opener.Refused {
        var definition =
                newest.orElseThrow(() ->
                        new Opener.Refused("there is no agent or workflow " + agent + " any more"));
        var wrong = wrong(definition, wish);
        if (wrong.isPresent()) {
            throw new Opener.Refused(agent + " does not take the input: " + wrong.get());
        }
        return engine.opening(request(definition, wish));
    }

    // NullAway does not see in a class file that a nested type, as in OpenRequest, may be null.
    @SuppressWarnings("NullAway")
    private OpenRequest request(Definition definition, Opener.Wish wish) {
        return new OpenRequest(
                definition,
                Content.clean(wish.input(), redactor),
                wish.cause(),
                models(wish.models()),
                null,
                null,
                wish.key());
    }

    /// What nobody chose goes by the server's routes, where there are any.
    private ModelChoice models(@Nullable ModelChoice chosen) {
        if (chosen != null) {
            return chosen;
        }
        return settings.get().routes().isEmpty()
                ? ModelChoice.rehearsal(0)
                : new ModelChoice(ModelChoice.GATEWAY, null, null, 0);
    }

    private Optional<String> wrong(Definition definition, Opener.Wish wish) {
        var schema =
                switch (definition) {
                    case AgentDefinition a -> a.input();
                    case WorkflowDefinition w -> w.input();
                };
        if (schema == null) {
            return Optional.empty();
        }
        return Schema.compile(schema).check(wish.input()).stream()
                .findFirst()
                .map(fault ->
                        redactor.redact(
                                (fault.pointer().isEmpty() ? "/" : fault.pointer())
                                        + ": "
                                        + fault.wrong()));
    }
}
