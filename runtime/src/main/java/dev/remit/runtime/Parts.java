package dev.remit.runtime;

import dev.remit.core.agent.Definitions;
import dev.remit.core.identity.SessionId;
import dev.remit.core.model.ModelProvider;
import dev.remit.core.secret.Redactor;
import dev.remit.core.session.SessionLog;
import dev.remit.core.tool.Invoker;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Everything a driver works with.
///
/// @param random for ids and for the jitter of retries
/// @param purse for tools that cost something; models are paid for by whoever calls them
public record Parts(
        SessionLog log,
        Definitions definitions,
        ModelProvider models,
        Invoker hands,
        Redactor redactor,
        InstantSource clock,
        RandomGenerator random,
        Progress progress,
        Purse purse) {
    /// With tools that nobody but the session pays for.
    public Parts(
            SessionLog log,
            Definitions definitions,
            ModelProvider models,
            Invoker hands,
            Redactor redactor,
            InstantSource clock,
            RandomGenerator random,
            Progress progress) {
        this(log, definitions, models, hands, redactor, clock, random, progress, Purse.ofNobody());
    }

    /// Told what a session does between two events. Nothing depends on it.
    public interface Progress {
        Progress NONE = (session, tokens) -> {};

        /// @param tokens output tokens of the running model call so far
        void tokens(SessionId session, long tokens);

        /// More of the text that the model says in answer, in order; as it came, with whatever
        /// secrets there are in it. Be quick: the model waits.
        ///
        /// @param call the `seq` of the event that says the call was begun
        default void said(SessionId session, long call, String more) {}

        /// The call is over; its end will be in the log, or it is lost.
        default void over(SessionId session, long call) {}
    }
}
