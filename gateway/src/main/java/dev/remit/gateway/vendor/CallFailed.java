package dev.remit.gateway.vendor;

import dev.remit.core.model.ModelAnswer.Kind;
import dev.remit.core.money.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A model call that brought no answer. The message is for people.
final class CallFailed extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final transient @Nullable Duration retryAfter;
    private final transient Usage usage;
    private final boolean usageIsFinal;

    private CallFailed(
            Kind kind,
            String why,
            @Nullable Duration retryAfter,
            Usage usage,
            boolean usageIsFinal) {
        super(why, null, false, false);
        this.kind = kind;
        this.retryAfter = retryAfter;
        this.usage = usage;
        this.usageIsFinal = usageIsFinal;
    }

    /// The model did not work on it.
    static CallFailed unbilled(Kind kind, String why, @Nullable Duration retryAfter) {
        return new CallFailed(kind, why, retryAfter, Usage.NONE, true);
    }

    static CallFailed unbilled(Kind kind, String why) {
        return unbilled(kind, why, null);
    }

    /// The model worked, and said how much it used.
    static CallFailed billed(Kind kind, String why, Usage usage) {
        return new CallFailed(kind, why, null, usage, true);
    }

    /// The model may have worked; how much it used in the end is not known.
    ///
    /// @param usage as far as known
    static CallFailed lost(Kind kind, String why, @Nullable Duration retryAfter, Usage usage) {
        return new CallFailed(kind, why, retryAfter, usage, false);
    }

    Kind kind() {
        return kind;
    }

    String why() {
        return String.valueOf(getMessage());
    }

    @Nullable Duration retryAfter() {
        return retryAfter;
    }

    Usage usage() {
        return usage;
    }

    /// Whether [#usage] is the whole of it.
    boolean usageIsFinal() {
        return usageIsFinal;
    }
}
