package dev.remit.server.live;

import dev.remit.core.secret.PatternRedactor;
import java.util.concurrent.locks.ReentrantLock;

/// What a model says in one call at this node. The model's thread adds to it and waits for nobody;
/// whoever shows it looks for secrets first.
final class Speech {
    /// In characters. More is not shown before the log has it.
    private static final int MOST = 256 << 10;

    /// Looking takes one part of so many of the time, however long the text grows.
    private static final int SELDOM = 20;

    private final PatternRedactor redactor;
    private final StringBuilder said = new StringBuilder();
    private final ReentrantLock looking = new ReentrantLock();
    private long lookAgain = System.nanoTime();
    private boolean full;
    private volatile int looked;
    private volatile int length;
    private volatile Spoken shown;

    Speech(long call, PatternRedactor redactor) {
        this.redactor = redactor;
        this.shown = new Spoken(call, "");
    }

    long call() {
        return shown.call();
    }

    void add(String more) {
        synchronized (said) {
            full |= said.length() + more.length() > MOST;
            if (!full) { // what comes behind a gap is never shown
                said.append(more);
                length = said.length();
            }
        }
    }

    /// What may be shown now.
    Spoken now() {
        if (isBehind() && looking.tryLock()) {
            try {
                long start = System.nanoTime();
                if (start - lookAgain >= 0) {
                    look();
                    lookAgain = start + SELDOM * (System.nanoTime() - start);
                }
            } finally {
                looking.unlock();
            }
        }
        return shown;
    }

    /// Whether more was said than was looked at.
    boolean isBehind() {
        return length > looked;
    }

    private void look() {
        String all;
        synchronized (said) {
            all = said.toString();
        }
        looked = all.length();
        var clean = redactor.redact(all.substring(0, redactor.settled(all)));
        var before = shown;
        // else what came later changed what came before: the log will tell
        if (clean.length() > before.text().length() && clean.startsWith(before.text())) {
            shown = new Spoken(before.call(), clean);
        }
    }
}
