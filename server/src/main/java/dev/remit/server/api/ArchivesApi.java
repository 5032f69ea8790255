package dev.remit.server.api;

import dev.remit.core.json.Json;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.store.archive.ArchiveException;
import java.time.Duration;
import java.util.function.Supplier;

/// `/v1/archives`, the files of sessions that ended long ago; and `/v1/health`, what the server
/// knows of its database.
final class ArchivesApi {
    private final ApiParts parts;

    ArchivesApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply list(Exchange exchange) {
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        var cursor = exchange.query("cursor").orElse(null);
        return Page.reply(
                parts.store().archive().list(cursor, limit + 1),
                limit,
                held ->
                        Json.object()
                                .put("file", held.file())
                                .put("bytes", held.bytes())
                                .put("sessions", held.sessions())
                                .put("closed_at", held.closed().toString())
                                .put("made_at", held.madeAt().toString()),
                held -> held.file());
    }

    Reply run(Exchange exchange) {
        Body.optional(exchange);
        var done = worded(() -> parts.store().archive().run(parts.clock().instant()));
        return Reply.ok(
                Json.object()
                        .put("sessions", done.sessions())
                        .put("files", done.files())
                        .put("deleted", done.deleted())
                        .put("expired", done.expired())
                        .put("busy", done.busy()));
    }

    Reply verify(Exchange exchange) {
        Body.optional(exchange);
        var body = Json.object();
        var faults = body.putArray("faults");
        worded(() -> parts.store().archive().verify())
                .forEach(fault ->
                        faults.addObject().put("file", fault.file()).put("wrong", fault.wrong()));
        return Reply.ok(body);
    }

    Reply restore(Exchange exchange) {
        Body.optional(exchange);
        var id = parts.sessions().existing(exchange);
        int restored = worded(() -> parts.store().archive().restore(id));
        return Reply.ok(Json.object().put("sessions", restored));
    }

    /// @return `degraded` if something holds old rows of the database for long
    Reply health(Exchange exchange) {
        var report = parts.store().vitals().get();
        var body = Json.object();
        body.put("status", report.alarming().isEmpty() ? "ok" : "degraded");
        body.put("build", parts.build());
        var database = body.putObject("database");
        database.put("oldest_snapshot_transactions", report.oldestXmin());
        database.put("longest_transaction_seconds", report.longest().toSeconds());
        var holders = database.putArray("alarms");
        for (var holder : report.alarming()) {
            var said = holders.addObject().put("who", holder.who());
            said.put("seconds", holder.open().map(Duration::toSeconds).orElse(-1L));
            said.put("transactions", holder.transactions());
        }
        var archive = body.putObject("archive");
        parts.store().archive().figures().forEach(archive::put);
        return Reply.ok(body);
    }

    private static <T> T worded(Supplier<T> work) {
        try {
            return work.get();
        } catch (ArchiveException e) {
            throw Problems.archive(String.valueOf(e.getMessage()));
        }
    }
}
