package dev.remit.store.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.Principal;
import dev.remit.core.json.Hash;
import dev.remit.store.TestDatabases;
import dev.remit.store.database.Database;
import dev.remit.store.registry.Application.Kind;
import dev.remit.store.registry.PostgresRegistry.Applied;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresRegistryTest {
    private static final Principal ME = new Principal(Principal.Kind.PERSON, "local");
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static Database database;
    private static PostgresRegistry registry;

    @BeforeAll
    static void open() {
        database = TestDatabases.fresh();
        registry = new PostgresRegistry(database);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static Application application(String name, String text, String partOf) {
        var files = Map.of("agent.yaml", text, "instructions.md", "the same for all — always");
        return new Application(
                new DefinitionRef(name, Hash.of(name + text)),
                partOf == null ? Kind.WORKFLOW : Kind.AGENT,
                "about " + name,
                partOf,
                files);
    }

    private static List<Boolean> apply(Application... applications) {
        return registry.apply(List.of(applications), ME, NOON).stream()
                .map(Applied::changed)
                .toList();
    }

    @Test
    void applying_the_same_again_changes_nothing() {
        var copilot = application("copilot", "1", null);
        var triage = application("copilot.triage", "1", "copilot");
        assertThat(apply(copilot, triage)).containsExactly(true, true);
        assertThat(apply(copilot, triage)).containsExactly(false, false);
        assertThat(apply(application("copilot", "2", null), triage)).containsExactly(true, false);
        assertThat(registry.versions("copilot", null, 10))
                .extracting(DefinitionVersion::current)
                .containsExactly(true, false);
        assertThat(registry.files(triage.definition())).isEqualTo(triage.files());
        assertThat(registry.current("copilot.triage").orElseThrow())
                .satisfies(v -> {
                    assertThat(v.partOf()).isEqualTo("copilot");
                    assertThat(v.kind()).isEqualTo(Kind.AGENT);
                    assertThat(v.appliedBy()).isEqualTo("person:local");
                    assertThat(v.appliedAt()).isEqualTo(NOON);
                });
    }

    @Test
    void an_older_version_that_is_applied_again_is_current_again() {
        var first = application("back", "1", null);
        apply(first);
        apply(application("back", "2", null));
        assertThat(apply(first)).containsExactly(true);
        assertThat(registry.current("back").orElseThrow().definition())
                .isEqualTo(first.definition());
        var versions = registry.versions("back", null, 10);
        assertThat(versions).hasSize(2);
        assertThat(registry.versions("back", versions.getFirst().place(), 10)).hasSize(1);
    }

    @Test
    void nothing_is_half_applied() {
        var good = application("half.good", "1", null);
        var bad =
                new Application(
                        new DefinitionRef("half.z", Hash.of("z")),
                        Kind.AGENT,
                        "nul \0",
                        null,
                        Map.of());
        assertThatThrownBy(() -> apply(good, bad)).isInstanceOf(RuntimeException.class);
        assertThat(registry.current("half.good")).isEmpty();
        assertThatThrownBy(() -> registry.files(good.definition()))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void names_are_listed_in_order_page_by_page() {
        apply(application("list.b", "1", null), application("list.a", "1", null));
        assertThat(registry.list("list.", 1))
                .extracting(v -> v.definition().name())
                .containsExactly("list.a");
        assertThat(registry.list("list.a", 1))
                .extracting(v -> v.definition().name())
                .containsExactly("list.b");
    }

    @Test
    void many_may_apply_the_same_folder_at_once() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work =
                    IntStream.range(0, 40)
                            .<Callable<List<Boolean>>>mapToObj(i ->
                                    () ->
                                            i % 2 == 0
                                                    ? apply(
                                                            application("many.a", "1", null),
                                                            application("many.b", "1", null))
                                                    : apply(
                                                            application("many.b", "1", null),
                                                            application("many.a", "1", null)))
                            .toList();
            int changed = 0;
            for (var done : threads.invokeAll(work)) {
                changed += (int) done.get().stream().filter(c -> c).count();
            }
            assertThat(changed).isEqualTo(2);
        }
    }
}
