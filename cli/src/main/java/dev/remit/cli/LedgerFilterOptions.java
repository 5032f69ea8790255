package dev.remit.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which rows of the ledger.
final class LedgerFilterOptions {
    @Option(
            names = "--since",
            paramLabel = "WHEN",
            description = "How long ago (1d, 6h), or a time such as 2026-11-21T00:00:00Z.")
    @Nullable String since;

    @Option(names = "--until", paramLabel = "WHEN", description = "Likewise.")
    @Nullable String until;

    @Option(names = "--team", paramLabel = "TEAM", description = "Of one team.")
    @Nullable String team;

    @Option(names = "--agent", paramLabel = "AGENT", description = "Of one agent.")
    @Nullable String agent;

    @Option(names = "--model", paramLabel = "MODEL", description = "Of one model.")
    @Nullable String model;

    @Option(names = "--tool", paramLabel = "TOOL", description = "Uses of one tool.")
    @Nullable String tool;

    @Option(names = "--provider", paramLabel = "PROVIDER", description = "Of one provider.")
    @Nullable String provider;

    @Option(names = "--route", paramLabel = "ROUTE", description = "Of one route.")
    @Nullable String route;

    @Option(names = "--key", paramLabel = "ID", description = "Of one key.")
    @Nullable String key;

    @Option(names = "--session", paramLabel = "ID", description = "Of one session.")
    @Nullable String session;

    @Option(names = "--user", paramLabel = "USER", description = "Of one end user.")
    @Nullable String user;

    @Option(
            names = "--end",
            paramLabel = "END",
            description = "answered, cached, cancelled, failed, refused or unattributed.")
    @Nullable String end;

    @Option(names = "--tag", paramLabel = "NAME=VALUE", description = "With that tag.")
    @Nullable String tag;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "In which days and hours are meant, such as Europe/Berlin.")
    @Nullable String zone;

    /// As the API takes them.
    Map<String, String> parameters() {
        var parameters = new HashMap<String, String>();
        put(parameters, "since", since);
        put(parameters, "until", until);
        put(parameters, "team", team);
        put(parameters, "agent", agent);
        put(parameters, "model", model);
        put(parameters, "tool", tool);
        put(parameters, "provider", provider);
        put(parameters, "route", route);
        put(parameters, "key", key);
        put(parameters, "session", session);
        put(parameters, "user", user);
        put(parameters, "end", end);
        put(parameters, "tag", tag);
        put(parameters, "zone", zone);
        return parameters;
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }
}
