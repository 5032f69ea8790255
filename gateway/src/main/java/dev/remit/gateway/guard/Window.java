package dev.remit.gateway.guard;

import dev.remit.core.settings.Settings.Guard.Mode;
import dev.remit.gateway.guard.Guarding.Found;
import java.util.ArrayList;
import java.util.function.Consumer;

/// A text that grows, of which only what is surely done with is let go. What has left is kept for a
/// while, since the name of a secret may stand before it.
final class Window {
    private static final int CONTEXT = 512;
    private static final int OFTEN = 2_048;

    private final Rule rule;
    private final String where;
    private final Consumer<Finding> findings;
    private final StringBuilder text = new StringBuilder();

    /// Where the part begins that has not left yet.
    private int held;

    private int looked;

    Window(Rule rule, String where, Consumer<Finding> findings) {
        this.rule = rule;
        this.where = where;
        this.findings = findings;
    }

    /// @return what may leave
    String next(String more) throws Blocked {
        text.append(more);
        // Much that is held is looked at less often, so that its time stays linear.
        int fresh = text.length() - looked;
        if (text.length() - held > OFTEN && fresh * 8 < text.length() - held) {
            return rule.mode() == Mode.LOG ? more : "";
        }
        looked = text.length();
        var all = text.toString();
        var left = leave(all, rule.guarding().open(all, held));
        return rule.mode() == Mode.LOG ? more : left;
    }

    /// @return the rest
    String end() throws Blocked {
        var all = text.toString();
        var left = leave(all, all.length());
        return rule.mode() == Mode.LOG ? "" : left;
    }

    private String leave(String all, int most) throws Blocked {
        if (most <= held) {
            return "";
        }
        int to = most;
        var found = new ArrayList<Found>();
        for (var one : rule.guarding().find("", all)) {
            if (one.end() > most && one.start() >= held) {
                to = Math.min(to, one.start()); // it leaves as a whole
            }
            if (one.end() > held && one.start() < to) {
                found.add(one);
            }
        }
        if (to <= held) {
            return "";
        }
        if (found.isEmpty()) {
            var out = all.substring(held, to);
            forget(to);
            return out;
        }
        rule.tell(found, where, findings);
        var out = rule.mode() == Mode.MASK ? masked(all, to, found) : all.substring(held, to);
        forget(to);
        return out;
    }

    private String masked(String all, int to, Iterable<Found> found) {
        var out = new StringBuilder();
        int done = held;
        for (var one : found) {
            if (one.start() >= done) {
                out.append(all, done, one.start());
            }
            out.append(one.mask());
            done = Math.max(done, Math.min(one.end(), to));
        }
        return out.append(all, done, to).toString();
    }

    private void forget(int to) {
        int from = Math.max(0, to - CONTEXT);
        text.delete(0, from);
        held = to - from;
        looked = Math.max(0, looked - from);
    }
}
