package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.gateway.wire.GatewayError;
import dev.remit.gateway.wire.ProviderError;
import dev.remit.http.client.UpstreamException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An attempt that brought no answer, and what that means for the next one.
///
/// @param error what the client is told if nothing better comes
/// @param original the provider's own words, if they are about the client's request
/// @param reach how far the trouble reaches
/// @param kind for the target's health
/// @param retryAfter as the provider asked
record Missed(
        GatewayError error,
        Result.@Nullable Original original,
        Reach reach,
        ModelAnswer.Kind kind,
        @Nullable Duration retryAfter) {

    /// What the trouble is about.
    enum Reach {
        /// The provider or the way there: another target may do, and this one is unwell.
        TARGET,
        /// This answer: another target may do, and this one is well.
        ANSWER,
        /// The prompt is too long for this model: one with a larger window may do.
        WINDOW,
        /// The budget: a cheaper target may do.
        BUDGET,
        /// The request itself: no other target would take it.
        REQUEST
    }

    static Missed target(ModelAnswer.Kind kind, String message, @Nullable Duration retryAfter) {
        var error =
                switch (kind) {
                    case RATE_LIMITED -> GatewayError.Kind.RATE_LIMITED;
                    case OVERLOADED -> GatewayError.Kind.OVERLOADED;
                    case TIMED_OUT -> GatewayError.Kind.TIMED_OUT;
                    default -> GatewayError.Kind.UPSTREAM;
                };
        return new Missed(
                new GatewayError(error, message, retryAfter, true, Map.of()),
                null,
                Reach.TARGET,
                kind,
                retryAfter);
    }

    static Missed answer(String message) {
        return new Missed(
                GatewayError.of(GatewayError.Kind.UPSTREAM, message),
                null,
                Reach.ANSWER,
                ModelAnswer.Kind.GARBAGE,
                null);
    }

    static Missed request(GatewayError error) {
        return new Missed(error, null, Reach.REQUEST, ModelAnswer.Kind.INVALID, null);
    }

    /// This target does no such thing; another one may.
    static Missed incapable(String message) {
        return new Missed(
                GatewayError.of(GatewayError.Kind.INVALID, message),
                null,
                Reach.ANSWER,
                ModelAnswer.Kind.INVALID,
                null);
    }

    /// The ledger cannot be asked.
    static Missed unavailable(String why) {
        return request(
                GatewayError.of(GatewayError.Kind.OVERLOADED, "no budget can be reserved: " + why));
    }

    static Missed budget(GatewayError error) {
        return new Missed(error, null, Reach.BUDGET, ModelAnswer.Kind.INVALID, null);
    }

    /// @param where the target, for people
    static Missed of(UpstreamException e, String where) {
        var kind =
                switch (e.kind()) {
                    case NOT_REACHED, TOO_LATE -> ModelAnswer.Kind.UNAVAILABLE;
                    case CONNECT_TIMED_OUT, SILENT, TOO_LONG -> ModelAnswer.Kind.TIMED_OUT;
                    case CUT -> ModelAnswer.Kind.CUT;
                    case TOO_LARGE -> ModelAnswer.Kind.GARBAGE;
                };
        return target(kind, where + ": " + e.getMessage(), null);
    }

    /// @param original absent if the client speaks another dialect
    static Missed of(ProviderError error, String where, Result.@Nullable Original original) {
        var message = where + " answered " + error.status() + ": " + error.message();
        if (error.contextTooLong()) {
            return new Missed(
                    GatewayError.of(GatewayError.Kind.INVALID, message),
                    original,
                    Reach.WINDOW,
                    error.kind(),
                    null);
        }
        return switch (error.kind()) {
            case INVALID, REFUSED ->
                    new Missed(
                            GatewayError.of(
                                    error.status() == 404
                                            ? GatewayError.Kind.NOT_FOUND
                                            : GatewayError.Kind.INVALID,
                                    message),
                            original,
                            error.status() == 404 ? Reach.ANSWER : Reach.REQUEST,
                            error.kind(),
                            null);
            case UNAUTHORIZED ->
                    target(
                            error.kind(),
                            where
                                    + " does not accept the credential that Remit has for it;"
                                    + " an operator must put a new one into the vault",
                            null);
            default -> target(error.kind(), message, error.retryAfter());
        };
    }
}
