package dev.remit.server.api;

import dev.remit.core.secret.Redactor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a model has said so far in one call, and how much of it may be shown. Safe for many
/// threads.
///
/// What is shown is the beginning of what the log will hold: cleaned of secrets, and held back
/// where the next word could still show that the last ones are one. Whoever has shown some of it
/// gets the rest from the log.
final class Words {
    /// More is shown when the log has it.
    private static final int MOST = 256 << 10;

    /// What may be half a secret: an unfinished word, groups of digits, a private key, or the value
    /// of something with a telling name, from its quote on.
    private static final Pattern UNFINISHED =
            Pattern.compile(
                    "(?:-----BEGIN (?!.*-----END ).*"
                            + "|(?i:pass|secret|token|key|credential|auth|bearer|basic)[^\\n]{0,60}"
                            + "|[0-9][0-9 .-]*"
                            + "|\\S*)\\z",
                    Pattern.DOTALL);

    private static final int TAIL = 8 << 10;

    private final Redactor redactor;
    private final StringBuilder said = new StringBuilder();
    private String shown = "";
    private int cleaned;
    private boolean broken;

    /// Of which call.
    ///
    /// @param offset in characters, of what is shown
    record At(int turn, int attempt, int offset) {
        boolean isOf(int otherTurn, int otherAttempt) {
            return turn == otherTurn && attempt == otherAttempt;
        }

        At plus(int characters) {
            return new At(turn, attempt, offset + characters);
        }

        @Override
        public String toString() {
            return turn + "." + attempt + "." + offset;
        }

        /// @throws IllegalArgumentException if it was not made by [#toString]
        static At parse(String text) {
            var parts = text.split("\\.", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException("expected turn.attempt.offset, not " + text);
            }
            return new At(
                    Integer.parseUnsignedInt(parts[0]),
                    Integer.parseUnsignedInt(parts[1]),
                    Integer.parseUnsignedInt(parts[2]));
        }
    }

    private final int turn;
    private final int attempt;

    Words(int turn, int attempt, Redactor redactor) {
        this.turn = turn;
        this.attempt = attempt;
        this.redactor = redactor;
    }

    boolean isOf(int otherTurn, int otherAttempt) {
        return turn == otherTurn && attempt == otherAttempt;
    }

    At start() {
        return new At(turn, attempt, 0);
    }

    synchronized void add(String more) {
        if (said.length() + more.length() <= MOST) {
            said.append(more);
        } else {
            broken = true;
        }
    }

    /// Words that another node has cleaned already.
    ///
    /// @return false if something between is missing
    synchronized boolean add(int offset, String clean) {
        if (offset > shown.length()) {
            return false;
        }
        if (offset + clean.length() > shown.length()) {
            shown = shown.substring(0, offset) + clean;
        }
        return true;
    }

    synchronized int length() {
        return shown.length();
    }

    /// What may be shown behind an offset; absent if there is nothing new.
    synchronized @Nullable String after(int offset) {
        clean();
        return shown.length() > offset ? shown.substring(offset) : null;
    }

    private void clean() {
        if (broken || said.length() == cleaned) {
            return;
        }
        cleaned = said.length();
        int from = Math.max(0, said.length() - TAIL);
        var unfinished = UNFINISHED.matcher(said).region(from, said.length());
        int end = unfinished.find() ? unfinished.start() : said.length();
        var clean = redactor.redact(said.substring(0, end));
        if (clean.startsWith(shown)) {
            shown = clean;
        } else {
            broken = true; // what came later changed what came before: the log will tell
        }
    }
}
