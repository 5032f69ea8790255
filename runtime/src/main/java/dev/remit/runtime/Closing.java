package dev.remit.runtime;

import dev.remit.core.agent.Definition;
import dev.remit.core.brain.Step;
import dev.remit.core.brain.Verifier;
import dev.remit.core.json.Content;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.SessionLog.Then;

/// The end of a session: its output is checked before it is believed, and its parent is told in the
/// same transaction.
final class Closing {
    /// After so many times that mail came just before the end, the end comes first.
    private static final int MOST_DELAYS = 10;

    private final Definition definition;
    private final Writer writer;
    private int delays;

    Closing(Definition definition, Writer writer) {
        this.definition = definition;
        this.writer = writer;
    }

    /// @return false if it is not over yet: the output goes back to be put right, or it is to be
    ///   decided again
    boolean close(Step.Close close, Writer.Mark mark) throws LostClaim {
        var state = writer.state();
        var output = close.output() == null ? null : Content.derived(close.output());
        var finding = Verifier.verify(definition, state, close.reason(), close.output());
        if (finding.repairable() && output != null) {
            writer.add(new Event.OutputRejected(output, finding.outcome().reasons()));
            return false;
        }
        var closed =
                new Event.Closed(
                        close.reason(),
                        finding.outcome(),
                        output,
                        close.why(),
                        state.totals().usage(),
                        state.totals().cost());
        writer.add(closed);
        var parent = state.opened().parent();
        if (parent != null) {
            writer.send(
                    new SessionLog.Outgoing.Send(
                            parent.session(),
                            new Mail.ChildClosed(
                                    parent.action(),
                                    state.id(),
                                    closed.reason(),
                                    closed.outcome(),
                                    closed.output(),
                                    closed.why(),
                                    closed.usage(),
                                    closed.cost())));
        }
        long seen = delays < MOST_DELAYS ? writer.state().mail() : Long.MAX_VALUE;
        return switch (writer.flush(new Then.End(seen), mark)) {
            case YES, AND_PARKED -> true;
            case RULES_CHANGED -> false;
            case MAIL_CAME -> {
                delays++;
                yield false;
            }
        };
    }
}
