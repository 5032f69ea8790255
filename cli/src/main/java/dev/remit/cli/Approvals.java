package dev.remit.cli;

import dev.remit.client.ApiException;
import dev.remit.client.RemitClient;
import dev.remit.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The questions that sessions ask people, as the command shows and answers them.
final class Approvals {
    private static final int MOST_PAGES = 50;
    private static final int LONGEST = 2000;

    private Approvals() {}

    /// @param session only of it and of all that works for it; absent: all
    static List<JsonNode> open(RemitClient client, @Nullable String session) {
        var all = new ArrayList<JsonNode>();
        String cursor = null;
        for (int i = 0; i < MOST_PAGES; i++) {
            var page = client.approvals(session, cursor);
            all.addAll(page.items());
            cursor = page.next();
            if (cursor == null) {
                break;
            }
        }
        return all;
    }

    /// The question that somebody means by its id, the beginning of it, the session that asks, or
    /// `last`.
    ///
    /// @throws Failure if there is none, or more than one
    static JsonNode find(RemitClient client, String meant) {
        var text = meant.strip();
        var all = open(client, null);
        var found =
                text.equals("last")
                        ? all.stream().limit(1).toList()
                        : all.stream().filter(a -> isMeant(a, text)).toList();
        if (found.isEmpty() && text.indexOf('.') == 36) {
            return Json.object().put("id", text); // answered already: the server says by whom
        }
        if (found.isEmpty()) {
            throw Failure.usage(
                    "no open question is meant by " + meant, "./remit approvals lists them.");
        }
        if (found.size() > 1) {
            var advice = new ArrayList<String>();
            found.forEach(a -> advice.add("  " + text(a, "id") + "  " + title(a)));
            advice.add("Give the id of one.");
            throw Failure.usage(
                    found.size() + " open questions are meant by " + meant,
                    advice.toArray(String[]::new));
        }
        return found.getFirst();
    }

    private static boolean isMeant(JsonNode approval, String text) {
        return text.length() >= 8
                && (text(approval, "id").startsWith(text)
                        || text(approval, "session").startsWith(text)
                        || text(approval, "root").startsWith(text));
    }

    /// The question and all that is shown, in lines.
    static List<String> shown(JsonNode approval) {
        var lines = new ArrayList<String>();
        lines.add(title(approval));
        var shown = approval.path("shown");
        var text = shown.isString() ? shown.asString() : Json.pretty(shown);
        var cut =
                text.length() > LONGEST
                        ? text.substring(0, LONGEST)
                                + "\n… (./remit approvals -o json shows all of it)"
                        : text;
        cut.lines().forEach(line -> lines.add("  " + line));
        var expires = text(approval, "expires_at");
        if (!expires.isEmpty()) {
            lines.add("until " + Moments.of(expires));
        }
        return lines;
    }

    /// The commands that answer it.
    static List<String> answers(JsonNode approval) {
        var id = text(approval, "id");
        return List.of("./remit approve " + id, "./remit reject  " + id + " --note \"…\"");
    }

    static String title(JsonNode approval) {
        var by = text(approval, "by");
        return text(approval, "agent")
                + " asks"
                + (by.isEmpty() ? "" : " " + by)
                + ": "
                + approval.path("question").asString("approve `" + text(approval, "step") + "`?");
    }

    /// Asks on the terminal, where a person sits at it.
    ///
    /// @return whether something was answered, so that it is worth to watch on
    static boolean ask(Console console, RemitClient client, String session) {
        if (!console.isLive() || !console.shell().inIsTerminal()) {
            return false;
        }
        boolean answered = false;
        for (var approval : open(client, session)) {
            console.print("");
            console.print(shown(approval));
            var yes = yes(console);
            if (yes == null) {
                return answered;
            }
            try {
                client.answer(text(approval, "id"), yes, null, text(approval, "digest"));
            } catch (ApiException e) {
                console.note(String.valueOf(e.getMessage()));
            }
            answered = true;
        }
        return answered;
    }

    /// @return absent if it is left for later
    private static @Nullable Boolean yes(Console console) {
        var in =
                new BufferedReader(
                        new InputStreamReader(console.shell().in(), console.shell().locale()));
        while (true) {
            console.out().print("approve? y = yes, n = no, Enter = later: ");
            console.out().flush();
            try {
                var line = in.readLine();
                switch (line == null ? "" : line.strip().toLowerCase(Locale.ROOT)) {
                    case "" -> {
                        return null;
                    }
                    case "y", "yes" -> {
                        return true;
                    }
                    case "n", "no" -> {
                        return false;
                    }
                    default -> {}
                }
            } catch (IOException e) {
                return null;
            }
        }
    }

    static String text(JsonNode approval, String field) {
        return approval.path(field).asString("");
    }
}
