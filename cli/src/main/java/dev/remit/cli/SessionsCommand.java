package dev.remit.cli;

import dev.remit.cli.view.Report;
import dev.remit.client.Session;
import dev.remit.core.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lists sessions.
@Command(
        name = "sessions",
        sortOptions = false,
        description = {"List sessions, the newest first.", ""},
        footerHeading = "%nExamples%n",
        footer = {
            "  ./remit sessions --status idle",
            "  ./remit sessions --agent oncall-copilot -n 100 -o json"
        })
final class SessionsCommand extends RemitCommand {
    @Option(names = "--status", paramLabel = "STATUS", description = "running, idle or closed.")
    @Nullable String status;

    @Option(names = "--agent", paramLabel = "NAME", description = "Those of one agent or workflow.")
    @Nullable String agent;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            description = "At most so many (default: 20).")
    int limit = 20;

    @Mixin Format format = new Format();

    @Override
    public Integer call() {
        if (status != null && !List.of("running", "idle", "closed").contains(status)) {
            throw Failure.usage("--status is running, idle or closed, not " + status);
        }
        if (limit < 1 || limit > 10_000) {
            throw Failure.usage("--limit is 1 to 10000, not " + limit);
        }
        try (var client = server().connect()) {
            var sessions = new ArrayList<Session>();
            var filter = new HashMap<String, String>();
            if (status != null) {
                filter.put("status", status);
            }
            if (agent != null) {
                filter.put("agent", agent);
            }
            filter.put("limit", Integer.toString(Math.min(limit, 100)));
            while (sessions.size() < limit) {
                var page = client.sessions(filter);
                sessions.addAll(page.items());
                var next = page.next();
                if (next == null) {
                    break;
                }
                filter.put("cursor", next);
            }
            show(sessions.subList(0, Math.min(limit, sessions.size())));
            return good();
        }
    }

    private void show(List<Session> sessions) {
        if (format.json()) {
            var items = Json.array();
            sessions.forEach(s -> items.add(s.json()));
            console().json(Json.object().set("items", items));
        } else if (sessions.isEmpty()) {
            console()
                    .note(
                            "no sessions"
                                    + (status == null && agent == null
                                            ? " yet; ./remit run starts one"
                                            : " like that"));
        } else {
            console().print(Report.table(sessions, Instant.now(), console().style()));
        }
    }
}
