package dev.remit.gateway.relay;

import dev.remit.core.identity.LiveKey;
import dev.remit.core.money.Attempt;
import dev.remit.core.money.Scope;
import dev.remit.gateway.wire.Facts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who calls, and what they may.
///
/// @param key with its permissions, routes and limits
public record Caller(Attempt.Who who, LiveKey key) {
    private static final int MOST_TAGS = 32;
    private static final int LONGEST = 512;

    boolean mayUse(String route) {
        return key.key().mayUse(route);
    }

    /// Everybody whose budgets the call counts towards.
    List<Scope> scopes() {
        var scopes = new ArrayList<Scope>(5);
        scopes.add(Scope.ORGANISATION);
        add(scopes, Scope.Kind.TEAM, who.team());
        add(scopes, Scope.Kind.AGENT, who.agent());
        add(scopes, Scope.Kind.SESSION, who.session());
        add(scopes, Scope.Kind.KEY, who.key());
        return List.copyOf(scopes);
    }

    private @Nullable String user(Facts facts) {
        var said = who.user() == null ? facts.user() : who.user();
        return said == null ? null : cut(said);
    }

    private static String cut(String said) {
        return said.length() <= LONGEST ? said : said.substring(0, LONGEST);
    }

    private static void add(List<Scope> scopes, Scope.Kind kind, @Nullable String name) {
        if (name != null && !name.isEmpty()) {
            scopes.add(new Scope(kind, name));
        }
    }

    /// With what the body of the request says of who is behind it. Headers win.
    Caller with(Facts facts) {
        if (facts.user() == null && facts.metadata().isEmpty()) {
            return this;
        }
        var tags = new HashMap<String, String>();
        facts.metadata()
                .forEach((name, value) -> {
                    if (tags.size() < MOST_TAGS) {
                        tags.put(cut(name), cut(value));
                    }
                });
        tags.putAll(who.tags());
        return new Caller(
                new Attempt.Who(
                        who.cause(),
                        who.key(),
                        who.team(),
                        who.agent(),
                        who.session(),
                        who.parent(),
                        user(facts),
                        tags),
                key);
    }
}
