package dev.remit.gateway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class OncallCopilotTest {
    private static final Example EXAMPLE = Example.read("oncall-copilot");
    private static final int LONGEST = 60_000;

    static Stream<String> incidents() throws IOException {
        try (var files = Files.list(EXAMPLE.folder().resolve("incidents"))) {
            return files.map(f -> "incidents/" + f.getFileName()).sorted().toList().stream();
        }
    }

    @Test
    void four_specialists_answer_with_what_the_issue_asks_for() {
        assertThat(EXAMPLE.agents())
                .extracting(AgentDefinition::name)
                .containsExactlyInAnyOrder(
                        "oncall-copilot.triage",
                        "oncall-copilot.summary",
                        "oncall-copilot.comms",
                        "oncall-copilot.report");
        var merged = EXAMPLE.merged(EXAMPLE.file("incidents/redis-outage.json"));
        assertThat(merged.propertyNames())
                .containsExactlyInAnyOrder(
                        "suspected_root_causes",
                        "immediate_actions",
                        "missing_information",
                        "runbook_alignment",
                        "summary",
                        "comms",
                        "post_incident_report");
    }

    @ParameterizedTest
    @MethodSource("incidents")
    void every_incident_file_is_taken_and_answered_well(String file) {
        holds(EXAMPLE.file(file));
    }

    @Test
    void answers_are_good_for_whatever_an_alerting_system_sends() {
        LongStream.range(0, 10).forEach(OncallCopilotTest::holds);
    }

    @Test
    @Tag("slow")
    void answers_are_good_for_a_thousand_of_them() {
        LongStream.range(10, 1_000).parallel().forEach(OncallCopilotTest::holds);
    }

    private static void holds(long seed) {
        try {
            holds(Envelopes.random(seed));
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static void holds(JsonNode incident) {
        assertThat(EXAMPLE.refusal(incident)).isEmpty();
        var merged = EXAMPLE.merged(incident);
        assertThat(Json.write(merged).length()).isLessThan(LONGEST);
        assertThat(merged.at("/comms/slack_update").asString())
                .contains(incident.path("severity").asString());
        var times =
                elements(merged.at("/post_incident_report/timeline"))
                        .map(e -> Instant.parse(e.path("time").asString()))
                        .toList();
        assertThat(times).isSorted().isNotEmpty();
    }

    @Test
    void the_gravest_log_lines_are_quoted_word_for_word() {
        var causes = answer("triage", "incidents/redis-outage.json").path("suspected_root_causes");
        assertThat(causes.get(0).path("evidence").toString())
                .contains("2026-02-17T06:30:15Z FATAL All nodes unreachable – cluster DOWN");
        assertThat(causes.toString()).contains("maxmemory 8GB; used 7.98GB");
        assertThat(confidences(causes)).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void a_level_that_stands_beside_the_message_counts() {
        var incident = (ObjectNode) EXAMPLE.file("incidents/bare.json");
        incident.set(
                "logs",
                Json.parse(
                        """
                        [{"source": "a", "level": "info", "message": "could not be calmer"},
                         {"source": "b", "level": "error", "message": "boom in module q"}]
                        """));
        assertThat(answer("triage", incident).path("suspected_root_causes").toString())
                .contains("b: ERROR boom in module q")
                .doesNotContain("calmer");
    }

    @Test
    void the_more_is_known_the_more_confident_and_from_a_title_alone_hardly() {
        var full = (ObjectNode) EXAMPLE.file("incidents/node-pool-scaling.json");
        var bare = full.deepCopy().without(List.of("alerts", "logs", "metrics"));
        var some = full.deepCopy().without(List.of("alerts", "metrics"));
        assertThat(first(full)).isGreaterThan(first(some));
        assertThat(first(some)).isGreaterThan(first(bare));
        assertThat(first(bare)).isLessThanOrEqualTo(0.1);
    }

    private static double first(JsonNode incident) {
        var causes = answer("triage", incident).path("suspected_root_causes");
        return causes.get(0).path("confidence").asDouble();
    }

    @Test
    void what_is_absent_is_asked_for() {
        var bare = answer("triage", "incidents/bare.json");
        assertThat(questions(bare)).anyMatch(q -> q.contains("alerts"));
        assertThat(questions(bare)).anyMatch(q -> q.contains("logs"));
        assertThat(questions(bare)).anyMatch(q -> q.contains("runbook"));
        var full = answer("triage", "incidents/node-pool-scaling.json");
        assertThat(questions(full)).hasSizeLessThan(questions(bare).size());
        assertThat(questions(full)).noneMatch(q -> q.contains("logs"));
    }

    @ParameterizedTest
    @CsvSource({
        "incidents/redis-outage.json, 4, manually trigger failover",
        "incidents/noisy-logs.json, 4, pause it",
        "incidents/certificate-expired.json, 5, Issue a replacement",
        "incidents/tokyo-payments.json, 4, 接続プールの使用状況を確認する",
        "incidents/minimal-alert.json, 2, restart the pod"
    })
    void the_runbooks_own_steps_are_found_in_any_form(String file, int steps, String one) {
        var triage = answer("triage", file);
        var alignment = triage.path("runbook_alignment");
        assertThat(alignment.toString()).contains(one);
        long told =
                Stream.concat(
                                elements(alignment.path("matched_steps")),
                                elements(alignment.path("gaps")))
                        .filter(t -> t.asString().matches("Step \\d+\\b.*"))
                        .count();
        assertThat(told).isEqualTo(steps);
        assertThat(triage.path("immediate_actions").toString()).contains("Runbook step 1");
    }

    @ParameterizedTest
    @CsvSource({
        "SEV1, false, :rotating_light: 🔴 *SEV1 ACTIVE*",
        "SEV2, false, :rotating_light: 🟠 *SEV2 ACTIVE*",
        "SEV3, false, :warning: 🟡 *SEV3 ACTIVE*",
        "SEV4, false, :warning: 🔵 *SEV4 ACTIVE*",
        "SEV1, true, :white_check_mark: 🔴 *SEV1 RESOLVED*"
    })
    void the_slack_update_begins_with_status_and_severity(
            String severity, boolean over, String begins) {
        var incident = (ObjectNode) EXAMPLE.file("incidents/bare.json");
        incident.put("severity", severity);
        if (over) {
            ((ObjectNode) incident.path("timeframe")).put("end", "2026-03-03T19:42:00Z");
        }
        assertThat(answer("comms", incident).at("/comms/slack_update").asString())
                .startsWith(begins + " | INC-2026-0410\n*Checkout is down*\n");
    }

    @Test
    void nothing_in_an_incident_pings_a_channel() {
        var incident = (ObjectNode) EXAMPLE.file("incidents/bare.json");
        incident.put("title", "<!channel> <!here> <@U024BE7LH> is on fire");
        assertThat(answer("comms", incident).at("/comms/slack_update").asString())
                .doesNotContain("<!", "<@");
    }

    @Test
    void times_are_put_in_order_by_the_instant_and_not_by_the_text() {
        var incident = (ObjectNode) EXAMPLE.file("incidents/bare.json");
        ((ObjectNode) incident.path("timeframe")).put("start", "2026-03-04T03:00:00+09:00");
        incident.putArray("logs")
                .addObject()
                .put("source", "a")
                .putArray("lines")
                .add("2026-03-03T13:00:30-05:00 ERROR third")
                .add("2026-03-03T18:00:10Z ERROR first")
                .add("2026-03-03T23:30:20+05:30 ERROR second")
                .add("[2026-03-04 03:00:25,500+0900] WARN between")
                .add("{\"level\":\"error\",\"ts\":\"2026-03-03T18:00:40Z\",\"msg\":\"last\"}")
                .add("ERROR without a time, expires 2031-01-01T00:00:00Z");
        assertThat(
                        elements(answer("report", incident).at("/post_incident_report/timeline"))
                                .map(e -> e.path("time").asString()))
                .containsExactly(
                        "2026-03-03T18:00:00Z",
                        "2026-03-03T18:00:10Z",
                        "2026-03-03T18:00:20Z",
                        "2026-03-03T18:00:25.500Z",
                        "2026-03-03T18:00:30Z",
                        "2026-03-03T18:00:40Z");
    }

    @Test
    void figures_that_were_given_stand_in_the_impact() {
        assertThat(impact("incidents/redis-outage.json")).contains("94% error rate");
        assertThat(impact("incidents/tokyo-payments.json")).contains("38%", "1,240");
        assertThat(impact("incidents/certificate-expired.json"))
                .contains("41,000 users", "2 h 35 min");
        assertThat(impact("incidents/bare.json")).contains("No figures");
    }

    private static String impact(String file) {
        return answer("report", file).at("/post_incident_report/customer_impact").asString();
    }

    @Test
    void another_incident_gets_other_answers() {
        var incident = (ObjectNode) EXAMPLE.file("incidents/redis-outage.json");
        var other = incident.deepCopy();
        other.put("incident_id", "INC-1").put("title", "Something else is wrong");
        other.putArray("logs")
                .addObject()
                .put("timestamp", "2026-02-17T06:35:00Z")
                .put("source", "ledger")
                .put("message", "FATAL checksum mismatch in segment 7");
        var a = EXAMPLE.merged(incident);
        var b = EXAMPLE.merged(other);
        for (var part :
                List.of(
                        "/suspected_root_causes",
                        "/immediate_actions",
                        "/summary/what_happened",
                        "/summary/current_status",
                        "/comms/slack_update",
                        "/comms/stakeholder_update",
                        "/post_incident_report/timeline",
                        "/post_incident_report/prevention_actions")) {
            assertThat(b.at(part)).as(part).isNotEqualTo(a.at(part));
        }
        assertThat(b.path("suspected_root_causes").toString()).contains("checksum mismatch");
        assertThat(b.path("summary").toString()).contains("INC-1", "Something else is wrong");
    }

    @Test
    void no_secret_of_the_logs_comes_out() {
        var merged = Json.write(EXAMPLE.merged(EXAMPLE.file("incidents/leaky-logs.json")));
        assertThat(merged)
                .doesNotContain(
                        "AKIAIOSFODNN7EXAMPLE",
                        "wJalrXUtnFEMI",
                        "not-a-real-password",
                        "eyJhbGciOiJIUzI1NiJ9",
                        "example0example0",
                        "ghp_EXAMPLE",
                        "correct-horse-example")
                .contains("[redacted:");
    }

    @Test
    void eight_hundred_lines_become_a_timeline_that_can_be_read() {
        var timeline =
                answer("report", "incidents/noisy-logs.json")
                        .at("/post_incident_report/timeline")
                        .toString();
        assertThat(timeline)
                .contains("bulk job reindex-all started", "no space left on device", "such lines)");
        assertThat(timeline.length()).isLessThan(5_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100})
    @Tag("slow")
    void the_size_of_an_answer_is_bounded_whatever_the_size_of_the_incident(int times) {
        var incident = (ObjectNode) EXAMPLE.file("incidents/noisy-logs.json");
        incident.put("title", "x".repeat(1_000 * times));
        incident.put("runbook_excerpt", "Step 1: look at the logs. ".repeat(20 * times));
        var lines = incident.putArray("logs").addObject().put("source", "a").putArray("lines");
        IntStream.range(0, 80 * times)
                .forEach(i ->
                        lines.add("ERROR kind " + Integer.toString(i, 36) + " " + "y".repeat(300)));
        assertThat(Json.write(EXAMPLE.merged(incident)).length()).isLessThan(LONGEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|''|must be an object",
                "{\"title\":\"t\",\"severity\":\"SEV1\",\"timeframe\":{\"start\":\"2026-01-01T00:00:00Z\"}}|''|`incident_id` is missing",
            })
    void an_incident_without_what_is_needed_is_refused(String json, String pointer, String wrong) {
        refused(Json.parse(json), pointer, wrong);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/incident_id|7|must be text",
                "/incident_id|\" \"|not blank",
                "/title|null|must be text",
                "/title|\"\"|not blank",
                "/severity|\"SEV5\"|SEV1",
                "/severity|\"sev1\"|SEV1",
                "/severity|1|",
                "/timeframe|\"2026-01-01T00:00:00Z\"|must be an object",
                "/timeframe|{}|`start` is missing",
                "/timeframe/start|\"yesterday\"|a date and time in ISO 8601",
                "/timeframe/start|null|",
                "/timeframe/start|\"2026-02-30T00:00:00Z\"|a date and time in ISO 8601",
                "/timeframe/end|\"soon\"|or null as long as it is going on",
                "/alerts|\"fire\"|must be a list or null, not text",
                "/alerts|[\"fire\"]|must be an object",
                "/alerts|[{}]|",
                "/logs|{\"source\":\"a\"}|must be",
                "/logs|[{\"source\":\"a\"}]|a source with its lines, or one entry with its message",
                "/logs|[{\"source\":\"a\",\"lines\":\"one\"}]|",
                "/logs|[{\"source\":\"a\",\"lines\":[1]}]|must be text",
                "/logs|[{\"source\":\"a\",\"message\":{}}]|",
                "/metrics|[1]|must be an object",
                "/runbook_excerpt|[\"one\"]|must be",
                "/constraints|\"none\"|must be",
                "/constraints|{\"max_time_minutes\":\"20\"}|must be",
            })
    void an_incident_with_garbage_is_refused_and_told_where(
            String pointer, String value, String wrong) {
        var incident = EXAMPLE.file("incidents/bare.json");
        int end = pointer.lastIndexOf('/');
        ((ObjectNode) incident.at(pointer.substring(0, end)))
                .set(pointer.substring(end + 1), Json.parse(value));
        refused(incident, pointer, wrong == null ? "" : wrong);
    }

    private static void refused(JsonNode incident, String pointer, String wrong) {
        var faults = EXAMPLE.refusal(incident);
        assertThat(faults).isNotEmpty();
        assertThat(faults).allMatch(f -> f.pointer().startsWith(pointer));
        assertThat(faults).anyMatch(f -> f.wrong().contains(wrong));
        assertThat(faults.getFirst().wrong()).isNotBlank();
    }

    private static JsonNode answer(String agent, String file) {
        return answer(agent, EXAMPLE.file(file));
    }

    private static JsonNode answer(String agent, JsonNode incident) {
        return Example.answer(
                EXAMPLE.agents().stream()
                        .filter(a -> a.name().endsWith("." + agent))
                        .findFirst()
                        .orElseThrow(),
                incident);
    }

    private static List<String> questions(JsonNode triage) {
        return elements(triage.path("missing_information"))
                .map(m -> m.path("question").asString())
                .toList();
    }

    private static List<Double> confidences(JsonNode causes) {
        return elements(causes).map(c -> c.path("confidence").asDouble()).toList();
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
