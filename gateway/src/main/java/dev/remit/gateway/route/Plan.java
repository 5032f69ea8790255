package dev.remit.gateway.route;

import dev.remit.core.settings.Settings.Target;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// In which order the targets of a route are tried for one request.
///
/// @param candidates best first; empty if none is to be had
/// @param skipped the others, and why
public record Plan(List<Candidate> candidates, List<Skipped> skipped) {
    public Plan {
        candidates = List.copyOf(candidates);
        skipped = List.copyOf(skipped);
    }

    /// @param health where what becomes of the call is told
    /// @param warm whether the provider is likely to have the prefix in its cache
    /// @param window of prompt and answer together, where it is known
    public record Candidate(Target target, TargetHealth health, boolean warm, OptionalLong window) {
        /// Whether the other one may take a prompt that was too long for this one.
        boolean isSmallerThan(Candidate other) {
            return window.isEmpty()
                    || other.window.isEmpty()
                    || other.window.getAsLong() > window.getAsLong();
        }
    }

    /// @param until how long it will be out of use; absent if time does not help
    public record Skipped(Target target, Why why, @Nullable Duration until) {}

    /// Why a target is not tried.
    public enum Why {
        /// Its `when` does not hold.
        CONDITION,
        /// Its breaker is open.
        BROKEN,
        /// Its breaker is open, since its vendor had too many calls.
        LIMITED
    }

    /// For a prompt that was too long for a target: those that come after it and may take more.
    ///
    /// @param failed a candidate of this plan
    public List<Candidate> larger(Candidate failed) {
        int at = candidates.indexOf(failed);
        return candidates.stream()
                .skip(at + 1L)
                .filter(candidate -> failed.isSmallerThan(candidate))
                .toList();
    }

    /// Whether all that are out of use are so since their vendors had too many calls.
    public boolean isLimited() {
        return skipped.stream().anyMatch(target -> target.why() == Why.LIMITED)
                && skipped.stream().noneMatch(target -> target.why() == Why.BROKEN);
    }

    /// When the first of the broken targets may be tried again; absent if none is broken.
    public @Nullable Duration retryAfter() {
        Duration soonest = null;
        for (var target : skipped) {
            var until = target.until();
            if (until != null && (soonest == null || until.compareTo(soonest) < 0)) {
                soonest = until;
            }
        }
        return soonest;
    }
}
