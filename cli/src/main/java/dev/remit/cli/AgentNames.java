package dev.remit.cli;

import dev.remit.client.ApiException;
import dev.remit.client.RemitClient;
import java.util.ArrayList;
import java.util.List;

/// Names of applied agents, and what a mistyped one may have meant.
final class AgentNames {
    private static final int MOST_PAGES = 20;

    private final RemitClient client;

    AgentNames(RemitClient client) {
        this.client = client;
    }

    /// @throws Failure if no agent has this name
    void check(String name) {
        try {
            client.agent(name);
        } catch (ApiException e) {
            if (e.status() != 404) {
                throw e;
            }
            throw Failure.usage(
                    "there is neither a folder nor an applied agent " + name, advice(name));
        }
    }

    private String[] advice(String name) {
        var close = Similar.to(name, all());
        var advice = new ArrayList<String>();
        if (!close.isEmpty()) {
            advice.add("Did you mean " + String.join(" or ", close) + "?");
        }
        advice.add(
                "./remit agents lists what is applied; ./remit new " + name + " makes a folder.");
        return advice.toArray(String[]::new);
    }

    private List<String> all() {
        var names = new ArrayList<String>();
        String cursor = null;
        for (int page = 0; page < MOST_PAGES; page++) {
            var agents = client.agents(cursor);
            agents.items().forEach(a -> names.add(a.path("name").asString("")));
            cursor = agents.next();
            if (cursor == null) {
                break;
            }
        }
        return names;
    }
}
