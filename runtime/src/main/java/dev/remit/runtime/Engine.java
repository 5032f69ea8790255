package dev.remit.runtime;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.brain.Brain;
import dev.remit.core.brain.ModelLoop;
import dev.remit.core.brain.WorkflowGraph;
import dev.remit.core.identity.SessionId;
import dev.remit.core.money.Money;
import dev.remit.core.secret.Redactor;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.SessionLog.Accepted;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sessions on this node: opened, spoken to, and carried forward.
public final class Engine implements AutoCloseable {
    private final Parts parts;
    private final Dispatching dispatcher;
    private final Driver driver;

    /// One whose sessions are dispatched in this JVM.
    public Engine(Parts parts) {
        this(parts, Dispatching.local());
    }

    /// @param dispatcher decides when and on which node a session is driven; ended with the engine
    public Engine(Parts parts, Dispatching dispatcher) {
        this.parts = parts;
        this.dispatcher = dispatcher;
        this.driver = new Driver(parts, dispatcher);
    }

    /// Begins to carry sessions forward, those included that earlier nodes left behind.
    public void start() {
        dispatcher.start(driver);
    }

    /// Wakes sessions of this node; for whoever learns from elsewhere that one has something to do.
    public void wake(SessionId id) {
        dispatcher.wake(id);
    }

    /// There may be something in the queue that nobody takes.
    public void look() {
        dispatcher.look();
    }

    /// Takes no more sessions, and hands those under way over, each at the end of its step; or
    /// takes some again.
    public void drain(boolean wanted) {
        dispatcher.pause(wanted);
        driver.handOver(wanted);
    }

    /// How many sessions this node drives at most; 0: somebody else decides.
    public int places() {
        return dispatcher.places();
    }

    /// Opens a session. When this returns, its first event is stored.
    public Accepted open(OpenRequest request) {
        var begun = parts.log().begin(opening(request), dispatcher.hasPlace());
        var mine = begun.mine();
        if (mine != null) {
            dispatcher.begin(mine);
        } else if (begun.accepted() instanceof Accepted.New opened) {
            dispatcher.wake(opened.id());
        }
        return begun.accepted();
    }

    /// The first event of a session, for whoever stores it in a transaction of its own.
    public SessionLog.Opening opening(OpenRequest request) {
        var now = parts.clock().instant();
        var definition = request.definition();
        var opened =
                new Event.Opened(
                        definition.ref(),
                        request.input(),
                        request.cause(),
                        null,
                        request.models(),
                        Delegation.deadline(now, Delegation.time(definition), null),
                        lower(request.budget(), Delegation.budget(definition)),
                        request.recording(),
                        request.payer());
        return new SessionLog.Opening(
                SessionId.random(now, parts.random()),
                opened,
                now,
                request.key(),
                Delegation.standing(definition, opened, request.priority(), request.team()));
    }

    private static @Nullable Money lower(@Nullable Money a, @Nullable Money b) {
        if (a == null) {
            return b;
        }
        return b == null || b.isMoreThan(a) ? a : b;
    }

    /// Opens a session that begins as another one did.
    ///
    /// @param log the whole log of the other one, oldest first
    /// @throws Forks.NotThere if it cannot be forked there
    public Accepted fork(Iterable<Recorded> log, Forks.Request request) throws Forks.NotThere {
        var accepted = parts.log().fork(Forks.plan(log, request, parts));
        if (accepted instanceof Accepted.New opened) {
            dispatcher.wake(opened.id());
            if (request.rewind()) {
                dispatcher.wake(request.from());
            }
        }
        return accepted;
    }

    /// Sends mail to a session. Durable when it returns.
    ///
    /// @return false if there is no such session, or it is closed
    public boolean send(SessionId id, Mail mail) {
        boolean sent = parts.log().send(id, mail);
        if (sent) {
            dispatcher.wake(id);
        }
        return sent;
    }

    /// How many sessions are being driven at this moment.
    public int driven() {
        return driver.running();
    }

    /// Who decides when and where sessions are driven, for people.
    public String dispatcher() {
        return dispatcher.name();
    }

    /// Why sessions are accepted, but not driven at this moment, in words for an operator.
    public Optional<String> trouble() {
        return dispatcher.trouble();
    }

    /// Starts nothing more, and hands each session over when its step has ended. Those whose step
    /// takes longer stay as they are in the log; whoever comes next goes on with them.
    ///
    /// @param patience how long to wait for steps under way
    public void stop(Duration patience) {
        dispatcher.stop();
        driver.stop(patience);
        dispatcher.close(patience);
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(10));
    }

    /// The brain of a definition. A secret that somebody wrote into instructions does not reach it.
    static Brain brain(Definition definition, Redactor redactor) {
        return switch (definition) {
            case AgentDefinition agent ->
                    new ModelLoop(agent.withInstructions(redactor.redact(agent.instructions())));
            case WorkflowDefinition workflow -> new WorkflowGraph(workflow);
        };
    }
}
