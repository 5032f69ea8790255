package dev.remit.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bench.campaign.Fault.Family;
import dev.remit.bench.campaign.witness.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static Plan plan(long seed) {
        return Plan.of(seed, 3, 600_000, EnumSet.allOf(Family.class));
    }

    @Test
    void the_same_seed_gives_the_same_plan_and_another_one_another() {
        assertThat(plan(7)).isEqualTo(plan(7));
        assertThat(plan(7).faults()).isNotEqualTo(plan(8).faults());
    }

    @Test
    void every_kind_of_fault_comes_in_ten_minutes_of_a_few_seeds() {
        var kinds = EnumSet.noneOf(Fault.Kind.class);
        for (long seed = 1; seed <= 3; seed++) {
            plan(seed).faults().forEach(fault -> kinds.add(fault.kind()));
        }
        assertThat(kinds).isEqualTo(EnumSet.allOf(Fault.Kind.class));
    }

    @Test
    void nothing_is_broken_twice_at_the_same_time() {
        var faults = plan(3).faults();
        for (var one : faults) {
            for (var other : faults) {
                boolean apart = one.until() < other.at() || other.until() < one.at();
                assertThat(one == other || apart || !one.place().equals(other.place()))
                        .as("%s and %s", one, other)
                        .isTrue();
            }
        }
    }

    @Test
    void only_what_was_asked_for_is_broken() {
        var plan = Plan.of(1, 3, 600_000, EnumSet.of(Family.KILL, Family.DISK));
        assertThat(plan.faults()).isNotEmpty();
        assertThat(plan.faults())
                .allMatch(f -> f.kind().family == Family.KILL || f.kind().family == Family.DISK);
        assertThat(Plan.of(1, 3, 600_000, EnumSet.noneOf(Family.class)).faults()).isEmpty();
    }

    @Test
    void a_wrong_command_line_gets_a_word() throws Wish.Wrong {
        assertThatThrownBy(() -> Wish.parse(new String[] {"--faults", "rain"}))
                .hasMessageContaining("no faults called rain");
        assertThatThrownBy(() -> Wish.parse(new String[] {"--minutes", "0"}))
                .hasMessageContaining("number of minutes");
        assertThatThrownBy(() -> Wish.parse(new String[] {"--nodes"}))
                .hasMessageContaining("needs a value");
        assertThatThrownBy(() -> Wish.parse(new String[] {"--temporal", "/nowhere/temporal"}))
                .hasMessageContaining("--temporal needs the program");
        var wish = Wish.parse(new String[] {"--seed", "5", "--faults", "kill,clock"});
        assertThat(wish.seed()).isEqualTo(5);
        assertThat(wish.faults()).containsExactly(Family.KILL, Family.CLOCK);
    }

    @Test
    void the_picture_shows_each_fault() {
        var plan = plan(2);
        var svg = Timeline.svg(plan, List.of(Tree.parse("{\"t\":1500}")), 1000, "a < b");
        assertThat(svg).contains("a &lt; b");
        assertThat(svg.split("<title>", -1)).hasSize(plan.faults().size() + 1);
    }

    /// The witnesses and the checker may share no fault with what they watch.
    @Test
    void those_who_judge_import_nothing_of_remit() throws IOException {
        var sources = Path.of("src/main/java/dev/remit/bench/campaign");
        for (var part : List.of("witness", "check")) {
            try (var files = Files.list(sources.resolve(part))) {
                for (var file : files.toList()) {
                    var strangers =
                            Files.readAllLines(file).stream()
                                    .filter(line -> line.contains("dev.remit."))
                                    .filter(line ->
                                            !line.contains("dev.remit.bench.campaign.witness")
                                                    && !line.contains(
                                                            "dev.remit.bench.campaign.check"))
                                    .collect(Collectors.toList());
                    assertThat(strangers).as(file.toString()).isEmpty();
                }
            }
        }
    }
}
