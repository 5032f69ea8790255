package dev.remit.bench.campaign;

import java.util.Map;
import java.util.TreeMap;

/// Who works during a campaign, as folders of files.
final class Agents {
    private static final String INPUT =
            """
            type: object
            required: [n, mark]
            properties:
              n: { type: integer }
              mark: { type: string }
              plan: { type: string }
            """;

    private final String effects;

    /// @param effects URL of the effect server
    Agents(String effects) {
        this.effects = effects;
    }

    /// All of them by name, in the order in which they can be applied.
    Map<String, Map<String, String>> all() {
        var all = new java.util.LinkedHashMap<String, Map<String, String>>();
        all.put("clerk", clerk("clerk", ""));
        all.put("scribe", scribe());
        all.put("pair", pair());
        return all;
    }

    /// Does what its plan says, by the gateway's models.
    private Map<String, String> clerk(String name, String prefix) {
        var files = new TreeMap<String, String>();
        files.put(
                "agent.yaml",
                """
                remit: agent/v1
                name: %s
                description: Does what its plan says.
                model: capable
                answer: answer.schema.yaml
                may: [effect.once, effect.again]
                limits: { same_call: 100, turns: 50, time: 2h }
                """
                        .formatted(name));
        files.put(
                "instructions.md",
                "Do what the plan says, step by step."
                        + (prefix.isEmpty() ? "" : " In the answer, keys begin with " + prefix)
                        + "\n");
        files.put(
                "answer.schema.yaml",
                """
                type: object
                required: [%1$sn, %1$stold, %1$ssum]
                properties:
                  %1$sn: { type: integer }
                  %1$stold: { type: array, items: { type: integer } }
                  %1$ssum: { type: integer }
                """
                        .formatted(prefix));
        if (prefix.isEmpty()) {
            files.put("agent.yaml", files.get("agent.yaml") + "input: input.schema.yaml\n");
            files.put("input.schema.yaml", INPUT);
            tools(files);
        }
        return files;
    }

    private void tools(Map<String, String> files) {
        files.put("tools/effect.once.yaml", tool("once", false, 1));
        files.put("tools/effect.again.yaml", tool("again", true, 8));
    }

    private String tool(String path, boolean idempotent, int attempts) {
        return """
        remit: tool/v1
        description: Does a step and returns its value.
        tier: 2
        idempotent: %s
        timeout: 3s
        attempts: %d
        input:
          type: object
          properties: { n: { type: integer }, step: { type: integer } }
          required: [n, step]
          additionalProperties: false
        http:
          method: POST
          url: %s/%s
        """
                .formatted(idempotent, attempts, effects, path);
    }

    /// Three steps that must not be done twice, by a script; its model stumbles, so that it waits.
    private Map<String, String> scribe() {
        var files = new TreeMap<String, String>();
        files.put(
                "agent.yaml",
                """
                remit: agent/v1
                name: scribe
                description: Does three steps by a script.
                input: input.schema.yaml
                answer: answer.schema.yaml
                may: [effect.once]
                limits: { same_call: 100, turns: 50, time: 2h }
                """);
        files.put("instructions.md", "Do each step once.\n");
        files.put("input.schema.yaml", INPUT);
        files.put(
                "answer.schema.yaml",
                """
                type: object
                required: [n, told]
                properties:
                  n: { type: integer }
                  told: { type: array, items: { type: integer } }
                """);
        files.put("tools/effect.once.yaml", tool("once", false, 1));
        files.put(
                "rehearsal.yaml",
                """
                remit: rehearsal/v1
                replies:
                  - when: turn == 2
                    fault: { kind: rate_limited, times: 1, retry_after: 700ms }
                    calls:
                      - tool: effect.once
                        arguments: { n: "${input.n}", step: "${turn * 10 - 10}", evidence: scripted }
                  - when: turn <= 3
                    calls:
                      - tool: effect.once
                        arguments: { n: "${input.n}", step: "${turn * 10 - 10}", evidence: scripted }
                  - answer:
                      n: "${input.n}"
                      told: "${results.filter(r, !r.failed && has(r.value.step)).map(r, r.value.step)}"
                """);
        return files;
    }

    /// Two clerks side by side, and a step of its own behind them.
    private Map<String, String> pair() {
        var files = new TreeMap<String, String>();
        files.put(
                "workflow.yaml",
                """
                remit: workflow/v1
                name: pair
                description: Two clerks at once, and a last step.
                input: input.schema.yaml
                steps:
                  - parallel: [left, right]
                  - do: effect.again
                    with: { n: "${input.n}", step: 90 }
                    as: last
                deadline: 2h
                output: [left, right]
                """);
        files.put("input.schema.yaml", INPUT);
        clerk("left", "left_").forEach((name, text) -> files.put("agents/left/" + name, text));
        clerk("right", "right_").forEach((name, text) -> files.put("agents/right/" + name, text));
        tools(files);
        return files;
    }
}
