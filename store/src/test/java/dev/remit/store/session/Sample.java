package dev.remit.store.session;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.session.Event;
import dev.remit.core.session.Mail;
import dev.remit.core.session.Outcome;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.SessionLog.Append;
import dev.remit.core.session.SessionLog.Claim;
import dev.remit.core.session.SessionLog.Fence;
import dev.remit.core.session.SessionLog.IdempotencyKey;
import dev.remit.core.session.SessionLog.Opening;
import dev.remit.core.session.SessionLog.Outgoing;
import dev.remit.core.session.SessionLog.Then;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Sessions, events and mail to try the log with.
final class Sample {
    static final Principal PERSON = new Principal(Principal.Kind.PERSON, "local");
    static final DefinitionRef AGENT = new DefinitionRef("triage", Hash.of("v1"));

    private Sample() {}

    static SessionId id() {
        return SessionId.random(Instant.now(), ThreadLocalRandom.current());
    }

    static Content content(String text) {
        return Content.derived(Json.text(text));
    }

    static Event.Opened opened() {
        return opened(null);
    }

    static Event.Opened opened(Event.@Nullable Parent parent) {
        return new Event.Opened(
                AGENT,
                content("an incident " + "x".repeat(500)),
                List.of(PERSON),
                parent,
                ModelChoice.rehearsal(1),
                null,
                null,
                null);
    }

    static Opening opening() {
        return opening(null);
    }

    static Opening opening(@Nullable IdempotencyKey key) {
        return new Opening(id(), opened(), Instant.now(), key);
    }

    static SessionId open(SessionLog log) {
        var opening = opening();
        log.open(opening);
        return opening.id();
    }

    static Fence claim(SessionLog log, SessionId id) {
        return ((Claim.Claimed) log.claim(id)).fence();
    }

    static Event.ActionStarted started(int n, String argument) {
        return new Event.ActionStarted(
                new ActionId("1." + n),
                1,
                "journal.append",
                Tier.WRITE_WITH_EVIDENCE,
                content(argument),
                "because",
                "key-" + n,
                true,
                Duration.ofSeconds(10),
                "may");
    }

    static Event.ActionEnded ended(int n, String result) {
        return new Event.ActionEnded(
                new ActionId("1." + n), 1, new Ended.Done(content(result)), null);
    }

    static Event.Closed closed() {
        return new Event.Closed(
                StopReason.COMPLETED,
                Outcome.GOOD,
                content("done"),
                null,
                new Usage(10, 0, 0, 5, 0),
                new Money(7));
    }

    static Mail message(String text) {
        return new Mail.Message(PERSON, content(text));
    }

    static Append keep(SessionLog log, Fence fence, long head, Event... events) {
        return append(log, fence, head, new Then.Keep(), List.of(), events);
    }

    static Append park(SessionLog log, Fence fence, long head, long seen, Event... events) {
        return append(
                log,
                fence,
                head,
                new Then.Park(new Waiting.Message(), null, seen),
                List.of(),
                events);
    }

    static Append append(
            SessionLog log,
            Fence fence,
            long head,
            Then then,
            List<Outgoing> outbox,
            Event... events) {
        return new Append(
                fence, head, Instant.now(), List.of(events), outbox, log.rules(), false, then);
    }
}
