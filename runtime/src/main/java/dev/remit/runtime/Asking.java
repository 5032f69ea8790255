package dev.remit.runtime;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.authority.Authority;
import dev.remit.core.brain.Profiles;
import dev.remit.core.identity.Principal;
import dev.remit.core.model.Layout.Purpose;
import dev.remit.core.model.Mind;
import dev.remit.core.model.ModelRequest;
import dev.remit.core.model.Rehearsal;
import dev.remit.core.session.Event;
import dev.remit.core.session.Prompt;
import dev.remit.core.session.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests of one session to its models, as the profile of its brain lays them out.
final class Asking {
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);

    private final Parts parts;
    private final Definition definition;
    private final Writer writer;

    Asking(Parts parts, Definition definition, Writer writer) {
        this.parts = parts;
        this.definition = definition;
        this.writer = writer;
    }

    AgentDefinition agent() {
        return (AgentDefinition) definition;
    }

    /// The brain that the session has; a new one gets that of its agent, or the newest one for the
    /// model that the route resolves to.
    Mind mind() {
        var agent = agent();
        var known = writer.state().context().mind();
        var target = parts.models().target(writer.state().opened().models(), agent.model());
        var brain = agent.brain();
        if (known != null) {
            brain = known.brain();
        } else if (brain == null) {
            brain = Profiles.newest(target.family()).name();
        }
        return new Mind(brain, target.provider(), target.model(), target.window());
    }

    /// @param mind which brain lays it out
    ModelRequest request(Purpose purpose, Mind mind, Prompt prompt, int turn, int attempt) {
        var agent = agent();
        var opened = writer.state().opened();
        var profile = Profiles.of(mind);
        var offered = Authority.offered(agent);
        boolean compacting = purpose == Purpose.COMPACTION;
        return new ModelRequest(
                writer.fence().session(),
                agent.name(),
                Tolls.team(agent, opened),
                cause(agent, opened),
                turn,
                attempt,
                opened.models(),
                agent.model(),
                prompt.messages(),
                profile.describe(offered),
                compacting ? null : agent.answer(),
                compacting ? summaryTokens(agent) : agent.limits().outputTokens(),
                timeLeft(writer.state()),
                opened.input(),
                rehearsal(agent, opened),
                Tolls.key(opened),
                profile.layout(purpose, prompt, writer.state().prompt(), offered));
    }

    /// A summary that takes much of the window would have to be summed up itself soon.
    private static int summaryTokens(AgentDefinition agent) {
        int share = Math.clamp(agent.limits().contextTokens() / 8, 256, 4096);
        return Math.min(share, agent.limits().outputTokens());
    }

    private static List<Principal> cause(AgentDefinition agent, Event.Opened opened) {
        var cause = new ArrayList<Principal>();
        cause.add(new Principal(Principal.Kind.AGENT, agent.name()));
        cause.addAll(opened.cause());
        return cause;
    }

    private static @Nullable Rehearsal rehearsal(AgentDefinition agent, Event.Opened opened) {
        var recording = opened.recording();
        var replies = recording == null ? null : recording.of(agent.name());
        return replies != null ? replies : agent.rehearsal();
    }

    private Duration timeLeft(State state) {
        var deadline = state.opened().deadline();
        if (deadline == null) {
            return LONGEST_CALL;
        }
        var left = Duration.between(parts.clock().instant(), deadline);
        return left.compareTo(LONGEST_CALL) < 0 ? left : LONGEST_CALL;
    }
}
