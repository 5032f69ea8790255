package dev.remit.server.api;

import dev.remit.core.json.Content;
import dev.remit.core.secret.Redactor;
import dev.remit.core.secret.Secrets;
import dev.remit.runtime.Engine;
import dev.remit.server.catalog.Catalog;
import dev.remit.store.session.PostgresSessionLog;
import dev.remit.store.session.SessionQueries;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Everything the API works with.
///
/// @param secrets to know which credentials there are
/// @param keep puts a credential into the vault, by name
/// @param isKey whether a text is the key of this server; takes the same time whatever it is asked
/// @param build of this server
/// @param stop asks the server to stop; returns at once
public record ApiParts(
        PostgresSessionLog log,
        Catalog catalog,
        Engine engine,
        Live live,
        Redactor redactor,
        Secrets secrets,
        BiConsumer<String, String> keep,
        Predicate<String> isKey,
        String build,
        Runnable stop) {

    SessionQueries queries() {
        return log.queries();
    }

    Sessions sessions() {
        return new Sessions(this);
    }

    /// What a client sent, fit to be written down.
    Content clean(JsonNode sent) {
        return Content.clean(sent, redactor);
    }
}
