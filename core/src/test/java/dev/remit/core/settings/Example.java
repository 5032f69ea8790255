package dev.remit.core.settings;

import java.util.Map;

/// A file that has everything.
final class Example {
    static final String FULL =
            """
            remit: server/v1
            organisation: acme
            time_zone: Europe/Berlin
            providers:
              anthropic: { kind: anthropic }
              openai: { kind: openai, requests_per_minute: 500, headers: { OpenAI-Organization: org-acme } }
              azure-eu: { kind: azure, url: https://acme.openai.azure.com/, credential: azure-eu, api_version: 2024-10-21 }
              ollama: { kind: openai-compatible, url: http://127.0.0.1:11434/v1, free: true }
              bedrock: { kind: bedrock, region: eu-central-1 }
              vertex: { kind: vertex, project: p, region: europe-west1 }
            routes:
              fast: openai/gpt-5-mini
              both: [openai/gpt-5-mini, "ollama/llama3.2:1b"]
              capable:
                strategy: ordered
                affinity: true
                targets:
                  - anthropic/claude-sonnet-4-5
                  - { model: openai/gpt-5, priority: 2, weight: 3, when: "request.tools == 0 && request.team != 'legal'", requests_per_minute: 60, tokens_per_minute: 100000, at_once: 8 }
                max_output: 4096
                first_token: 20s
                stall: 30s
                total: 5m
                cache: 10m
                check: { schema: answer.schema.json, when: "answer.text.size() > 0" }
            teams:
              growth: { budget: 20 USD/day, description: Grows things. }
              ops: { budget: [1 USD/hour, { limit: 100 USD/month, mode: warn, notify: [90] }] }
              legal:
            budgets:
              - { for: organisation, limit: 500 USD/month }
              - { for: "agent:triage", limit: 5 USD/day, mode: warn, notify: [50, 80, 100] }
              - { for: "tool:maps.route", limit: 2 USD/day }
              - { for: "key:k1", limit: 3 USD/total, notify: [20, 10] }
            guards:
              - { secrets: block, on: [request, answer], routes: [fast] }
              - deny: { words: [project-x], patterns: ["ACME-[0-9]{6}"], mode: block, on: [request, answer] }
              - size: { bytes: 1MB, mode: block }
            prices: { "openai/gpt-x": { input: 1.25, output: 10, cache_read: 0.125 } }
            tool_prices: { maps.route: 0.01 USD, "search.*": { at_most: 0.50 USD, reported: /usage/credits, each: 0.001 USD } }
            prompts: { keep: hashes, days: 7 }
            telemetry: { otlp: "http://127.0.0.1:4318", sampled: 0.1, headers: { Authorization: "Bearer ${secret.collector}", X-Tenant: acme } }
            """;

    static final Map<String, String> BESIDE =
            Map.of(
                    "answer.schema.json",
                    """
                    {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}
                    """,
                    "broken.schema.yaml",
                    "type: obect\n");

    private Example() {}
}
