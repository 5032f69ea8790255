package dev.remit.store.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where a database is and who goes there. Its text never shows the password.
///
/// @param hosts one `host:port`, or several with commas between them
/// @param password empty if the server asks for none
/// @param options of the JDBC driver, such as `sslmode`
public record DatabaseAddress(
        String hosts, String database, String user, String password, Map<String, String> options) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:jdbc:)?postgres(?:ql)?://(?:([^:@/?]*)(?::([^@/?]*))?@)?([^/?@]+)"
                            + "/([^/?]+)(?:\\?(.*))?");

    public DatabaseAddress {
        options = Map.copyOf(options);
    }

    /// Reads `postgres://user:password@host:port/database` or `jdbc:postgresql://…?user=…`.
    ///
    /// @throws DatabaseException of kind `BAD_ADDRESS`
    public static DatabaseAddress parse(String text) {
        var match = FORM.matcher(text.strip());
        if (!match.matches()) {
            throw bad("it does not have this form");
        }
        var options = options(match.group(5));
        var user = either(match.group(1), options.remove("user"));
        if (user == null || user.isEmpty()) {
            throw bad("it names no user");
        }
        var password = either(match.group(2), options.remove("password"));
        return new DatabaseAddress(
                match.group(3),
                decode(match.group(4)),
                user,
                password == null ? "" : password,
                options);
    }

    /// What the JDBC driver is given, without user and password.
    String jdbcUrl() {
        return "jdbc:postgresql://" + hosts + "/" + encode(database);
    }

    /// The same server, another database.
    public DatabaseAddress withDatabase(String name) {
        return new DatabaseAddress(hosts, name, user, password, options);
    }

    private static Map<String, String> options(@Nullable String query) {
        var options = new LinkedHashMap<String, String>();
        if (query != null && !query.isEmpty()) {
            for (var pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 1) {
                    throw bad("an option behind the '?' is not name=value");
                }
                options.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return options;
    }

    private static @Nullable String either(@Nullable String encoded, @Nullable String option) {
        return encoded == null ? option : decode(encoded);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            throw bad("a '%' in it is not followed by two hexadecimal digits");
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private static DatabaseException bad(String why) {
        return new DatabaseException(
                DatabaseException.Kind.BAD_ADDRESS,
                "REMIT_DATABASE_URL cannot be read: "
                        + why
                        + ". Expected postgres://user:password@host:port/database, with @ : / and"
                        + " other special characters of the password written as %40 %3A %2F.");
    }

    /// For people: no password, no options.
    @Override
    public String toString() {
        return "postgres://" + user + "@" + hosts + "/" + database;
    }

    /// For tools that need the whole of it. Holds the password.
    public String toUrl() {
        var query =
                options.entrySet().stream()
                        .map(o -> encode(o.getKey()) + "=" + encode(o.getValue()))
                        .collect(Collectors.joining("&"));
        return "postgres://%s:%s@%s/%s%s"
                .formatted(
                        encode(user),
                        encode(password),
                        hosts,
                        encode(database),
                        query.isEmpty() ? "" : "?" + query);
    }
}
