package dev.remit.core.agent;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Folders for tests: the ones of the design, to be changed.
final class Files {
    static final String AGENT =
            """
            remit: agent/v1
            name: oncall-triage
            description: Find the likely root causes of an incident and the first actions to take.
            owner: sre
            supervisor: sre-leads                  # asked, told, may stop it
            affects: on-call engineers and customers
            model: capable                         # a route
            instructions: instructions.md          # edited by people who know incidents, not code
            knowledge: knowledge/                  # files it may explore
            answer: answer.schema.yaml             # `remit new` derives it from an example
            may:
              - runbooks.search
              - slack.post: { only: { channel: "#incidents" } }      # or `when:` with a CEL condition
            never: ["*.delete", "billing.*"]
            on_trouble: escalate                   # or stop
            budget: { session: 0.50 USD, day: 20 USD }
            limits: { turns: 20, time: 5m, same_call: 3, at_once: 4 }
            good_when: rubric.md                   # plain words, judged; the schema and any `checks:` (CEL) are always checked
            value: 20m saved                       # for the weekly review
            """;

    static final String SLACK =
            """
            remit: tool/v1
            description: Posts a message to a channel.
            tier: 2
            price: 0.001 USD
            input:
              type: object
              required: [channel, text]
              properties: { channel: { type: string }, text: { type: string } }
              additionalProperties: false
            http:
              method: POST
              url: https://slack.com/api/chat.postMessage
              headers: { Authorization: "Bearer ${secret.SLACK_TOKEN}" }
              body: { channel: "${args.channel}", text: "${args.text}" }
            """;

    static final String RUNBOOKS =
            """
            remit: tool/v1
            description: Searches the runbooks.
            tier: 1
            timeout: 5s
            price: { at_most: 0.05 USD, reported: /cost }
            input: { type: object, required: [query], properties: { query: { type: string } } }
            http: { method: GET, url: "https://runbooks.example.com/search?q={query}" }
            """;

    static final String WORKFLOW =
            """
            remit: workflow/v1
            name: oncall-copilot
            input: incident.schema.yaml
            steps:
              - parallel: [triage, summary, comms, report]
                if_one_fails: keep_others
              - do: slack.post
                with: { channel: "#incidents", text: comms.slack_update }
            budget: { session: 2 USD }
            deadline: 60s
            output: [triage, summary, comms, report]
            """;

    private Files() {}

    /// The agent of the design.
    static Map<String, String> agent() {
        var files = new HashMap<String, String>();
        files.put("agent.yaml", AGENT);
        files.put("instructions.md", "Find the cause.\n");
        files.put("rubric.md", "It names the cause.\n");
        files.put("knowledge/redis.md", "Redis evicts.\n");
        files.put(
                "answer.example.yaml",
                "causes:\n  - cause: Redis is out of memory\n    confidence: 0.8\n");
        files.put("tools/slack.post.yaml", SLACK);
        files.put("tools/runbooks.search.yaml", RUNBOOKS);
        return files;
    }

    static Map<String, String> agent(String yaml) {
        var files = agent();
        files.put("agent.yaml", yaml);
        return files;
    }

    /// The workflow of the design, without the approval that is not built yet.
    static Map<String, String> workflow() {
        var files = new HashMap<String, String>();
        files.put("workflow.yaml", WORKFLOW);
        files.put(
                "incident.schema.yaml",
                "type: object\nrequired: [title]\nproperties: { title: { type: string }, severity: { enum: [SEV1, SEV2] } }\nadditionalProperties: false\n");
        files.put("tools/slack.post.yaml", SLACK);
        for (var name : List.of("triage", "summary", "report")) {
            files.put("agents/" + name + "/agent.yaml", "remit: agent/v1\nname: " + name + "\n");
            files.put("agents/" + name + "/instructions.md", "Do it.\n");
            files.put("agents/" + name + "/answer.example.yaml", name + ": { text: done }\n");
        }
        files.put("agents/comms/agent.yaml", "remit: agent/v1\nname: comms\n");
        files.put("agents/comms/instructions.md", "Write to people.\n");
        files.put(
                "agents/comms/answer.example.yaml",
                "comms: { slack_update: \"hello\", stakeholder_update: \"hello\" }\n");
        return files;
    }

    static Map<String, String> workflow(String yaml) {
        var files = workflow();
        files.put("workflow.yaml", yaml);
        return files;
    }
}
