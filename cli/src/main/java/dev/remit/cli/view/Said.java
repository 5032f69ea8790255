package dev.remit.cli.view;

import dev.remit.client.SessionEvent;
import dev.remit.core.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// An event in a few words.
public final class Said {
    private static final int MOST = 400;
    private static final int SHORT_VERSION = 12;

    private Said() {}

    /// What happened, on one line.
    public static String of(SessionEvent event) {
        var e = event.body();
        return switch (event.type()) {
            case "opened" -> "opened: " + e.path("definition").path("name").asString("");
            case "recovered" -> "taken up again: " + text(e, "why");
            case "received" -> received(e.path("mail"));
            case "timer_fired" -> "its time has come";
            case "model_called" ->
                    "asks the model ("
                            + text(e, "route")
                            + "), turn "
                            + text(e, "turn")
                            + again(e)
                            + edited(e);
            case "model_replied" -> replied(e);
            case "compaction_called" ->
                    "has the oldest part of its prompt summed up ("
                            + text(e, "up_to")
                            + " messages), turn "
                            + text(e, "turn");
            case "compacted" -> "summed up: " + replied(e);
            case "compaction_failed" ->
                    "could not have it summed up: " + text(e, "why") + "; leaves it out";
            case "model_failed" -> failed(event);
            case "action_denied" -> "denied: " + text(e, "tool") + ", " + text(e, "rule");
            case "action_started" ->
                    "uses "
                            + text(e, "tool")
                            + " "
                            + brief(content(e.path("arguments")))
                            + again(e);
            case "action_ended" -> ended(event);
            case "action_in_doubt" ->
                    "in doubt: whether " + text(e, "action") + " happened, " + text(e, "why");
            case "delegated" ->
                    "hands "
                            + text(e, "action")
                            + " to "
                            + e.path("definition").path("name").asString("");
            case "recalled" -> "takes work back: " + text(e, "why");
            case "output_rejected" -> "answer rejected: " + faults(e);
            case "idled" -> waits(e.path("waiting"));
            case "decided" ->
                    "decides " + text(e, "action") + ": " + brief(content(e.path("value")));
            case "approval_asked" ->
                    "asks "
                            + (text(e, "by").isEmpty() ? "people" : text(e, "by"))
                            + ": "
                            + (text(e, "question").isEmpty()
                                    ? text(e, "action")
                                    : text(e, "question"))
                            + " "
                            + brief(content(e.path("shown")));
            case "wait_begun" ->
                    text(e, "event").isEmpty()
                            ? text(e, "action") + " waits" + until(text(e, "until"))
                            : text(e, "action") + " waits for the event " + text(e, "event");
            case "event_taken" -> text(e, "action") + " has its event";
            case "lapsed" -> joined(e.path("actions")) + ": " + text(e, "why");
            case "closed" -> closed(e);
            case "interrupted" ->
                    "interrupted by "
                            + principal(e.path("by"))
                            + (e.path("dropped").isEmpty()
                                    ? ""
                                    : ", not done: " + names(e.path("dropped")))
                            + (e.has("said") ? "; goes on with what was said" : "; listens");
            case "forked" ->
                    (e.path("rewind").asBoolean(false) ? "rewound from" : "forked from")
                            + " session "
                            + text(e, "from")
                            + " at event "
                            + text(e, "at");
            case "moved" ->
                    "goes on by version "
                            + version(e.path("to"))
                            + " (was "
                            + version(e.path("from"))
                            + "), by "
                            + principal(e.path("by"));
            case "move_refused" -> "stays with its version: " + text(e, "why");
            case "progress" -> "writes: " + news(event) + " tokens so far";
            default -> event.type().replace('_', ' ');
        };
    }

    /// How many output tokens have come, as a `progress` says.
    static long news(SessionEvent event) {
        return event.body().path("news").path("tokens").asLong(0);
    }

    /// What left the prompt with this call.
    private static String edited(JsonNode e) {
        var edit = e.path("edit");
        if (edit.isMissingNode() || edit.isNull()) {
            return "";
        }
        var said = new StringBuilder(", prompt ").append(words(text(edit, "how")));
        said.append(" from ").append(Amounts.count(edit.path("bytes_before").asLong(0)));
        said.append(" to ").append(Amounts.count(edit.path("bytes_after").asLong(0)));
        said.append(" bytes");
        int shortened = edit.path("shortened").size();
        int out = e.path("left_out").asInt(0);
        said.append(shortened == 0 ? "" : ", " + shortened + " results shortened");
        return said.append(out == 0 ? "" : ", " + out + " messages left out").toString();
    }

    private static String replied(JsonNode e) {
        var usage = e.path("usage");
        long tokens =
                usage.path("input").asLong(0)
                        + usage.path("cache_read").asLong(0)
                        + usage.path("cache_write").asLong(0)
                        + usage.path("output").asLong(0);
        var cost = Amounts.cost(micros(e));
        return text(e, "model")
                + " answered: "
                + Amounts.count(tokens)
                + " tokens"
                + (cost.isEmpty() ? "" : ", " + cost)
                + (text(e, "stop").equalsIgnoreCase("tool_use") ? ", wants to use tools" : "");
    }

    private static String failed(SessionEvent event) {
        var e = event.body();
        return "model call failed: "
                + words(text(e, "kind"))
                + ", "
                + text(e, "why")
                + retry(event);
    }

