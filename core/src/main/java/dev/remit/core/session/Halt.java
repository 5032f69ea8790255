package dev.remit.core.session;

import dev.remit.core.identity.Principal;
import dev.remit.core.json.Content;
import org.jspecify.annotations.Nullable;

/// A session that was told to end its turn and listen.
///
/// @param said the newest words to it since then: what it goes on with
/// @param done whether the turn has ended; it waits for words then
public record Halt(Principal by, @Nullable Content said, boolean done) {
    Halt saying(Content words) {
        return new Halt(by, words, done);
    }
}
