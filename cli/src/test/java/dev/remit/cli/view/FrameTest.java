package dev.remit.cli.view;

import static dev.remit.cli.Events.START;
import static dev.remit.cli.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Golden pictures of the board.
class FrameTest {
    private static final Style ASCII = new Style(false, false);
    private final Board board = new Board("root");

    @BeforeEach
    void four_agents_at_work() {
        board.add(event("root", 1, 0, "{'type':'opened','definition':{'name':'oncall-copilot'}}"));
        for (var name : new String[] {"triage", "summary", "comms", "report"}) {
            board.add(
                    event(
                            "root",
                            2,
                            100,
                            "{'type':'delegated','action':'" + name + "','child':'" + name + "'}"));
            board.add(event(name, 1, 100, "{'type':'opened','definition':{'name':'x'}}"));
        }
        board.add(
                event(
                        "triage",
                        2,
                        200,
                        "{'type':'model_called','turn':1,'attempt':1,'route':'r'}"));
        board.add(
                event(
                        "triage",
                        3,
                        900,
                        "{'type':'model_replied','turn':1,'model':'gpt-5.2','cost':12300,"
                                + "'usage':{'input':1000,'output':234}}"));
        board.add(
                event(
                        "triage",
                        4,
                        1000,
                        "{'type':'closed','reason':'completed','outcome':{'status':'good'},"
                                + "'usage':{'input':1000,'output':234},'cost':12300}"));
        board.add(
                event(
                        "summary",
                        2,
                        200,
                        "{'type':'model_called','turn':1,'attempt':1,'route':'r'}"));
        board.add(event("summary", 0, 0, "{'type':'progress','news':{'tokens':57}}"));
        board.add(
                event(
                        "comms",
                        2,
                        200,
                        "{'type':'idled','waiting':{'for':'trouble','why':'was it sent?'}}"));
        board.add(
                event(
                        "report",
                        2,
                        300,
                        "{'type':'closed','reason':'failed','why':'no model answered',"
                                + "'outcome':{'status':'unverified'}}"));
    }

    private static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    @Test
    void a_wide_terminal_shows_everything() {
        assertThat(Frame.draw(board, at(3000), 110, 40, Style.PLAIN))
                .containsExactly(
                        "⠋ oncall-copilot  2 of 4 done                                                1,291    0.0123 USD      3.0 s",
                        "  ✓ triage        good                                          gpt-5.2      1,234    0.0123 USD      0.9 s",
                        "  ⠋ summary       turn 1: writes                                                57                    2.9 s",
                        "  ! comms         waits for a person: was it sent?                                                    2.9 s",
                        "  ✗ report        failed: no model answered                                                           0.2 s");
    }

    @Test
    void a_narrow_terminal_shows_what_fits_and_no_line_is_wider_than_it() {
        for (int width : new int[] {20, 30, 40, 50, 60, 79, 80, 100, 200}) {
            assertThat(Frame.draw(board, at(3000), width, 40, Style.PLAIN))
                    .hasSize(5)
                    .allSatisfy(line -> assertThat(Cells.width(line)).isLessThanOrEqualTo(width));
        }
    }

    @Test
    void a_low_terminal_shows_those_that_still_work() {
        assertThat(Frame.draw(board, at(3000), 80, 5, ASCII))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).contains("summary"))
                .last()
                .asString()
                .contains("... and 3 more");
    }

    @Test
    void a_terminal_without_unicode_gets_ascii_alone() {
        assertThat(Frame.draw(board, at(3000), 110, 40, ASCII))
                .allSatisfy(line -> assertThat(line).matches("\\p{ASCII}*"));
    }

    @Test
    void the_end_of_the_family_counts_once() {
        board.add(
                event(
                        "root",
                        6,
                        5000,
                        "{'type':'closed','reason':'completed','outcome':{'status':'not_good',"
                                + "'reasons':['report failed']},'usage':{'input':1000,'output':234},'cost':12300}"));

        assertThat(Frame.draw(board, at(9000), 110, 40, Style.PLAIN).getFirst())
                .isEqualTo(
                        "✗ oncall-copilot  not good: report failed                                    1,234    0.0123 USD      5.0 s");
    }

    @Test
    void what_a_model_says_is_shown_by_its_end() {
        var says =
                "{'type':'token','news':{'call':2,'offset':0,'text':'The cause is most likely '}}";
        board.add(event("summary", 0, 0, says));
        board.add(
                event(
                        "summary",
                        0,
                        0,
                        "{'type':'token','news':{'text':'the new cache\\nof today'}}"));
        board.add(event("summary", 0, 0, "{'type':'progress','news':{'tokens':60}}"));
        assertThat(Frame.draw(board, at(3000), 110, 40, Style.PLAIN))
                .anyMatch(line -> line.contains("turn 1: … most likely the new cache of today"));
        board.add(event("summary", 3, 900, "{'type':'model_replied','turn':1,'usage':{}}"));
        assertThat(board.row("summary").doing()).isEqualTo("answered");
    }
}
