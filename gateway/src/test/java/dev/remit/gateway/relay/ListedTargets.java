package dev.remit.gateway.relay;

import dev.remit.core.model.ModelAnswer;
import dev.remit.core.money.Attempt.Exchanged;
import dev.remit.core.money.Usage;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.route.Health;
import dev.remit.gateway.route.Plan;
import dev.remit.gateway.wire.ChatAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Targets as they are listed, without limits; remembers how each attempt ended.
final class ListedTargets implements Targets {
    final List<String> ends = Collections.synchronizedList(new ArrayList<>());

    /// By provider.
    final Map<String, Long> windows = new HashMap<>();

    private final Health health = new Health(100, System::nanoTime, Random::new);

    @Override
    public Plan plan(Route route, Call call) {
        return new Plan(
                route.targets().stream()
                        .map(target ->
                                new Plan.Candidate(
                                        target, health.of(target), false, window(target)))
                        .toList(),
                List.of());
    }

    private OptionalLong window(Target target) {
        var window = windows.get(target.provider());
        return window == null ? OptionalLong.empty() : OptionalLong.of(window);
    }

    @Override
    public Turn begin(Route route, Target target, Call call, boolean last) {
        return new Turn.Yours(new Noted(target));
    }

    @Override
    public Admission admit(Call call) {
        call.onOver(() -> ends.add("over"));
        return new Admission.Admitted(Map.of());
    }

    private final class Noted implements Trial {
        private final Target target;

        Noted(Target target) {
            this.target = target;
        }

        @Override
        public void firstTokenCame() {}

        @Override
        public void succeeded() {
            ends.add(target + " succeeded");
        }

        @Override
        public void failed(ModelAnswer.Kind kind, @Nullable Duration retryAfter) {
            ends.add(target + " failed: " + kind);
        }

        @Override
        public void dropped() {
            ends.add(target + " dropped");
        }

        @Override
        public void billed(Usage usage) {}

        @Override
        public @Nullable Exchanged kept(@Nullable ChatAnswer answer) {
            return null;
        }
    }
}
