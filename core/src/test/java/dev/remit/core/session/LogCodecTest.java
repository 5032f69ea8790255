package dev.remit.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import dev.remit.core.model.Mind;
import dev.remit.core.model.ModelAnswer;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.money.Money;
import dev.remit.core.money.Usage;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Retry;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.ToolPrice;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogCodecTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final SessionId ID = SessionId.random(NOON, new Random(1));
    private static final Principal PERSON = new Principal(Principal.Kind.PERSON, "local");
    private static final Content LARGE = content("x".repeat(5000));
    private static final Content SMALL = content("small");

    private static Content content(String text) {
        return Content.derived(Json.text(text));
    }

    private static Event.Opened opened() {
        return new Event.Opened(
                new DefinitionRef("a", Hash.of("v")),
                LARGE,
                List.of(new Principal(Principal.Kind.PERSON, "local")),
                new Event.Parent(ID, new ActionId("triage")),
                ModelChoice.rehearsal(7),
                NOON.plusSeconds(60),
                new Money(500_000),
                null);
    }

    static List<Event> oneOfEach() {
        var action = new ActionId("1.0");
        return List.of(
                opened(),
                new Event.Recovered("lease"),
                new Event.Received(1, new Mail.Cancel(opened().cause().getFirst(), "enough")),
                new Event.TimerFired(),
                new Event.ModelCalled(
                        1, 1, "capable", Hash.of("p"), null, List.of(LARGE, SMALL), 0, Money.ZERO),
                new Event.ModelReplied(
                        1,
                        1,
                        "rehearsal",
                        "m",
                        Content.derived(Json.tree(Message.of(Message.Role.ASSISTANT, "hello"))),
                        ModelAnswer.Stop.END,
                        new Usage(1, 2, 3, 4, 0),
                        new Money(12),
                        Duration.ofMillis(3),
                        Duration.ofMillis(5)),
                new Event.ModelFailed(
                        2,
                        1,
                        "openai",
                        "m",
                        ModelAnswer.Kind.RATE_LIMITED,
                        "429",
                        Usage.NONE,
                        null,
                        NOON),
                new Event.ActionDenied(action, "t", SMALL, "tier 4"),
                new Event.ActionStarted(
                        action,
                        1,
                        "t",
                        Tier.WRITE_WITH_EVIDENCE,
                        LARGE,
                        "because",
                        "key",
                        false,
                        Duration.ofSeconds(10),
                        "may"),
                new Event.ActionEnded(action, 1, new Ended.Done(LARGE), null),
                new Event.ActionEnded(action, 1, new Ended.Unknown("cut"), NOON),
                new Event.ActionInDoubt(action, 1, "died"),
                new Event.Delegated(action, ID, opened().definition(), LARGE, Money.ZERO),
                new Event.Recalled(List.of(action), "enough"),
                new Event.OutputRejected(SMALL, List.of("not good")),
                new Event.Idled(new Waiting.Trouble("doubt", List.of(action))),
                new Event.Idled(new Waiting.Timer(NOON, "retry")),
                new Event.Idled(new Waiting.Approval(List.of(action))),
                new Event.Idled(new Waiting.Event(List.of("deploy.finished"))),
                new Event.Decided(new ActionId("choose"), SMALL),
                asked(),
                new Event.Received(
                        3,
                        new Mail.Answer(
                                asked().action(),
                                asked().digest(),
                                true,
                                "go",
                                PERSON,
                                "an-id",
                                NOON.minusSeconds(1))),
                new Event.WaitBegun(new ActionId("each/2/wait"), null, "deploy.finished"),
                new Event.Received(4, new Mail.Happened(PERSON, "deploy.finished", LARGE)),
                new Event.EventTaken(new ActionId("each/2/wait"), 4),
                new Event.WaitBegun(new ActionId("later"), NOON.plusSeconds(60), null),
                new Event.Lapsed(List.of(new ActionId("later")), "its time is over"),
                new Event.ActionStarted(
                        new ActionId("again"),
                        2,
                        "t",
                        Tier.READ,
                        SMALL,
                        null,
                        "key",
                        true,
                        Duration.ofSeconds(10),
                        "may",
                        new Retry(3, Duration.ofSeconds(1), Duration.ofMinutes(1)),
                        null),
                new Event.ActionStarted(
                        new ActionId("paid"),
                        1,
                        "t",
                        Tier.READ,
                        SMALL,
                        null,
                        "key",
                        true,
                        Duration.ofSeconds(10),
                        "may",
                        null,
                        new ToolPrice(
                                new Money(500),
                                new ToolPrice.Reported("/cost", new Money(1_000_000)))),
                new Event.ActionStarted(
                        new ActionId("dear"),
                        1,
                        "t",
                        Tier.READ,
                        SMALL,
                        null,
                        "key",
                        true,
                        Duration.ofSeconds(10),
                        "may",
                        null,
                        ToolPrice.of(new Money(500))),
                new Event.ActionEnded(
                        new ActionId("paid"), 1, new Ended.Done(SMALL), null, new Money(400)),
                new Event.Received(1, new Mail.Interrupt(PERSON, SMALL)),
                new Event.Interrupted(PERSON, List.of(action), SMALL),
                new Event.Received(2, new Mail.Redrive(PERSON)),
                new Event.Received(3, new Mail.Move(opened().definition(), PERSON)),
                new Event.MoveRefused(opened().definition(), PERSON, "a step is gone"),
                new Event.Moved(opened().definition(), opened().definition(), PERSON),
                new Event.Forked(ID, 7, List.of(PERSON), NOON, new Money(9), LARGE, true),
                new Event.CompactionCalled(
                        2,
                        1,
                        "capable",
                        Hash.of("order"),
                        Hash.of("p"),
                        List.of(SMALL),
                        7,
                        new Money(5)),
                new Event.Compacted(
                        2,
                        1,
                        "rehearsal",
                        "m",
                        SMALL,
                        new Usage(9, 0, 0, 3, 0),
                        new Money(2),
                        Duration.ofMillis(8)),
                new Event.CompactionFailed(
                        2,
                        1,
                        "openai",
                        "m",
                        ModelAnswer.Kind.GARBAGE,
                        "no summary",
                        Usage.NONE,
                        null),
                new Event.ModelCalled(
                        2,
                        1,
                        "capable",
                        Hash.of("q"),
                        null,
                        List.of(LARGE, SMALL),
                        5,
                        new Money(9),
                        new Mind("anthropic@1", "anthropic", "claude", 200_000),
                        new ContextEdit(
                                ContextEdit.How.COMPACTED,
                                9000,
                                4000,
                                List.of(
                                        new ContextEdit.Shortened(
                                                Hash.of("a"), Hash.of("b"), 5000, 700)),
                                1)),
                new Event.Closed(
                        StopReason.COMPLETED, Outcome.GOOD, LARGE, null, Usage.NONE, new Money(1)));
    }

    private static Event.ApprovalAsked asked() {
        var action = new ActionId("ask");
        return new Event.ApprovalAsked(
                action,
                "Post this?",
                LARGE,
                Question.digest(ID, action, "Post this?", LARGE),
                "sre-leads",
                NOON);
    }

    /// One of each kind of mail.
    static List<Mail> mails() {
        var person = opened().cause().getFirst();
        var action = new ActionId("1.0");
        return List.of(
                new Mail.Message(person, LARGE),
                new Mail.Cancel(person, "enough"),
                new Mail.ChildClosed(
                        action,
                        ID,
                        StopReason.COMPLETED,
                        Outcome.GOOD,
                        SMALL,
                        null,
                        Usage.NONE,
                        new Money(3)),
                new Mail.Resolve(action, true, person),
                new Mail.RaiseBudget(new Money(9), person),
                new Mail.RaiseChild(new ActionId("one"), new Money(9), person),
                new Mail.Answer(
                        asked().action(),
                        asked().digest(),
                        true,
                        "go",
                        PERSON,
                        "an-id",
                        NOON.minusSeconds(1)),
                new Mail.Happened(person, "deploy.finished", LARGE),
                new Mail.Interrupt(person, SMALL),
                new Mail.Redrive(person),
                new Mail.Move(opened().definition(), person));
    }

    @Test
    void every_event_comes_back_as_it_was_written() {
        var blobs = new HashMap<Hash, byte[]>();
        for (var event : oneOfEach()) {
            var encoded = LogCodec.encode(event);
            blobs.putAll(encoded.blobs());
            var body = Json.parse(encoded.body());
            assertThat(LogCodec.blobs(body)).isEqualTo(encoded.blobs().keySet());
            assertThat(LogCodec.event(LogCodec.VERSION, body, blobs::get)).isEqualTo(event);
        }
        assertThat(oneOfEach().stream().map(Object::getClass).distinct())
                .as("a new kind of event belongs into this test")
                .hasSize(Event.class.getPermittedSubclasses().length);
    }

    @Test
    void a_large_content_costs_its_hash_when_it_is_named_again() {
        var encoded = LogCodec.encode(opened());
        assertThat(encoded.body().length()).isLessThan(1200);
        assertThat(encoded.blobs()).containsOnlyKeys(LARGE.hash());
    }

    @Test
    void the_keys_of_a_large_answer_keep_the_order_they_were_given() {
        var answer =
                Json.object().put("z", "x".repeat(LogCodec.INLINE_BYTES)).put("a", 1).put("m", 2);
        var encoded = LogCodec.encode(new Event.OutputRejected(Content.derived(answer), List.of()));
        var again =
                (Event.OutputRejected)
                        LogCodec.event(
                                LogCodec.VERSION, Json.parse(encoded.body()), encoded.blobs()::get);
        assertThat(again.output().value().propertyNames()).containsExactly("z", "a", "m");
    }

    @Test
    void a_message_that_later_prompts_name_again_is_stored_apart_sooner_than_other_contents() {
        var text = content("x".repeat(LogCodec.INLINE_MESSAGE_BYTES));
        var called =
                new Event.ModelCalled(
                        1, 1, "capable", Hash.of("p"), null, List.of(text), 0, Money.ZERO);
        assertThat(LogCodec.encode(called).blobs()).containsOnlyKeys(text.hash());
        var ended = new Event.ActionEnded(new ActionId("1.0"), 1, new Ended.Done(text), null);
        assertThat(LogCodec.encode(ended).blobs()).isEmpty();
    }

    @Test
    void a_state_comes_back_as_it_was_written() {
        var state = State.first(new Recorded(ID, 1, 0, NOON, opened()));
        for (var event : oneOfEach().subList(1, oneOfEach().size())) {
            state = state.apply(event, NOON);
        }
        var encoded = LogCodec.encode(state);
        var again = LogCodec.state(Json.parse(encoded.body()), encoded.blobs()::get);
        assertThat(LogCodec.encode(again).body()).isEqualTo(encoded.body());
        assertThat(again.prompt().hash()).isEqualTo(state.prompt().hash());
    }
}
