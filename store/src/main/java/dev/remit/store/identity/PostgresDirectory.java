package dev.remit.store.identity;

import static java.util.Objects.requireNonNull;

import dev.remit.core.identity.Permission;
import dev.remit.core.identity.Principal;
import dev.remit.core.identity.Role;
import dev.remit.store.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Teams and principals.
public final class PostgresDirectory {
    private static final String TEAM =
            """
            SELECT t.name, t.description, t.created_at, t.created_by,
                   (SELECT count(*) FROM access_key k
                    WHERE k.team = t.name AND k.revoked_at IS NULL) AS keys
            FROM team t
            """;
    private static final String PRINCIPAL =
            """
            SELECT p.kind, p.name, p.created_at, p.created_by,
                   (SELECT count(*) FROM access_key k
                    WHERE k.principal_kind = p.kind AND k.principal_name = p.name
                      AND k.revoked_at IS NULL) AS keys
            FROM principal p
            """;

    private final Database database;

    public PostgresDirectory(Database database) {
        this.database = database;
    }

    /// In the order of names.
    ///
    /// @param after name of the last of the page before
    public List<Team> teams(@Nullable String after, int limit) {
        return database.with(connection ->
                Sql.list(
                        connection,
                        PostgresDirectory::team,
                        TEAM + "WHERE t.name > ? ORDER BY t.name LIMIT ?",
                        after == null ? "" : after,
                        limit));
    }

    public Optional<Team> team(String name) {
        return database.with(connection ->
                Sql.first(connection, PostgresDirectory::team, TEAM + "WHERE t.name = ?", name));
    }

    /// Makes a team, or describes one anew.
    public Team putTeam(String name, @Nullable String description, Principal by) {
        return database.with(connection -> {
            Sql.update(
                    connection,
                    """
                    INSERT INTO team (name, description, created_by) VALUES (?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET description = excluded.description
                    """,
                    name,
                    description,
                    by.toString());
            return Sql.first(connection, PostgresDirectory::team, TEAM + "WHERE t.name = ?", name)
                    .orElseThrow();
        });
    }

    /// Enters the teams that a file names. One that was described otherwise by a person keeps that.
    ///
    /// @param teams what they do, by name
    /// @param by who says so
    public void enterTeams(Map<String, Optional<String>> teams, Principal by) {
        if (teams.isEmpty()) {
            return;
        }
        database.with(connection -> {
            for (var team : new TreeMap<>(teams).entrySet()) {
                Sql.update(
                        connection,
                        """
                        INSERT INTO team (name, description, created_by) VALUES (?, ?, ?)
                        ON CONFLICT (name) DO UPDATE SET description = excluded.description
                        WHERE team.created_by = excluded.created_by
                          AND team.description IS DISTINCT FROM excluded.description
                        """,
                        team.getKey(),
                        team.getValue().orElse(null),
                        by.toString());
            }
            return true;
        });
    }

    private static Team team(ResultSet row) throws SQLException {
        return new Team(
                row.getString("name"),
                row.getString("description"),
                requireNonNull(Sql.instant(row, "created_at")),
                row.getString("created_by"),
                row.getLong("keys"));
    }

    /// In the order of kinds and names.
    ///
    /// @param after the last of the page before
    public List<KnownPrincipal> principals(@Nullable Principal after, int limit) {
        return database.with(connection -> {
            var all = new ArrayList<KnownPrincipal>();
            var rows =
                    Sql.list(
                            connection,
                            PostgresDirectory::principal,
                            PRINCIPAL
                                    + "WHERE (p.kind, p.name) > (?, ?) ORDER BY p.kind, p.name"
                                    + " LIMIT ?",
                            after == null ? "" : KeyRows.word(after.kind()),
                            after == null ? "" : after.name(),
                            limit);
            for (var row : rows) {
                all.add(withRoles(connection, row));
            }
            return List.copyOf(all);
        });
    }

    public Optional<KnownPrincipal> principal(Principal principal) {
        return database.with(connection -> {
            var found =
                    Sql.first(
                            connection,
                            PostgresDirectory::principal,
                            PRINCIPAL + "WHERE p.kind = ? AND p.name = ?",
                            KeyRows.word(principal.kind()),
                            principal.name());
            return found.isEmpty() ? found : Optional.of(withRoles(connection, found.get()));
        });
    }

    /// Enters a principal, with exactly these roles. Keys that exist keep what they were given.
    public KnownPrincipal putPrincipal(Principal principal, Set<HeldRole> roles, Principal by) {
        database.with(connection ->
                Sql.inTransaction(
                        connection,
                        transaction -> {
                            Principals.enter(transaction, principal, by);
                            Sql.update(
                                    transaction,
                                    "DELETE FROM principal_role WHERE kind = ? AND name = ?",
                                    KeyRows.word(principal.kind()),
                                    principal.name());
                            for (var held : roles) {
                                give(transaction, principal, held, by);
                            }
                            return true;
                        }));
        return principal(principal).orElseThrow();
    }

    private static void give(
            Connection transaction, Principal principal, HeldRole held, Principal by)
            throws SQLException {
        var team = held.team();
        if (team != null) {
            Teams.enter(transaction, team, by);
        }
        Sql.update(
                transaction,
                "INSERT INTO principal_role (kind, name, role, team) VALUES (?, ?, ?, ?)",
                KeyRows.word(principal.kind()),
                principal.name(),
                held.role().toString(),
                team);
    }

    /// What a principal may be, in the order of roles.
    public List<HeldRole> roles(Principal principal) {
        return database.with(connection -> roles(connection, principal));
    }

    /// What the roles of a principal come to, over the organisation and, if one is named, over a
    /// team.
    public Set<Permission> permissions(Principal principal, @Nullable String team) {
        var permissions = EnumSet.noneOf(Permission.class);
        for (var held : roles(principal)) {
            if (held.team() == null || held.team().equals(team)) {
                permissions.addAll(held.role().permissions());
            }
        }
        return Set.copyOf(permissions);
    }

    /// A role that this version does not know gives nothing.
    private static List<HeldRole> roles(Connection connection, Principal principal)
            throws SQLException {
        record Row(String role, @Nullable String team) {}
        var held = new ArrayList<HeldRole>();
        var rows =
                Sql.list(
                        connection,
                        row -> new Row(row.getString(1), row.getString(2)),
                        """
                        SELECT role, team FROM principal_role WHERE kind = ? AND name = ?
                        ORDER BY role, team NULLS FIRST
                        """,
                        KeyRows.word(principal.kind()),
                        principal.name());
        for (var row : rows) {
            Role.find(row.role()).ifPresent(role -> held.add(new HeldRole(role, row.team())));
        }
        return List.copyOf(held);
    }

    private static KnownPrincipal withRoles(Connection connection, KnownPrincipal known)
            throws SQLException {
        return new KnownPrincipal(
                known.principal(),
                known.createdAt(),
                known.createdBy(),
                roles(connection, known.principal()),
                known.keys());
    }

    private static KnownPrincipal principal(ResultSet row) throws SQLException {
        return new KnownPrincipal(
                KeyRows.principal(row.getString("kind"), row.getString("name")),
                requireNonNull(Sql.instant(row, "created_at")),
                row.getString("created_by"),
                List.of(),
                row.getLong("keys"));
    }
}
