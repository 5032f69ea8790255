package dev.remit.server.api;

import dev.remit.core.identity.Principal;
import java.util.Locale;
import java.util.regex.Pattern;

/// Names of teams, principals and keys, as clients may choose them.
final class Names {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern PRINCIPAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.@_+-]{0,199}");
    private static final Pattern ROUTE = Pattern.compile("[\\x21-\\x7e&&[^,]]{1,200}");
    private static final int LONGEST_TITLE = 100;

    private Names() {}

    /// Of a team or an agent.
    ///
    /// @throws dev.remit.http.server.Problem 400 if it cannot be one
    static String name(String what, String text) {
        return matching(NAME, what, text, "up to 64 of A-Z, a-z, 0-9, ., _ and -");
    }

    static String route(String text) {
        return matching(ROUTE, "routes", text, "names of routes, or provider/model");
    }

    /// For people.
    static String title(String text) {
        if (text.length() > LONGEST_TITLE || text.chars().anyMatch(Character::isISOControl)) {
            throw Problems.badRequest(
                    "name is expected to be one line of at most " + LONGEST_TITLE + " characters");
        }
        return text.strip();
    }

    /// @param text such as `person:ada@example.org`
    static Principal principal(String text) {
        var colon = text.indexOf(':');
        if (colon < 0) {
            throw Problems.badRequest(
                    "a principal is expected as kind:name, such as person:ada@example.org");
        }
        return principal(text.substring(0, colon), text.substring(colon + 1));
    }

    static Principal principal(String kind, String name) {
        for (var known : Principal.Kind.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(kind)) {
                return new Principal(
                        known,
                        matching(
                                PRINCIPAL,
                                "the name of a principal",
                                name,
                                "up to 200 of A-Z, a-z, 0-9, ., @, _, + and -"));
            }
        }
        throw Problems.badRequest(
                "the kind of a principal is person, service, agent, schedule or webhook");
    }

    private static String matching(Pattern pattern, String what, String text, String right) {
        if (!pattern.matcher(text).matches()) {
            throw Problems.badRequest(what + " is expected to have " + right);
        }
        return text;
    }
}
