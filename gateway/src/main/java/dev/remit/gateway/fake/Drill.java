package dev.remit.gateway.fake;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a fake vendor does to whoever calls it: how slow it is, what it says, what goes wrong, what
/// it charges. Read from a file, see [DrillFile].
///
/// @param seed of everything left to chance: the same seed gives the same run
/// @param latency before the headers of an answer
/// @param firstToken between the headers of a stream and its first event
/// @param tokensPerSecond of a stream; 0: as fast as it goes
/// @param key the only one that is accepted; absent: any or none
/// @param models the only ones that are served; none: any
/// @param requestsPerMinute of one key; 0: any number
public record Drill(
        long seed,
        Spread latency,
        Spread firstToken,
        int tokensPerSecond,
        @Nullable String key,
        List<String> models,
        int requestsPerMinute,
        Words words,
        Bill bill,
        List<Trouble> troubles) {
    /// All is well, and the answer is hello.
    public static final Drill CALM =
            new Drill(
                    0,
                    Spread.none(),
                    Spread.none(),
                    0,
                    null,
                    List.of(),
                    0,
                    Words.HELLO,
                    Bill.FAIR,
                    List.of());

    public Drill {
        models = List.copyOf(models);
        troubles = List.copyOf(troubles);
    }

    /// What is answered. A request for a structured answer gets one that fits its schema, and one
    /// that forces a tool gets a call of it, whatever is said here.
    ///
    /// @param text what is said, if nothing else
    /// @param echo what of the request is said instead
    /// @param tokens how long the text is made; 0: as it is
    /// @param calls which of the offered tools are called before anything is said
    /// @param reasoning what is thought before; absent: nothing
    public record Words(
            String text, Echo echo, int tokens, Calls calls, @Nullable String reasoning) {
        static final Words HELLO = new Words("hello", Echo.NOTHING, 0, Calls.FORCED, null);
    }

    /// What of the request is answered.
    public enum Echo {
        NOTHING,
        /// The last text of the user's.
        LAST,
        /// The whole body, as it came.
        REQUEST
    }

    /// Which tools are called.
    public enum Calls {
        /// What the request forces, and nothing else.
        FORCED,
        /// The first one, until a result is there.
        FIRST,
        /// Every one, in parallel, until results are there.
        ALL
    }

    /// What is charged.
    ///
    /// @param beyondCap tokens of output that are billed above the request's cap
    /// @param cached how much of the input is read from the cache, from 0 to 1
    /// @param reasoning tokens of reasoning that are billed besides what is said
    public record Bill(int beyondCap, double cached, int reasoning) {
        static final Bill FAIR = new Bill(0, 0, 0);
    }

    /// Something that goes wrong, and when.
    ///
    /// @param provider only of this one, such as `openai`; absent: of any
    /// @param model only for models that fit this, with `*` for anything; absent: for any
    /// @param calls the numbers of the calls it befalls, counted from 1 among those it is for
    /// @param every befalls each call whose number this divides; 0: none by that
    /// @param probability befalls a call by chance; if nothing else is said, 1
    /// @param harm what befalls it
    public record Trouble(
            @Nullable String provider,
            @Nullable String model,
            List<Integer> calls,
            int every,
            double probability,
            Harm harm) {
        public Trouble {
            calls = List.copyOf(calls);
        }
    }

    /// What goes wrong.
    public sealed interface Harm {
        record Fault(FakeFault fault) implements Harm {}

        /// The first event comes late.
        record SlowStart(Duration delay) implements Harm {}

        /// A structured answer, or the arguments of a call, do not fit their schema.
        record WrongSchema() implements Harm {}
    }

    public Drill seeded(long other) {
        return new Drill(
                other,
                latency,
                firstToken,
                tokensPerSecond,
                key,
                models,
                requestsPerMinute,
                words,
                bill,
                troubles);
    }

    public Drill slow(Duration before) {
        return new Drill(
                seed,
                new Spread.Fixed(before),
                firstToken,
                tokensPerSecond,
                key,
                models,
                requestsPerMinute,
                words,
                bill,
                troubles);
    }

    public Drill paced(int tokens) {
        return new Drill(
                seed,
                latency,
                firstToken,
                tokens,
                key,
                models,
                requestsPerMinute,
                words,
                bill,
                troubles);
    }
}
