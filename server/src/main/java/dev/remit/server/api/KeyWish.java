package dev.remit.server.api;

import dev.remit.core.identity.Key;
import dev.remit.core.identity.Permission;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.Role;
import dev.remit.store.identity.NewKey;
import dev.remit.store.identity.PostgresDirectory;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads which key a client wants. Nobody gains by making one: it never reaches further, and never
/// may more, than the key that makes it.
final class KeyWish {
    static final String[] FIELDS = {
        "name",
        "principal",
        "team",
        "agent",
        "routes",
        "role",
        "permissions",
        "limits",
        "expires_at",
        "budget"
    };

    private static final int MOST_ROUTES = 100;
    private static final long MOST = 1_000_000_000_000L;

    private final Key own;
    private final Body body;
    private final PostgresDirectory directory;
    private final Instant now;

    KeyWish(Key own, Body body, PostgresDirectory directory, Instant now) {
        this.own = own;
        this.body = body;
        this.directory = directory;
        this.now = now;
    }

    /// @throws dev.remit.http.server.Problem 403 if it would be more than the maker has
    NewKey read() {
        var caller = new Caller(own);
        var team = caller.team(body.findText("team").map(t -> Names.name("team", t)));
        var agent = caller.agent(body.findText("agent").map(a -> Names.name("agent", a)));
        var name = body.findText("name").map(Names::title).or(() -> agent).or(() -> team);
        var principal = principal(agent, name.orElse("key"));
        return new NewKey(
                name.orElseGet(principal::name),
                principal,
                team.orElse(null),
                agent.orElse(null),
                routes(),
                permissions(principal, team.orElse(null)),
                limits(),
                expires());
    }

    private Principal principal(Optional<String> agent, String name) {
        var named = body.findText("principal").map(Names::principal);
        if (named.isPresent()) {
            boolean bound = own.team() != null || own.agent() != null;
            if (bound && named.get().kind() == Principal.Kind.PERSON) {
                throw Problems.forbidden(
                        "a key that is bound to a team or an agent makes none for people");
            }
            return named.get();
        }
        return agent.map(a -> new Principal(Principal.Kind.AGENT, a))
                .orElseGet(() -> Names.principal("service", plain(name)));
    }

    /// A name for people as one for a service.
    private static String plain(String name) {
        var plain = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+", "");
        return plain.isEmpty() ? "key" : plain;
    }

    private Set<String> routes() {
        var wanted = body.findTexts("routes").orElse(own.routes());
        if (wanted.size() > MOST_ROUTES) {
            throw Problems.badRequest("routes has more than " + MOST_ROUTES + " names");
        }
        wanted.forEach(Names::route);
        boolean all = wanted.isEmpty() && !own.routes().isEmpty();
        if (all || !wanted.stream().allMatch(own::mayUse)) {
            throw Problems.forbidden(
                    "this key may use " + String.join(", ", own.routes()) + ", and gives no more");
        }
        return wanted;
    }

    /// As said; else what the principal's roles give; else the use of models.
    private Set<Permission> permissions(Principal principal, @Nullable String team) {
        var role = body.findText("role").map(KeyWish::role);
        var words = body.findTexts("permissions");
        var wanted = EnumSet.noneOf(Permission.class);
        role.ifPresent(r -> wanted.addAll(r.permissions()));
        words.ifPresent(w -> w.forEach(word -> wanted.add(permission(word))));
        if (role.isEmpty() && words.isEmpty()) {
            wanted.addAll(directory.permissions(principal, team));
            if (wanted.isEmpty()) {
                wanted.add(Permission.MODELS_USE);
            }
        }
        var beyond = wanted.stream().filter(p -> !own.may(p)).map(Permission::toString).toList();
        if (!beyond.isEmpty()) {
            throw Problems.forbidden(
                    "this key gives only what it has; it lacks " + String.join(", ", beyond));
        }
        return wanted;
    }

    static Role role(String word) {
        return Role.find(word)
                .orElseThrow(() ->
                        Problems.badRequest(
                                "role is viewer, author, operator, approver, finance, admin or"
                                        + " auditor"));
    }

    private static Permission permission(String word) {
        return Permission.find(word)
                .orElseThrow(() ->
                        Problems.badRequest(
                                "permissions are "
                                        + String.join(
                                                ", ",
                                                EnumSet.allOf(Permission.class).stream()
                                                        .map(Permission::toString)
                                                        .toList())));
    }

    private Key.Limits limits() {
        var limits = body.findObject("limits", "requests", "tokens", "at_once");
        return new Key.Limits(
                limit(limits, "requests", own.limits().requests(), MOST),
                limit(limits, "tokens", own.limits().tokens(), MOST),
                (int) limit(limits, "at_once", own.limits().atOnce(), Integer.MAX_VALUE));
    }

    private static long limit(Optional<Body> limits, String field, long own, long most) {
        long wanted = limits.map(l -> l.number(field, own)).orElse(own);
        if (wanted < 0 || wanted > most) {
            throw Problems.badRequest("limits." + field + " is expected to be 0 to " + most);
        }
        if (own > 0 && (wanted == 0 || wanted > own)) {
            throw Problems.forbidden(
                    "limits." + field + " of this key is " + own + ", and it gives no more");
        }
        return wanted;
    }

    private @Nullable Instant expires() {
        var wanted = body.findText("expires_at").map(KeyWish::instant).orElse(own.expires());
        if (wanted != null && !wanted.isAfter(now)) {
            throw Problems.badRequest("expires_at is expected to be in the future");
        }
        var mine = own.expires();
        if (mine != null && wanted != null && wanted.isAfter(mine)) {
            throw Problems.forbidden("this key expires at " + mine + ", and none of its own later");
        }
        return wanted;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Problems.badRequest(
                    "expires_at is expected to be a time such as 2027-01-31T12:00:00Z");
        }
    }
}
