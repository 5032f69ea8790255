package dev.remit.core.model;

import dev.remit.core.money.Money;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Something that answers model calls: a vendor, a compatible server, or the rehearsal provider.
public interface ModelProvider {
    /// Makes one attempt, blocking and streaming underneath. Retries are the session's business.
    ///
    /// @param tokensSoFar told now and then how many output tokens have come; a [Listening] one
    ///   hears the words as well
    /// @throws InterruptedException if the session was cancelled; the upstream call is cut
    ModelAnswer call(ModelRequest request, LongConsumer tokensSoFar) throws InterruptedException;

    /// The most that this attempt can cost, whatever the model answers: reserved before the call.
    ///
    /// @return empty if no price is known, and then the call is refused
    Optional<Money> bound(ModelRequest request);

    /// The same two for one request, so that what was reckoned for the bound serves the call.
    default Ready ready(ModelRequest request) {
        return new Ready() {
            @Override
            public Optional<Money> bound() {
                return ModelProvider.this.bound(request);
            }

            @Override
            public ModelAnswer call(LongConsumer tokensSoFar) throws InterruptedException {
                return ModelProvider.this.call(request, tokensSoFar);
            }
        };
    }

    /// A call that is bounded, and can be made once.
    interface Ready {
        /// As [ModelProvider#bound].
        Optional<Money> bound();

        /// As [ModelProvider#call].
        ModelAnswer call(LongConsumer tokensSoFar) throws InterruptedException;
    }

    /// What a route means to a session with that choice of models, as far as this side knows.
    default ModelTarget target(ModelChoice choice, String route) {
        return ModelTarget.unknown(choice, route);
    }

    /// Hears an answer while it is said.
    interface Listening extends LongConsumer {
        /// More of the answer's text, in order. What is not text, such as the use of a tool, is not
        /// told. From one thread; be quick.
        void said(String more);

        /// Tells whoever listens; nobody else.
        static void tell(LongConsumer listener, String more) {
            if (listener instanceof Listening listening && !more.isEmpty()) {
                listening.said(more);
            }
        }
    }
}
