package dev.remit.core.secret;

import java.util.Optional;
import java.util.Set;

/// Where credentials are kept. A value goes from here to the request that needs it, and nowhere
/// else.
public interface Secrets {
    /// @param name such as `anthropic` or `slack.token`
    Optional<String> find(String name);

    /// Every value held, so that a [Redactor] can recognise them.
    Set<String> values();
}
