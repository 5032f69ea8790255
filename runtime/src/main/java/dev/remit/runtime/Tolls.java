package dev.remit.runtime;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.identity.Principal;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.Ledger;
import dev.remit.core.money.Money;
import dev.remit.core.money.Scope;
import dev.remit.core.session.ActionState;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.State;
import dev.remit.core.session.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Money for the actions of one session. It is reserved in the session's own budget, by the log,
/// and in every other budget that holds for it, before the action is written down as started.
final class Tolls {
    private static final Logger LOG = LoggerFactory.getLogger(Tolls.class);

    /// Whoever waits for a budget that others share asks again after this. If it is changed he is
    /// told, but what others give back nobody tells.
    private static final Duration ASK_AGAIN = Duration.ofMinutes(1);

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Parts parts;
    private final Definition definition;
    private final Writer writer;

    Tolls(Parts parts, Definition definition, Writer writer) {
        this.parts = parts;
        this.definition = definition;
        this.writer = writer;
    }

    /// Whether an action may begin, as far as money goes.
    sealed interface Answer {
        /// @param toll absent: it costs nothing
        record Paid(@Nullable Toll toll) implements Answer {}

        record NotNow(Later later) implements Answer {}
    }

    Answer ask(Event.ActionStarted start) throws LostClaim {
        var price = start.price();
        if (price == null) {
            return new Answer.Paid(null);
        }
        var bound = price.atMost();
        var own = Budget.of(writer.state());
        if (!own.allows(bound)) {
            return new Answer.NotNow(
                    new Later(
                            new Waiting.Budget(own.refusal("use of " + start.tool(), bound)),
                            null));
        }
        return switch (reserve(start.tool(), bound)) {
            case Ledger.Reservation reservation ->
                    new Answer.Paid(
                            new Toll(
                                    start,
                                    price,
                                    reservation,
                                    writer.fence().session(),
                                    who(),
                                    parts.clock()));
            case Ledger.Refused refused -> new Answer.NotNow(refused(start.tool(), bound, refused));
            case Ledger.Unavailable _ -> new Answer.NotNow(new Later(null, in(SOON)));
        };
    }

    private Ledger.Answer reserve(String tool, Money bound) throws LostClaim {
        try {
            return parts.purse().ledger().reserve(scopes(tool), bound, bound);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LostClaim("this node stops", true);
        }
    }

    private Later refused(String tool, Money bound, Ledger.Refused refused) {
        var renews = refused.renews();
        var why =
                "the budget of "
                        + refused.rule()
                        + " is used up: the next use of "
                        + tool
                        + " may cost up to "
                        + bound
                        + " USD, and "
                        + refused.left()
                        + " USD are left"
                        + (renews == null ? "" : " until " + renews)
                        + "; have it raised (./remit budget set "
                        + refused.rule().scope()
                        + " \"… USD/"
                        + refused.rule().window()
                        + "\") and the session goes on";
        var again = in(ASK_AGAIN);
        return new Later(
                new Waiting.Budget(why), renews != null && renews.isBefore(again) ? renews : again);
    }

    private Instant in(Duration time) {
        return parts.clock().instant().plus(time);
    }

    // ---- whose money

    private List<Scope> scopes(String tool) {
        var who = who();
        var scopes = new ArrayList<Scope>(6);
        scopes.add(Scope.ORGANISATION);
        add(scopes, Scope.Kind.TEAM, who.team());
        add(scopes, Scope.Kind.AGENT, who.agent());
        add(scopes, Scope.Kind.SESSION, who.session());
        add(scopes, Scope.Kind.KEY, who.key());
        add(scopes, Scope.Kind.TOOL, tool);
        return scopes;
    }

    private static void add(List<Scope> scopes, Scope.Kind kind, @Nullable String name) {
        if (name != null && !name.isEmpty()) {
            scopes.add(new Scope(kind, name));
        }
    }

    private Attempt.Who who() {
        var opened = writer.state().opened();
        var cause = new ArrayList<Principal>();
        cause.add(new Principal(Principal.Kind.AGENT, definition.name()));
        cause.addAll(opened.cause());
        return new Attempt.Who(
                cause,
                key(opened),
                team(definition, opened),
                definition.name(),
                writer.fence().session().toString(),
                null,
                null,
                Map.of());
    }

    /// Who pays: the owner of an agent, or else whoever opened the session.
    static @Nullable String team(Definition definition, Event.Opened opened) {
        var owner = definition instanceof AgentDefinition agent ? agent.owner() : null;
        var payer = opened.payer();
        return owner != null || payer == null ? owner : payer.team();
    }

    static @Nullable String key(Event.Opened opened) {
        var payer = opened.payer();
        return payer == null ? null : payer.key();
    }

    // ---- what was in doubt

    /// A person says whether something happened: what was kept for it is spent, or goes back.
    void resolved(Mail.Resolve resolve, State before) {
        for (var entry : before.actions().entrySet()) {
            if (entry.getValue() instanceof ActionState.InDoubt doubt
                    && (resolve.action() == null || resolve.action().equals(entry.getKey()))) {
                revise(doubt.start(), resolve);
                return;
            }
        }
    }

    private void revise(Event.ActionStarted start, Mail.Resolve resolve) {
        var price = start.price();
        if (price == null || (resolve.happened() && price.reported() != null)) {
            return; // of what happened, only the tool knew what it cost
        }
        try {
            parts.purse()
                    .ledger()
                    .revise(
                            new Ledger.Revision(
                                    Toll.call(writer.fence().session(), start),
                                    start.attempt(),
                                    resolve.happened() ? price.atMost() : Money.ZERO,
                                    resolve.happened() ? Attempt.End.ANSWERED : Attempt.End.FAILED,
                                    resolve.by()
                                            + " says that it "
                                            + (resolve.happened()
                                                    ? "happened"
                                                    : "did not happen")));
        } catch (RuntimeException e) {
            LOG.warn(
                    "what action {} of session {} cost stays in doubt: {}",
                    start.action(),
                    writer.fence().session(),
                    e.toString());
        }
    }
}
