package dev.remit.core.tool;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.remit.core.json.Content;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How one attempt at an action ended.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "end")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Ended.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Ended.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Ended.Unknown.class, name = "unknown")
})
public sealed interface Ended {
    /// It happened, and this came of it.
    record Done(Content result) implements Ended {}

    /// It is certain that it did not happen.
    ///
    /// @param permanent trying again with the same arguments cannot help
    /// @param retryAfter what the other side asked for
    record Failed(boolean permanent, String why, @Nullable Duration retryAfter) implements Ended {
        public static Failed tooLate() {
            return new Failed(false, "it was too late to begin; nothing was done", null);
        }
    }

    /// It may have happened: sent, and no answer that tells.
    record Unknown(String why) implements Ended {}
}
