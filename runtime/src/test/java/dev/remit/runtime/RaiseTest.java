package dev.remit.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.agent.WorkflowStep;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.money.Money;
import dev.remit.core.session.Mail;
import dev.remit.core.session.StopReason;
import dev.remit.core.session.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A child's budget is part of its parent's: raising it takes from what the parent has left.
class RaiseTest {
    private static final ActionId ONE = new ActionId("one");

    private final Stage stage;
    private final SessionId parent;
    private final SessionId one;
    private final SessionId two;

    /// A parent with 30 whose two children got 15 each, and want 16 for a call.
    RaiseTest() {
        var first = Cast.agent("one");
        var second = Cast.agent("two");
        var both =
                new WorkflowDefinition(
                        "both",
                        Hash.of("both"),
                        "a workflow",
                        null,
                        List.of(
                                new WorkflowStep.Parallel(
                                        List.of(
                                                new WorkflowStep.Agent("one", "one", null),
                                                new WorkflowStep.Agent("two", "two", null)),
                                        WorkflowStep.IfOneFails.KEEP_OTHERS)),
                        List.of(),
                        null,
                        Duration.ofHours(5),
                        Map.of("one", first.ref(), "two", second.ref()),
                        Map.of());
        stage = new Stage(both, first, second);
        stage.bound = new Money(16);
        stage.model = request -> Stage.says("{}");
        parent = stage.open(both, Json.object(), new Money(30), Duration.ofHours(1));
        one = SessionId.child(parent, ONE);
        two = SessionId.child(parent, new ActionId("two"));
        stage.play();
        assertThat(stage.state(one).waiting()).isInstanceOf(Waiting.Budget.class);
        assertThat(stage.state(two).waiting()).isInstanceOf(Waiting.Budget.class);
        assertThat(stage.state(parent).committed()).isEqualTo(new Money(30));
    }

    private void raiseOne(long limit) {
        stage.send(parent, new Mail.RaiseChild(ONE, new Money(limit), Stage.SOMEBODY));
        stage.play();
    }

    private void raiseParent(long limit) {
        stage.send(parent, new Mail.RaiseBudget(new Money(limit), Stage.SOMEBODY));
        stage.play();
    }

    @Test
    void a_child_gets_nothing_that_its_parent_does_not_have() {
        raiseOne(16);
        assertThat(stage.requests).isEmpty();
        assertThat(stage.state(one).budget()).isEqualTo(new Money(15));
        assertThat(stage.state(parent).committed()).isEqualTo(new Money(30));
    }

    @Test
    void what_a_child_gets_is_missing_to_its_parent_and_to_its_siblings() {
        raiseParent(31);
        raiseOne(16);
        assertThat(stage.state(one).closed().reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(stage.requests).hasSize(1);
        // the first spent 7 of its 16, which came back: 31 - 7 - 15 are left for the other
        assertThat(stage.state(parent).committed()).isEqualTo(new Money(22));
        stage.send(parent, new Mail.RaiseChild(new ActionId("two"), new Money(25), Stage.SOMEBODY));
        stage.play();
        assertThat(stage.state(two).waiting()).isInstanceOf(Waiting.Budget.class);
        stage.send(parent, new Mail.RaiseChild(new ActionId("two"), new Money(24), Stage.SOMEBODY));
        stage.play();
        assertThat(stage.state(parent).closed().reason()).isEqualTo(StopReason.COMPLETED);
        assertThat(stage.state(parent).totals().cost()).isEqualTo(new Money(14));
    }

    @Test
    void a_child_that_is_lowered_again_keeps_what_its_parent_set_aside() {
        raiseParent(60);
        stage.send(parent, new Mail.RaiseChild(ONE, new Money(40), Stage.SOMEBODY));
        stage.send(parent, new Mail.RaiseChild(ONE, new Money(10), Stage.SOMEBODY));
        assertThat(stage.state(one).closed()).isNull();
        stage.play();
        assertThat(stage.state(one).budget()).isEqualTo(new Money(10));
        assertThat(stage.state(one).waiting()).isInstanceOf(Waiting.Budget.class);
        assertThat(stage.state(parent).committed()).isEqualTo(new Money(55));
    }
}
