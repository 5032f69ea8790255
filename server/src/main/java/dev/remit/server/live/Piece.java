package dev.remit.server.live;

import dev.remit.core.json.Json;
import dev.remit.http.server.EventStream;
import dev.remit.server.live.Place.Heard;
import org.jspecify.annotations.Nullable;

/// Some more words for a reader at one place, and where it is then. Readers that are at the same
/// place share it.
public record Piece(Place before, Place after, EventStream.Frame frame) {
    /// What is new for a reader. One that has other words than these gets all, from offset 0.
    ///
    /// @return null if there is nothing new
    static @Nullable Piece of(Place place, Spoken spoken) {
        var heard = place.heard();
        if (heard == null || heard.call() != spoken.call()) {
            heard = new Heard(spoken.call(), 0, 0);
        }
        var text = spoken.text();
        if (heard.length() >= text.length()) {
            return null; // that much has not come here yet
        }
        if (!heard.begins(text)) {
            heard = new Heard(spoken.call(), 0, 0);
        }
        return of(place, heard, text);
    }

    /// What is missing of a reply to a reader that has some of its words, so that all that it has
    /// is the text of the event that follows.
    ///
    /// @return null if nothing is missing, or the reader has heard nothing
    public static @Nullable Piece rest(Place place, String text) {
        var heard = place.heard();
        if (heard == null || (heard.length() == text.length() && heard.begins(text))) {
            return null;
        }
        return of(place, heard.begins(text) ? heard : new Heard(heard.call(), 0, 0), text);
    }

    private static Piece of(Place place, Heard heard, String text) {
        var after = new Place(place.seq(), heard.grown(text));
        var words =
                Json.object()
                        .put("call", heard.call())
                        .put("offset", heard.length())
                        .put("text", text.substring(heard.length()));
        return new Piece(place, after, EventStream.frame(after.id(), "token", Json.write(words)));
    }
}
