package dev.remit.cli;

import dev.remit.client.ApiException;
import dev.remit.client.RemitClient;
import dev.remit.client.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Finds the session that somebody means by a whole id, the beginning of one, or `last`.
final class SessionIds {
    private static final int WHOLE = 36;
    private static final int SHORTEST = 8;

    /// A family shares this much of its ids: the time at which it began.
    private static final int FAMILY = 13;

    private static final int MOST_PAGES = 50;

    private final RemitClient client;

    SessionIds(RemitClient client) {
        this.client = client;
    }

    /// @throws Failure if there is none, or more than one
    String find(String meant) {
        var text = meant.strip().toLowerCase(Locale.ROOT);
        if (text.equals("last")) {
            var newest = client.sessions(java.util.Map.of("limit", "1")).items();
            if (newest.isEmpty()) {
                throw Failure.usage("there is no session yet", "./remit run starts one.");
            }
            return newest.getFirst().id();
        }
        if (!text.matches("[0-9a-f-]+")) {
            throw Failure.usage(
                    "not a session id: " + meant,
                    "An id, its first "
                            + SHORTEST
                            + " or more characters, or `last`; ./remit sessions lists them.");
        }
        if (text.length() == WHOLE) {
            return text;
        }
        if (text.length() < SHORTEST) {
            throw Failure.usage(
                    "too short to be sure: " + meant,
                    "At least " + SHORTEST + " characters of the id; ./remit sessions lists them.");
        }
        var found = startingWith(text);
        if (found.isEmpty()) {
            throw Failure.usage("no session begins with " + meant, "./remit sessions lists them.");
        }
        if (found.size() > 1) {
            var advice = new ArrayList<String>();
            found.stream().limit(10).forEach(s -> advice.add("  " + s.id() + "  " + s.agent()));
            advice.add("Give more of the id.");
            throw Failure.usage(
                    "several sessions begin with " + meant + ":", advice.toArray(String[]::new));
        }
        return found.getFirst().id();
    }

    private List<Session> startingWith(String text) {
        var family = text.substring(0, Math.min(FAMILY, text.length()));
        var found = new ArrayList<Session>();
        var filter = new HashMap<String, String>();
        filter.put("limit", "100");
        for (int page = 0; page < MOST_PAGES; page++) {
            var sessions = client.sessions(filter);
            sessions.items().stream()
                    .filter(s -> s.id().startsWith(family))
                    .flatMap(this::withChildren)
                    .filter(s -> s.id().startsWith(text))
                    .forEach(found::add);
            var last = sessions.items().isEmpty() ? "" : sessions.items().getLast().id();
            boolean older = last.compareTo(text) < 0;
            var next = sessions.next();
            if (next == null || older) {
                break;
            }
            filter.put("cursor", next);
        }
        // A parent goes before its children: what is typed for one of several is most often the
        // parent.
        var parents = found.stream().filter(s -> s.json().path("parent").isMissingNode()).toList();
        return parents.size() == 1 ? parents : found;
    }

    private Stream<Session> withChildren(Session session) {
        return Stream.concat(
                Stream.of(session),
                session.children().stream().map(c -> childOrEmpty(c.session())));
    }

    private Session childOrEmpty(String id) {
        try {
            return client.session(id);
        } catch (ApiException gone) {
            return new Session(dev.remit.core.json.Json.object());
        }
    }
}
