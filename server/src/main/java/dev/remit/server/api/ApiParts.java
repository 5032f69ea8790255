package dev.remit.server.api;

import dev.remit.core.json.Content;
import dev.remit.core.secret.Redactor;
import dev.remit.core.secret.Secrets;
import dev.remit.runtime.Engine;
import dev.remit.server.catalog.Catalog;
import dev.remit.server.live.Live;
import dev.remit.server.settings.SettingsFile;
import dev.remit.store.identity.PostgresDirectory;
import dev.remit.store.identity.PostgresKeys;
import dev.remit.store.session.PostgresSessionLog;
import dev.remit.store.session.SessionQueries;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Everything the API works with.
///
/// @param secrets to know which credentials there are
/// @param keep puts a credential into the vault, by name
/// @param authentication who asks
/// @param keys those that were made, and who has them
/// @param directory teams and principals
/// @param settings what the operator configured, and what became of the newest change
/// @param money budgets, the ledger, prices
/// @param store the archive, and how the database is
/// @param starts schedules and events
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
        Authentication authentication,
        PostgresKeys keys,
        PostgresDirectory directory,
        Supplier<SettingsFile.Status> settings,
        MoneyParts money,
        StoreParts store,
        StartParts starts,
        InstantSource clock,
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
