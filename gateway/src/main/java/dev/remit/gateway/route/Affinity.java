package dev.remit.gateway.route;

import dev.remit.core.settings.Settings.Provider.Kind;
import dev.remit.core.settings.Settings.Target;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Remembers where a conversation was served last, for as long as the provider is likely to have
/// its prefix in the cache. Bounded: what was not used for the longest time is forgotten first.
/// Thread-safe; its locks are many and held briefly.
public final class Affinity {
    private static final int STRIPES = 32;

    private final LongSupplier nanos;
    private final Stripe[] stripes = new Stripe[STRIPES];

    /// Where a prefix is warm.
    record Warm(String provider, String model, long until) {}

    private record Conversation(String route, long prefix) {}

    private static final class Stripe {
        private final Map<Conversation, Warm> warm;

        Stripe(int most) {
            warm =
                    new LinkedHashMap<>(16, 0.75f, true) {
                        private static final long serialVersionUID = 1;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<Conversation, Warm> eldest) {
                            return size() > most;
                        }
                    };
        }
    }

    /// @param most conversations that are remembered
    /// @param nanos a clock that never goes back, such as [System#nanoTime]
    public Affinity(int most, LongSupplier nanos) {
        this.nanos = nanos;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(Math.max(1, most / STRIPES));
        }
    }

    /// How long a vendor says that it keeps a prefix after its last use.
    ///
    /// Anthropic: 5 minutes, renewed by each use (docs: prompt caching). OpenAI: "5 to 10 minutes
    /// of inactivity" (docs: prompt caching); the same for Azure. Gemini's implicit caching gives
    /// no time, and DeepSeek's keeps "a few hours"; what is not known is taken as five minutes, and
    /// where there is no cache to speak of, staying costs nothing.
    public static Duration lifetime(Kind kind) {
        return switch (kind) {
            case OPENAI, AZURE -> Duration.ofMinutes(10);
            case DEEPSEEK -> Duration.ofHours(1);
            case ANTHROPIC,
                    GEMINI,
                    MISTRAL,
                    GROQ,
                    XAI,
                    TOGETHER,
                    FIREWORKS,
                    OPENROUTER,
                    OPENAI_COMPATIBLE,
                    VERTEX,
                    BEDROCK ->
                    Duration.ofMinutes(5);
        };
    }

    /// @return nothing if it is warm nowhere
    @Nullable Warm find(String route, long prefix) {
        if (prefix == 0) {
            return null;
        }
        var conversation = new Conversation(route, prefix);
        var stripe = stripe(conversation);
        synchronized (stripe) {
            var warm = stripe.warm.get(conversation);
            if (warm != null && warm.until() - nanos.getAsLong() <= 0) {
                stripe.warm.remove(conversation);
                return null;
            }
            return warm;
        }
    }

    void served(String route, long prefix, Target target, Duration lifetime) {
        if (prefix == 0 || lifetime.isZero()) {
            return;
        }
        var conversation = new Conversation(route, prefix);
        var until = nanos.getAsLong() + lifetime.toNanos();
        var stripe = stripe(conversation);
        synchronized (stripe) {
            stripe.warm.put(conversation, new Warm(target.provider(), target.model(), until));
        }
    }

    /// How many conversations are remembered.
    public int size() {
        int size = 0;
        for (var stripe : stripes) {
            synchronized (stripe) {
                size += stripe.warm.size();
            }
        }
        return size;
    }

    private Stripe stripe(Conversation conversation) {
        int hash = conversation.hashCode();
        return stripes[(hash ^ (hash >>> 16)) & (STRIPES - 1)];
    }
}
