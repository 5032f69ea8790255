package dev.remit.server.api;

import dev.remit.core.identity.Principal;
import dev.remit.core.json.Json;
import dev.remit.core.start.Overlap;
import dev.remit.core.start.StartReader;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.store.start.Fire;
import dev.remit.store.start.PostgresSchedules;
import dev.remit.store.start.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/schedules`: what is started by the clock.
final class SchedulesApi {
    private static final int FIRES = 20;
    private static final int NOTE_LENGTH = 1000;

    /// Times that were missed are in the list for so long.
    private static final Duration LATELY = Duration.ofDays(7);

    private final ApiParts parts;

    SchedulesApi(ApiParts parts) {
        this.parts = parts;
    }

    private PostgresSchedules schedules() {
        return parts.starts().sweep().schedules();
    }

    private Instant now() {
        return parts.starts().sweep().clock().instant();
    }

    Reply list(Exchange exchange) {
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        var page =
                schedules()
                        .list(
                                exchange.query("agent").orElse(null),
                                exchange.query("cursor").orElse(null),
                                limit + 1);
        var missed = missed(page);
        return Page.reply(page, limit, s -> brief(s, missed), Schedule::name);
    }

    private Map<String, Long> missed(List<Schedule> of) {
        return schedules().missed(of, now().minus(LATELY));
    }

    Reply get(Exchange exchange) {
        var schedule = existing(exchange);
        var shown = brief(schedule);
        var fires = shown.putArray("fires");
        schedules().fires(schedule, FIRES).forEach(fire -> fires.add(shown(fire)));
        return Reply.ok(shown);
    }

    /// Makes one, or changes it.
    Reply put(Exchange exchange) {
        var start = WrittenStart.of(exchange, parts, "schedule", StartReader::schedule);
        var by = Caller.of(exchange).principal();
        return Reply.ok(
                brief(schedules().put(start.name(), start.agent(), start.spec(), by, now())));
    }

    Reply remove(Exchange exchange) {
        var schedule = existing(exchange);
        if (schedule.byFolder()) {
            throw Problems.conflict(
                    "this schedule stands in the file of "
                            + schedule.agent()
                            + ": take it out there and apply, or pause it");
        }
        schedules().remove(schedule.name());
        return new Reply.Empty(204);
    }

    Reply pause(Exchange exchange) {
        var schedule = existing(exchange);
        var note = Body.optional(exchange, "note").findText("note");
        if (note.isPresent() && note.get().length() > NOTE_LENGTH) {
            throw Problems.badRequest("note is longer than " + NOTE_LENGTH + " characters");
        }
        return changed(
                schedules()
                        .pause(
                                schedule.name(),
                                Caller.of(exchange).principal(),
                                note.map(parts.redactor()::redact).orElse(null),
                                now()));
    }

    Reply resume(Exchange exchange) {
        var schedule = existing(exchange);
        Body.optional(exchange);
        return changed(schedules().resume(schedule.name(), now()));
    }

    private Reply changed(Optional<Schedule> schedule) {
        return Reply.ok(brief(schedule.orElseThrow(Problems::unknownSchedule)));
    }

    Reply trigger(Exchange exchange) {
        var schedule = existing(exchange);
        var body = Body.optional(exchange, "overlap");
        var id = exchange.header("Idempotency-Key").orElseGet(() -> UUID.randomUUID().toString());
        var triggered =
                schedules()
                        .trigger(
                                schedule.name(),
                                id,
                                Caller.of(exchange).principal(),
                                body.findText("overlap").map(SchedulesApi::overlap).orElse(null),
                                now(),
                                parts.starts().sweep().starter().of(schedule.agent()))
                        .orElseThrow(Problems::unknownSchedule);
        triggered.told().forEach(parts.starts().sweep()::wake);
        return Reply.ok(shown(triggered.fire()));
    }

    private static Overlap overlap(String word) {
        for (var overlap : Overlap.values()) {
            if (overlap.name().toLowerCase(Locale.ROOT).equals(word)) {
                return overlap;
            }
        }
        throw Problems.badRequest(
                "overlap is expected to be skip, buffer_one, buffer_all, cancel or allow");
    }

    Reply backfill(Exchange exchange) {
        var schedule = existing(exchange);
        var body = Body.of(exchange, "from", "to");
        var from = time("from", body.text("from"));
        var to = time("to", body.text("to"));
        if (to.isAfter(now())) {
            throw Problems.badRequest("to is in the future; what is to come starts by itself");
        }
        if (from.isAfter(to)) {
            throw Problems.badRequest("from is after to");
        }
        var times = times(schedule, from, to);
        Principal by = Caller.of(exchange).principal();
        var done =
                schedules()
                        .backfill(schedule.name(), times, by, now())
                        .orElseThrow(Problems::unknownSchedule);
        parts.starts().sooner().run();
        var shown = Json.object();
        var wanted = shown.putArray("starts");
        done.wanted().forEach(time -> wanted.add(time.toString()));
        var before = shown.putArray("started_before");
        done.done().forEach(time -> before.add(time.toString()));
        return Reply.ok(shown);
    }

    private static List<Instant> times(Schedule schedule, Instant from, Instant to) {
        var times = new ArrayList<Instant>();
        var when = schedule.spec().when();
        var next = when.next(from.minusNanos(1));
        while (next.isPresent() && !next.get().isAfter(to)) {
            times.add(next.get());
            if (times.size() > PostgresSchedules.MOST_BACKFILLED) {
                throw Problems.unusable(
                        "that span has more than "
                                + PostgresSchedules.MOST_BACKFILLED
                                + " times; take a shorter one");
            }
            next = when.next(next.get());
        }
        return times;
    }

    /// When it will fire: a preview.
    Reply next(Exchange exchange) {
        var schedule = existing(exchange);
        int count = (int) exchange.query("count", 10, 1, 1000);
        var after = exchange.query("after").map(text -> time("after", text)).orElseGet(this::now);
        var shown = Json.object().put("schedule", schedule.name());
        var list = shown.putArray("times");
        var spec = schedule.spec();
        for (var time : spec.when().next(after, count)) {
            list.addObject()
                    .put("at", time.toString())
                    .put("starts_at", spec.due(schedule.name(), time).toString());
        }
        return Reply.ok(shown);
    }

    private static Instant time(String field, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Problems.badRequest(
                    field + " is expected to be a time such as 2026-11-20T08:30:00Z");
        }
    }

    private Schedule existing(Exchange exchange) {
        return schedules().find(exchange.parameter("name")).orElseThrow(Problems::unknownSchedule);
    }

    private ObjectNode brief(Schedule schedule) {
        return brief(schedule, missed(List.of(schedule)));
    }

    private static ObjectNode brief(Schedule schedule, Map<String, Long> missed) {
        var shown =
                Json.object()
                        .put("name", schedule.name())
                        .put("agent", schedule.agent())
                        .put("by_folder", schedule.byFolder());
        shown.set("spec", schedule.written());
        shown.put("when", schedule.spec().when().inWords());
        time(shown, "next_at", schedule.pause() == null ? schedule.nextAt() : null);
        var pause = schedule.pause();
        if (pause != null) {
            var paused =
                    shown.putObject("paused")
                            .put("at", pause.at().toString())
                            .put("by", pause.by());
            if (pause.note() != null) {
                paused.put("note", pause.note());
            }
        }
        shown.put("missed_lately", missed.getOrDefault(schedule.name(), 0L));
        shown.put("changed_at", schedule.changedAt().toString());
        shown.put("changed_by", schedule.changedBy());
        return shown;
    }

    private static void time(ObjectNode shown, String field, @Nullable Instant time) {
        if (time != null) {
            shown.put(field, time.toString());
        }
    }

    private static ObjectNode shown(Fire fire) {
        var shown =
                Json.object()
                        .put("fire", fire.id())
                        .put("kind", ApiJson.word(fire.kind()))
                        .put("nominal", fire.nominal().toString())
                        .put("state", ApiJson.word(fire.state()))
                        .put("decided_at", fire.decidedAt().toString())
                        .put("times", fire.times());
        var session = fire.session();
        if (session != null) {
            shown.put("session", session.toString());
        }
        if (fire.by() != null) {
            shown.put("by", fire.by());
        }
        if (fire.why() != null) {
            shown.put("why", fire.why());
        }
        return shown;
    }
}
