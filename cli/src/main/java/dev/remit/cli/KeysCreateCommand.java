package dev.remit.cli;

import dev.remit.core.json.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes a key, and shows it once.
@Command(
        name = "create",
        sortOptions = false,
        description = {
            "Make a key. It is shown once, on standard output, and can never be read again.",
            "",
            "Without a role or permissions it may use models, and nothing else.",
            ""
        },
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit keys create --team growth --budget \"20 USD/day\" --route fast,capable",
            "  ./remit keys create --name ci --expires 30d --rpm 60 --at-once 4",
            "  ./remit keys create --principal person:ada@example.org --role finance",
            "  key=$(./remit keys create --team growth)"
        })
final class KeysCreateCommand extends RemitCommand {
    @Option(names = "--name", paramLabel = "NAME", description = "What it is for.")
    @Nullable String name;

    @Option(
            names = "--team",
            paramLabel = "TEAM",
            description = "Who pays; entered if it is new. Default: the organisation.")
    @Nullable String team;

    @Option(names = "--agent", paramLabel = "AGENT", description = "Whom it is bound to.")
    @Nullable String agent;

    @Option(
            names = "--principal",
            paramLabel = "WHO",
            description =
                    "Who acts with it, such as person:ada@example.org or service:ci. Default: the agent, or a service of the key's name.")
    @Nullable String principal;

    @Option(
            names = "--budget",
            paramLabel = "BUDGET",
            description = "A hard limit of its own, such as \"20 USD/day\".")
    @Nullable String budget;

    @Option(
            names = "--route",
            split = ",",
            paramLabel = "ROUTE",
            description = "What it may ask for: routes, or provider/model. Default: all.")
    List<String> routes = List.of();

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "viewer, author, operator, approver, finance, admin or auditor.")
    @Nullable String role;

    @Option(
            names = "--permission",
            split = ",",
            paramLabel = "PERMISSION",
            description = "Single permissions, such as models:use or money:read.")
    List<String> permissions = List.of();

    @Option(
            names = "--expires",
            paramLabel = "WHEN",
            description = "After so long, such as 30d or 12h. Default: never.")
    @Nullable String expires;

    @Option(names = "--rpm", paramLabel = "N", description = "Requests a minute.")
    long requests;

    @Option(names = "--tpm", paramLabel = "N", description = "Tokens a minute, in and out.")
    long tokens;

    @Option(names = "--at-once", paramLabel = "N", description = "Calls at the same time.")
    int atOnce;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        var wish = wish(Instant.now());
        try (var client = server().connect()) {
            var made = client.administration().createKey(wish);
            if (format.json()) {
                console().json(made);
            } else {
                tell(made);
            }
            return good();
        }
    }

    private ObjectNode wish(Instant now) {
        var wish = Json.object();
        put(wish, "name", name);
        put(wish, "team", team);
        put(wish, "agent", agent);
        put(wish, "principal", principal);
        put(wish, "budget", budget);
        put(wish, "role", role);
        list(wish, "routes", routes);
        list(wish, "permissions", permissions);
        var limits = Json.object();
        limit(limits, "requests", "--rpm", requests);
        limit(limits, "tokens", "--tpm", tokens);
        limit(limits, "at_once", "--at-once", atOnce);
        if (!limits.isEmpty()) {
            wish.set("limits", limits);
        }
        var span = Times.parse("--expires", expires);
        if (span != null) {
            wish.put("expires_at", now.plus(span).toString());
        }
        return wish;
    }

    private static void put(ObjectNode wish, String field, @Nullable String value) {
        if (value != null) {
            wish.put(field, value);
        }
    }

    private static void list(ObjectNode wish, String field, List<String> values) {
        if (!values.isEmpty()) {
            var list = wish.putArray(field);
            values.forEach(list::add);
        }
    }

    private static void limit(ObjectNode limits, String field, String option, long value) {
        if (value < 0) {
            throw Failure.usage(option + " is a number above 0, not " + value);
        }
        if (value > 0) {
            limits.put(field, value);
        }
    }

    /// The key alone on standard output, so that a script can take it.
    private void tell(JsonNode made) {
        var words = new StringBuilder("key ").append(made.path("id").asString(""));
        for (var field : List.of("team", "agent")) {
            if (made.has(field)) {
                words.append(", ").append(field).append(' ').append(made.path(field).asString(""));
            }
        }
        words.append(", as ").append(made.path("principal").asString(""));
        words.append(", may ").append(KeysListCommand.joined(made.path("permissions")));
        if (made.has("budget")) {
            words.append(", at most ").append(made.path("budget").asString(""));
        }
        console().note(words.toString());
        console().note("shown only now:");
        console().print(made.path("key").asString(""));
    }
}
