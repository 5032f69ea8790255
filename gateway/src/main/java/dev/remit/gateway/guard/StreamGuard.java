package dev.remit.gateway.guard;

import dev.remit.gateway.wire.Delta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Looks at an answer while it comes. What may still become something to be masked or blocked is
/// held back, seldom more than a word; arguments of tool calls are held until they are whole, since
/// they must stay JSON. For one thread.
///
/// Deltas come out in the order they went in, but that a piece's text may come later: at the latest
/// when the piece is closed.
public final class StreamGuard {
    private final List<Stage> stages;

    StreamGuard(List<Rule> rules, Consumer<Finding> findings) {
        this.stages = rules.stream().map(rule -> new Stage(rule, findings)).toList();
    }

    /// @return what may leave now, in order; maybe nothing
    /// @throws Blocked if the answer must not go on; nothing of what was held back left
    public List<Delta> next(Delta delta) throws Blocked {
        var now = List.of(delta);
        for (var stage : stages) {
            var after = new ArrayList<Delta>();
            for (var one : now) {
                stage.next(one, after);
            }
            now = after;
        }
        return now;
    }

    /// The end of the answer.
    ///
    /// @return what was still held back
    public List<Delta> flush() throws Blocked {
        List<Delta> now = List.of();
        for (var stage : stages) {
            var after = new ArrayList<Delta>();
            for (var one : now) {
                stage.next(one, after);
            }
            stage.flush(after);
            now = after;
        }
        return now;
    }
}
