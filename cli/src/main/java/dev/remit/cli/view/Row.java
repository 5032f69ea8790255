package dev.remit.cli.view;

import dev.remit.client.SessionEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One agent's line on the board.
///
/// @param depth 0 for the session that is watched, 1 for its children
/// @param name what the parent calls it
/// @param doing what it does now, in a few words
/// @param tokens of all answers so far
/// @param writing tokens of the answer that is being written
/// @param waitingFor what it is idle for; empty while it runs
/// @param stopReason empty until it is closed
public record Row(
        String session,
        int depth,
        String name,
        String kind,
        String doing,
        int turn,
        String model,
        long tokens,
        long writing,
        @Nullable Long cost,
        @Nullable Instant began,
        @Nullable Instant ended,
        String waitingFor,
        String stopReason,
        String outcome) {
    private static final String SAYS = "says: ";

    /// In characters: wider than any terminal shows.
    private static final int MOST_SAID = 200;

    static Row begin(String session, int depth, String name, @Nullable Instant at) {
        return new Row(
                session, depth, name, "agent", "starts", 0, "", 0, 0, null, at, null, "", "", "");
    }

    /// The line after one more event.
    Row after(SessionEvent event) {
        var e = event.body();
        return switch (event.type()) {
            case "opened" ->
                    with("starts", "")
                            .named(
                                    name.isEmpty()
                                            ? e.path("definition").path("name").asString("")
                                            : name)
                            .began(event.at());
            case "recovered" -> with("taken up again", "");
            case "model_called" ->
                    with(e.path("attempt").asInt(1) > 1 ? "asks again" : "asks the model", "")
                            .turn(e.path("turn").asInt(0));
            case "progress" -> with(speaks() ? doing : "writes", "").writing(Said.news(event));
            case "token" -> with(SAYS + end(said() + words(event)), "");
            case "model_replied" -> replied(event);
            case "model_failed" ->
                    with(Said.words(e.path("kind").asString("failed")), "").writing(0);
            case "action_started" -> with("uses " + e.path("tool").asString(""), "");
            case "action_denied" -> with("denied: " + e.path("tool").asString(""), "");
            case "action_in_doubt" -> with("in doubt: " + e.path("action").asString(""), "");
            case "delegated" -> with("hands out work", "");
            case "recalled" -> with("takes work back", "");
            case "approval_asked" -> with("asks people: " + e.path("action").asString(""), "");
            case "wait_begun" -> with("waits: " + e.path("action").asString(""), "");
            case "output_rejected" -> with("rejected: " + Said.faults(e), "");
            case "received" ->
                    switch (e.path("mail").path("mail").asString("")) {
                        case "cancel" -> with("cancels", "");
                        case "interrupt" -> with("stops", "");
                        case "redrive" -> with("tries again", "");
                        default -> with(doing, "");
                    };
            case "interrupted" -> with("interrupted", "").writing(0);
            case "forked" -> with("forked", "");
            case "moved" -> with("goes on by another version", "");
            case "idled" ->
                    with(Said.waits(e.path("waiting")), e.path("waiting").path("for").asString(""));
            case "closed" -> closed(event);
            default -> this;
        };
    }

    /// Whether what it does is to say something, so that the end of it is of interest.
    boolean speaks() {
        return doing.startsWith(SAYS);
    }

    /// The end of what the model has said so far.
    String said() {
        return speaks() ? doing.substring(SAYS.length()) : "";
    }

    private static String words(SessionEvent event) {
        return event.body().path("news").path("text").asString("");
    }

    private static String end(String text) {
        return text.length() <= MOST_SAID ? text : text.substring(text.length() - MOST_SAID);
    }

    private Row replied(SessionEvent event) {
        var usage = event.body().path("usage");
        long more =
                usage.path("input").asLong(0)
                        + usage.path("cache_read").asLong(0)
                        + usage.path("cache_write").asLong(0)
                        + usage.path("output").asLong(0);
        var paid = Said.micros(event.body());
        return new Row(
                session,
                depth,
                name,
                kind,
                "answered",
                turn,
                event.body().path("model").asString(""),
                tokens + more,
                0,
                paid == null ? cost : (Long) ((cost == null ? 0 : cost) + paid),
                began,
                ended,
                "",
                stopReason,
                outcome);
    }

    private Row closed(SessionEvent event) {
        var e = event.body();
        var reason = e.path("reason").asString("").toLowerCase(java.util.Locale.ROOT);
        var judged =
                e.path("outcome").path("status").asString("").toLowerCase(java.util.Locale.ROOT);
        var why = e.path("why").asString("");
        var first = e.path("outcome").path("reasons").path(0).asString("");
        var words =
                reason.equals("completed")
                        ? Said.words(judged) + (judged.equals("not_good") ? ": " + first : "")
                        : Said.words(reason) + (why.isEmpty() ? "" : ": " + why);
        var usage = e.path("usage");
        long all =
                usage.path("input").asLong(0)
                        + usage.path("cache_read").asLong(0)
                        + usage.path("cache_write").asLong(0)
                        + usage.path("output").asLong(0);
        var paid = Said.micros(e);
        return new Row(
                session,
                depth,
                name,
                kind,
                words,
                turn,
                model,
                Math.max(tokens, all),
                0,
                paid == null ? cost : paid,
                began,
                event.at(),
                "",
                reason,
                judged);
    }

    public boolean isClosed() {
        return !stopReason.isEmpty();
    }

    /// Whether nothing happens here before a person does something.
    boolean needsPerson() {
        return switch (waitingFor) {
            case "message", "budget", "trouble", "approval" -> true;
            default -> false;
        };
    }

    private Row with(String nowDoing, String nowWaitingFor) {
        return new Row(
                session,
                depth,
                name,
                kind,
                nowDoing,
                turn,
                model,
                tokens,
                writing,
                cost,
                began,
                ended,
                nowWaitingFor,
                stopReason,
                outcome);
    }

    private Row named(String newName) {
        return new Row(
                session,
                depth,
                newName,
                kind,
                doing,
                turn,
                model,
                tokens,
                writing,
                cost,
                began,
                ended,
                waitingFor,
                stopReason,
                outcome);
    }

    private Row began(@Nullable Instant at) {
        return new Row(
                session,
                depth,
                name,
                kind,
                doing,
                turn,
                model,
                tokens,
                writing,
                cost,
                at,
                ended,
                waitingFor,
                stopReason,
                outcome);
    }

    private Row turn(int newTurn) {
        return new Row(
                session,
                depth,
                name,
                kind,
                doing,
                newTurn,
                model,
                tokens,
                0,
                cost,
                began,
                ended,
                waitingFor,
                stopReason,
                outcome);
    }

    private Row writing(long soFar) {
        return new Row(
                session,
                depth,
                name,
                kind,
                doing,
                turn,
                model,
                tokens,
                soFar,
                cost,
                began,
                ended,
                waitingFor,
                stopReason,
                outcome);
    }
}
