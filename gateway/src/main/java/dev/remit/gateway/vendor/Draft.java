package dev.remit.gateway.vendor;

import dev.remit.core.model.ModelAnswer.Stop;
import dev.remit.core.model.ModelProvider.Listening;
import dev.remit.core.money.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What has come of an answer so far. For one thread.
final class Draft {
    /// A piece of the answer, in the order the model began them.
    sealed interface Block {
        record Text(StringBuilder text) implements Block {}

        /// @param signature grows too, where a vendor signs what the model thought
        record Reasoning(StringBuilder text, StringBuilder signature) implements Block {}

        record ToolUse(StringBuilder id, StringBuilder name, StringBuilder arguments)
                implements Block {}
    }

    private final List<Block> blocks = new ArrayList<>();
    private final StringBuilder refusal = new StringBuilder();
    private @Nullable String model;
    private @Nullable Stop stop;
    private Usage usage = Usage.NONE;
    private boolean usageIsFinal;
    private boolean ended;
    private long characters;

    <B extends Block> B begin(B block) {
        blocks.add(block);
        return block;
    }

    List<Block> blocks() {
        return blocks;
    }

    /// The newest block if it is of that kind, else a new one.
    Block.Text text() {
        return !blocks.isEmpty() && blocks.getLast() instanceof Block.Text text
                ? text
                : begin(new Block.Text(new StringBuilder()));
    }

    Block.Reasoning reasoning() {
        return !blocks.isEmpty() && blocks.getLast() instanceof Block.Reasoning reasoning
                ? reasoning
                : begin(new Block.Reasoning(new StringBuilder(), new StringBuilder()));
    }

    /// @return whether anything was added
    boolean append(StringBuilder to, String piece) {
        to.append(piece);
        characters += piece.length();
        return !piece.isEmpty();
    }

    StringBuilder refusal() {
        return refusal;
    }

    @Nullable String model() {
        return model;
    }

    void model(String named) {
        if (!named.isBlank()) {
            model = named.length() > 200 ? named.substring(0, 200) : named;
        }
    }

    @Nullable Stop stop() {
        return stop;
    }

    void stop(Stop reason) {
        stop = reason;
    }

    Usage usage() {
        return usage;
    }

    boolean usageIsFinal() {
        return usageIsFinal;
    }

    void usage(Usage known, boolean isFinal) {
        usage = known;
        usageIsFinal = isFinal;
    }

    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /// Tells what text has come since.
    ///
    /// @param heard how many characters were told before
    /// @return how many are told now
    int tell(Listening listener, int heard) {
        int start = 0;
        for (var block : blocks) {
            if (block instanceof Block.Text text) {
                int end = start + text.text().length();
                if (end > heard) {
                    listener.said(text.text().substring(heard - start));
                    heard = end;
                }
                start = end;
            }
        }
        return heard;
    }

    /// Output tokens so far: a guess from the text until the vendor says.
    long tokensSoFar() {
        return Math.max(usage.output(), (characters + 3) / 4);
    }
}
