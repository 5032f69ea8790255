package dev.remit.server.live;

import dev.remit.core.session.Event;
import org.jspecify.annotations.Nullable;

/// How far a reader is: the id of what it got last, and what it says to go on from there, at this
/// node or at another.
///
/// @param seq of the last event that it has; 0: none
/// @param heard of the model call that runs behind that event; absent: nothing
public record Place(long seq, @Nullable Heard heard) {
    /// Some words of a call.
    ///
    /// @param call the `seq` of the event that says the call was begun
    /// @param length in characters (of UTF-16)
    /// @param hash of them, as [String#hashCode]: so that nobody goes on behind other words
    public record Heard(long call, int length, int hash) {
        /// Whether a text begins with these words.
        boolean begins(String text) {
            return length <= text.length() && hash(0, text, 0, length) == hash;
        }

        Heard grown(String text) {
            return new Heard(call, text.length(), hash(hash, text, length, text.length()));
        }

        private static int hash(int before, String text, int from, int to) {
            int hash = before;
            for (int i = from; i < to; i++) {
                hash = 31 * hash + text.charAt(i);
            }
            return hash;
        }
    }

    public static Place behind(long seq) {
        return new Place(seq, null);
    }

    /// After one more event. Where a call begins or ends, the words that were heard before are of
    /// no use any more.
    public Place after(long next, Event event) {
        return new Place(next, parts(event) ? null : heard);
    }

    /// Whether no words of a call are both before and behind it.
    static boolean parts(Event event) {
        return switch (event) {
            case Event.ModelCalled e -> true;
            case Event.ModelReplied e -> true;
            case Event.ModelFailed e -> true;
            case Event.Recovered e -> true;
            case Event.Closed e -> true;
            default -> false;
        };
    }

    /// As the `id` of an event: `12`, or `12~9.40.1f3c` for 40 characters of the call that event 9
    /// began.
    public String id() {
        return heard == null
                ? Long.toString(seq)
                : seq
                        + "~"
                        + heard.call
                        + "."
                        + heard.length
                        + "."
                        + Integer.toHexString(heard.hash);
    }

    /// @throws IllegalArgumentException if it was not made by [#id]
    public static Place parse(String id) {
        var parts = id.split("[~.]", -1);
        if (parts.length != 1 && parts.length != 4) {
            throw new IllegalArgumentException("no id of an event: " + id);
        }
        long seq = Math.max(0, Long.parseLong(parts[0]));
        return parts.length == 1
                ? behind(seq)
                : new Place(
                        seq,
                        new Heard(
                                Long.parseUnsignedLong(parts[1]),
                                Integer.parseUnsignedInt(parts[2]),
                                Integer.parseUnsignedInt(parts[3], 16)));
    }
}