    private static String ended(SessionEvent event) {
        var end = event.body().path("end");
        return text(event.body(), "action")
                + switch (text(end, "end")) {
                    case "done" -> " done: " + brief(content(end.path("result")));
                    case "failed" -> " failed: " + text(end, "why") + retry(event);
                    default -> " ended unknown: " + text(end, "why");
                }
                + (event.body().has("cost")
                        ? " (" + Amounts.cost(event.body().path("cost").asLong(0)) + ")"
                        : "");
    }

    private static String received(JsonNode mail) {
        return switch (text(mail, "mail")) {
            case "message" -> "message: " + brief(content(mail.path("text")));
            case "child_closed" ->
                    text(mail, "action")
                            + " came back: "
                            + words(text(mail, "reason"))
                            + ", "
                            + words(mail.path("outcome").path("status").asString(""));
            case "answer" ->
                    mail.path("by").path("name").asString("somebody")
                            + (mail.path("approved").asBoolean(false) ? " approved " : " rejected ")
                            + text(mail, "action")
                            + (text(mail, "note").isEmpty() ? "" : ": " + text(mail, "note"));
            case "event" ->
                    "event " + text(mail, "name") + ": " + brief(content(mail.path("body")));
            case "cancel" -> "asked to cancel: " + text(mail, "why");
            case "resolve" ->
                    "a person says it "
                            + (mail.path("happened").asBoolean(false)
                                    ? "happened"
                                    : "did not happen");
            case "interrupt" ->
                    "asked to stop and listen"
                            + (mail.has("message")
                                    ? ", and to do: " + brief(content(mail.path("message")))
                                    : "");
            case "move" -> "asked to go on by version " + version(mail.path("to"));
            case "redrive" -> "asked to try again";
            case "raise_budget" -> "budget raised to " + Amounts.cost(mail.path("limit").asLong(0));
            case "raise_child" ->
                    "budget of "
                            + text(mail, "action")
                            + " raised to "
                            + Amounts.cost(mail.path("limit").asLong(0));
            default -> "received " + words(text(mail, "mail"));
        };
    }

    private static String principal(JsonNode principal) {
        return principal.path("kind").asString("").toLowerCase(Locale.ROOT)
                + ":"
                + text(principal, "name");
    }

    private static String names(JsonNode list) {
        return list.values().stream()
                .map(item -> Cells.harmless(item.asString("")))
                .collect(Collectors.joining(", "));
    }

    /// The first characters of a version: enough to name it.
    private static String version(JsonNode definition) {
        var version = text(definition, "version");
        return version.length() > SHORT_VERSION ? version.substring(0, SHORT_VERSION) : version;
    }

    /// What an idle session waits for.
    private static String joined(JsonNode names) {
        return String.join(", ", names.values().stream().map(n -> n.asString("")).toList());
    }

    static String waits(JsonNode waiting) {
        return switch (text(waiting, "for")) {
            case "message" -> "waits for a message";
            case "timer" -> "waits" + until(text(waiting, "at")) + ": " + text(waiting, "why");
            case "approval" -> "waits for people to answer: " + joined(waiting.path("actions"));
            case "event" -> "waits for the event " + joined(waiting.path("names"));
            case "session" ->
                    "waits for "
                            + waiting.path("sessions").size()
                            + (waiting.path("sessions").size() == 1 ? " agent" : " agents");
            case "budget" -> "waits for more budget: " + text(waiting, "why");
            case "trouble" -> "waits for a person: " + text(waiting, "why");
            default -> "waits for " + text(waiting, "for");
        };
    }

    private static String until(String at) {
        return at.isEmpty() ? "" : " until " + at.replaceAll("\\.\\d+Z$", "Z");
    }

    private static String closed(JsonNode e) {
        var reason = words(text(e, "reason"));
        var outcome = words(e.path("outcome").path("status").asString("unverified"));
        var why = text(e, "why");
        var reasons =
                e.path("outcome").path("reasons").values().stream()
                        .map(r -> Cells.harmless(r.asString("")))
                        .collect(Collectors.joining("; "));
        return "closed: "
                + reason
                + ", "
                + outcome
                + (why.isEmpty() ? "" : ", " + why)
                + (reasons.isEmpty() ? "" : " (" + reasons + ")");
    }

    static String faults(JsonNode e) {
        return e.path("faults").values().stream()
                .map(f -> Cells.harmless(f.asString("")))
                .collect(Collectors.joining("; "));
    }

    private static String again(JsonNode e) {
        return e.path("attempt").asInt(1) > 1 ? ", attempt " + text(e, "attempt") : "";
    }

    private static String retry(SessionEvent event) {
        var at = event.at();
        var retryAt = event.body().path("retry_at").asString("");
        if (retryAt.isEmpty() || at == null) {
            return "";
        }
        return "; again in " + Amounts.time(Duration.between(at, Instant.parse(retryAt)));
    }

    static @org.jspecify.annotations.Nullable Long micros(JsonNode e) {
        var cost = e.path("cost");
        return cost.isNumber() ? cost.asLong() : null;
    }

    /// The value in a content, however the server wrote it down.
    static JsonNode content(JsonNode content) {
        var inline = content.size() == 1 ? content.get("inline") : null;
        return inline == null ? content : inline;
    }

    private static String brief(JsonNode value) {
        if (value.isMissingNode() || (value.isContainer() && value.isEmpty())) {
            return "";
        }
        var text = value.isString() ? value.asString() : Json.write(value);
        var line = Cells.harmless(text).replace('\n', ' ');
        return line.length() > MOST ? line.substring(0, MOST) + "…" : line;
    }

    private static String text(JsonNode node, String field) {
        return Cells.harmless(node.path(field).asString("")).replace('\n', ' ');
    }

    /// `NOT_GOOD` as `not good`.
    public static String words(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
