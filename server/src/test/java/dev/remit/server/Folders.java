package dev.remit.server;

import java.util.Map;
import java.util.TreeMap;

/// Folders of agents for tests.
final class Folders {
    private static final String NAMED =
            """
            type: object
            required: [name]
            additionalProperties: false
            properties:
              name: { type: string, maxLength: 100000 }
              note: { type: string }
            """;
    private static final String GREETING =
            """
            type: object
            required: [greeting]
            additionalProperties: false
            properties:
              greeting: { type: string }
            """;

    private Folders() {}

    /// Greets by name, and checks that it did.
    static Map<String, String> greeter(String rehearsal) {
        return agent("greeter", "", rehearsal);
    }

    static Map<String, String> greeter() {
        return greeter(
                """
                remit: rehearsal/v1
                replies:
                  - answer: { greeting: "Hello ${input.name}" }
                """);
    }

    /// Its model is not to be had for a time.
    static Map<String, String> patient(String retryAfter) {
        return agent(
                "patient",
                "",
                """
                remit: rehearsal/v1
                replies:
                  - fault: { kind: rate_limited, times: 1, retry_after: %s }
                    answer: { greeting: "Hello at last, ${input.name}" }
                """
                        .formatted(retryAfter));
    }

    static Map<String, String> agent(String name, String more, String rehearsal) {
        var files = new TreeMap<String, String>();
        files.put(
                "agent.yaml",
                """
                remit: agent/v1
                name: %s
                description: Greets people.
                input: input.schema.yaml
                answer: answer.schema.yaml
                checks:
                  - when: answer.greeting.contains(input.name)
                    says: the greeting has the name
                %s\
                """
                        .formatted(name, more));
        files.put("instructions.md", "Greet whoever is named.\n");
        files.put("input.schema.yaml", NAMED);
        files.put("answer.schema.yaml", GREETING);
        files.put("rehearsal.yaml", rehearsal);
        return files;
    }

    /// Two greeters side by side.
    static Map<String, String> choir() {
        var files = new TreeMap<String, String>();
        files.put(
                "workflow.yaml",
                """
                remit: workflow/v1
                name: choir
                description: Two greet at once.
                input: input.schema.yaml
                steps:
                  - parallel: [high, low]
                output: [high, low]
                """);
        files.put("input.schema.yaml", NAMED);
        for (var voice : new String[] {"high", "low"}) {
            files.put(
                    "agents/" + voice + "/agent.yaml",
                    """
                    remit: agent/v1
                    name: %s
                    description: Greets people.
                    answer: answer.schema.yaml
                    """
                            .formatted(voice));
            files.put("agents/" + voice + "/instructions.md", "Greet.\n");
            files.put(
                    "agents/" + voice + "/answer.schema.yaml",
                    "type: object\nrequired: [%s]\n".formatted(voice));
            files.put(
                    "agents/" + voice + "/rehearsal.yaml",
                    """
                    remit: rehearsal/v1
                    replies:
                      - answer: { %s: "La, ${input.name}" }
                    """
                            .formatted(voice));
        }
        return files;
    }
}
