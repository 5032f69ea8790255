package dev.remit.bench.campaign.check;

import static dev.remit.bench.campaign.check.Finding.Kind.DUPLICATE;
import static dev.remit.bench.campaign.check.Finding.Kind.LOG;
import static dev.remit.bench.campaign.check.Finding.Kind.LOST;
import static dev.remit.bench.campaign.check.Finding.Kind.MONEY;
import static dev.remit.bench.campaign.check.Finding.Kind.STUCK;
import static dev.remit.bench.campaign.check.Finding.Kind.WRONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The checker bites: what a campaign wrote down is spoiled in one place, and it is found.
class CheckerTest {
    @TempDir Path path;
    private Folder folder;

    @BeforeEach
    void write() throws IOException {
        folder = new Folder(path);
    }

    private void finds(Finding.Kind kind, String words) throws IOException {
        assertThat(folder.verdict().findings())
                .anySatisfy(finding -> {
                    assertThat(finding.kind()).isEqualTo(kind);
                    assertThat(finding.what()).contains(words);
                });
    }

    @Test
    void nothing_is_found_where_nothing_is_wrong() throws IOException {
        var verdict = folder.verdict();
        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.sessions()).isEqualTo(1);
        assertThat(verdict.effects()).isEqualTo(2);
        assertThat(verdict.answers()).isEqualTo(3);
        assertThat(verdict.summary()).startsWith("0 lost, 0 unlisted duplicates, 0 stuck");
    }

    @Test
    void a_session_that_was_accepted_and_is_not_there_is_lost() throws IOException {
        folder.without("sessions.jsonl", "ID").without("events.jsonl", "ID");
        finds(LOST, "was accepted, and is not there");
    }

    @Test
    void a_session_that_nobody_asked_for_is_found() throws IOException {
        folder.without("clients.jsonl", "\"wish\",\"wish\":\"w-1\"");
        finds(LOST, "nobody asked for");
    }

    @Test
    void a_wish_with_two_sessions_is_a_duplicate() throws IOException {
        folder.with(
                "clients.jsonl",
                "{\"what\":\"accepted\",\"wish\":\"w-1\",\"id\":\"another\",\"status\":201}");
        finds(DUPLICATE, "accepted for a wish that had");
    }

    @Test
    void a_session_that_runs_for_ever_is_stuck() throws IOException {
        folder.change("sessions.jsonl", "\"closed\"", "\"running\"");
        finds(STUCK, "is running");
    }

    @Test
    void a_session_that_waits_for_a_timer_when_all_is_over_is_stuck() throws IOException {
        folder.change("sessions.jsonl", "\"closed\"", "\"idle\",\"waiting\":{\"for\":\"timer\"}");
        finds(STUCK, "is idle");
    }

    @Test
    void a_session_that_waits_for_a_person_and_says_why_is_not_stuck() throws IOException {
        folder.change(
                        "sessions.jsonl",
                        "\"closed\"",
                        "\"idle\",\"waiting\":{\"for\":\"trouble\",\"why\":\"look at it\"}")
                .without("events.jsonl", "\"closed\"")
                .change("sessions.jsonl", "\"head\":11", "\"head\":10");
        assertThat(folder.verdict().findings()).isEmpty();
    }

    @Test
    void an_effect_that_happened_twice_is_a_duplicate() throws IOException {
        folder.with(
                "effects.jsonl",
                "{\"key\":\"ID:1.0\",\"path\":\"/once\",\"n\":1,\"step\":0,\"end\":\"done\"}");
        finds(DUPLICATE, "happened 2 times");
    }

    @Test
    void a_step_that_was_done_under_two_keys_is_a_duplicate() throws IOException {
        folder.with(
                        "effects.jsonl",
                        "{\"key\":\"ID:7.0\",\"path\":\"/once\",\"n\":1,\"step\":0,\"end\":\"done\"}")
                .change("events.jsonl", "\"seq\":11", "\"seq\":12")
                .with("events.jsonl", Folder.started(11, "7.0", 0, false));
        finds(DUPLICATE, "under several keys");
    }

    @Test
    void an_effect_without_a_start_in_a_log_is_found() throws IOException {
        folder.with(
                "effects.jsonl",
                "{\"key\":\"ID:9.0\",\"path\":\"/once\",\"n\":1,\"step\":0,\"end\":\"done\"}");
        finds(LOST, "no log has its start");
    }

    @Test
    void what_a_log_calls_done_and_the_world_has_not_seen_is_lost() throws IOException {
        folder.without("effects.jsonl", "ID:1.0");
        finds(LOST, "did not happen");
    }

    @Test
    void what_a_log_calls_failed_and_the_world_has_seen_is_found() throws IOException {
        folder.change(
                "events.jsonl",
                "\"1.0\",\"end\":{\"end\":\"done\"}",
                "\"1.0\",\"end\":{\"end\":\"failed\"}");
        finds(LOST, "called failed, and happened");
    }

    @Test
    void what_is_in_doubt_may_have_happened_or_not() throws IOException {
        folder.change(
                        "events.jsonl",
                        "action_ended\",\"action\":\"1.0\",\"end\":{\"end\":\"done\"}",
                        "action_in_doubt\",\"action\":\"1.0\"")
                .change("sessions.jsonl", "[0,1],\"sum\":27", "[1],\"sum\":20");
        assertThat(folder.verdict().findings()).isEmpty();
        assertThat(folder.verdict().notes()).containsKey("actions that were in doubt");
    }

    @Test
    void a_gap_in_a_log_is_found() throws IOException {
        folder.without("events.jsonl", "\"seq\":9");
        finds(LOG, "where 9 should be");
    }

    @Test
    void an_epoch_that_goes_back_is_found() throws IOException {
        folder.change("events.jsonl", "\"seq\":10,\"epoch\":2", "\"seq\":10,\"epoch\":1");
        finds(LOG, "goes back from epoch 2");
    }

    @Test
    void mail_that_was_skipped_is_found() throws IOException {
        folder.change("events.jsonl", "\"position\":1", "\"position\":2");
        finds(LOG, "took in mail 2 behind 0");
    }

    @Test
    void a_wrong_sum_is_found() throws IOException {
        folder.change("sessions.jsonl", "\"sum\":27", "\"sum\":28");
        finds(WRONG, "says the sum is 28");
    }

    @Test
    void a_step_that_was_done_and_not_told_is_found() throws IOException {
        folder.change("sessions.jsonl", "[0,1],\"sum\":27", "[1],\"sum\":20");
        finds(WRONG, "was told of steps [1] instead of [0, 1]");
    }

    @Test
    void steps_out_of_order_are_found() throws IOException {
        folder.change("sessions.jsonl", "[0,1]", "[1,0]");
        finds(WRONG, "was told of steps");
    }

    @Test
    void a_message_that_was_not_heard_is_found() throws IOException {
        folder.change("sessions.jsonl", "\"heard\":[5]", "\"heard\":[]");
        finds(WRONG, "heard [] of the messages [5]");
    }

    @Test
    void an_end_that_nobody_asked_for_is_found() throws IOException {
        folder.change("sessions.jsonl", "\"completed\"", "\"cancelled\"");
        finds(WRONG, "nobody asked for it");
    }

    @Test
    void a_row_that_is_off_by_one_is_found() throws IOException {
        folder.change("ledger.jsonl", "\"cost_micros\":50", "\"cost_micros\":49");
        finds(MONEY, "was billed with 50 micro-dollars, and is written down with 49");
    }

    @Test
    void a_row_that_is_missing_is_found() throws IOException {
        folder.without("ledger.jsonl", "m1-2");
        finds(MONEY, "50 micro-dollars were billed and are in no row");
    }

    @Test
    void a_row_that_stands_there_twice_is_found() throws IOException {
        folder.with("ledger.jsonl", Folder.row(2, 50));
        finds(MONEY, "stands in the ledger twice");
    }

    @Test
    void a_row_that_nobody_billed_is_found() throws IOException {
        folder.with("ledger.jsonl", Folder.row(77, 50));
        finds(MONEY, "never billed");
    }

    @Test
    void money_of_the_dead_where_nobody_died_is_found() throws IOException {
        folder.with(
                "ledger.jsonl",
                "{\"end\":\"unattributed\",\"scope\":\"organisation\",\"cost_micros\":5}");
        finds(MONEY, "no node had died");
    }

    @Test
    void what_a_dead_node_did_not_write_is_covered_by_what_it_held() throws IOException {
        folder.without("ledger.jsonl", "m1-2")
                .change("plan.json", "[]", "[{\"kind\":\"kill\",\"family\":\"kill\",\"node\":1}]")
                .with(
                        "ledger.jsonl",
                        "{\"end\":\"unattributed\",\"scope\":\"organisation\",\"cost_micros\":50}");
        assertThat(folder.verdict().findings()).isEmpty();
    }

    @Test
    void a_budget_that_was_exceeded_is_found_on_the_invoice() throws IOException {
        folder.change("clients.jsonl", "\"limit\":1000", "\"limit\":39");
        finds(MONEY, "may spend 39 and was billed 40");
    }

    @Test
    void a_budget_beyond_its_limit_is_found() throws IOException {
        folder.change("budgets.jsonl", "\"held_micros\":900", "\"held_micros\":961");
        finds(MONEY, "beyond its limit");
    }
}
