package dev.remit.server.api;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.drawing.WorkflowSvg;
import dev.remit.core.drawing.WorkflowText;
import dev.remit.core.json.Json;
import dev.remit.core.tool.Tool;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Reply;
import dev.remit.server.catalog.Catalog.Applied;
import dev.remit.store.registry.DefinitionVersion;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/agents`: agents and workflows, version by version.
final class AgentsApi {
    private final ApiParts parts;

    AgentsApi(ApiParts parts) {
        this.parts = parts;
    }

    Reply apply(Exchange exchange) {
        var body = Body.of(exchange, "files", "dry_run");
        var files = files(body.required("files"));
        var applied =
                parts.catalog()
                        .apply(files, Caller.of(exchange).principal(), body.flag("dry_run", false));
        return switch (applied) {
            case Applied.Refused refused -> throw Problems.files(refused.faults());
            case Applied.Done done -> Reply.ok(shown(done));
        };
    }

    private static Map<String, String> files(JsonNode sent) {
        if (!(sent instanceof ObjectNode object)) {
            throw Problems.badRequest("files is expected to be an object: text by path");
        }
        var files = new LinkedHashMap<String, String>();
        for (var file : object.properties()) {
            if (!file.getValue().isString()) {
                throw Problems.badRequest("each of files is expected to be a text");
            }
            files.put(file.getKey(), file.getValue().stringValue());
        }
        return files;
    }

    private static ObjectNode shown(Applied.Done done) {
        var shown = named(done.root());
        var list = shown.putArray("applied");
        for (var part : done.parts()) {
            list.add(named(part.definition()).put("changed", part.changed()));
        }
        return shown;
    }

    private static ObjectNode named(Definition definition) {
        return Json.object()
                .put("name", definition.name())
                .put("kind", SessionResource.kind(definition))
                .put("version", definition.version().hex());
    }

    Reply list(Exchange exchange) {
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        return Page.reply(
                parts.catalog().list(exchange.query("cursor").orElse(null), limit + 1),
                limit,
                AgentsApi::brief,
                last -> last.definition().name());
    }

    Reply versions(Exchange exchange) {
        int limit = (int) exchange.query("limit", Page.LIMIT, 1, Page.MOST);
        long before = exchange.query("cursor", Long.MAX_VALUE, 1, Long.MAX_VALUE);
        var name = existing(exchange).definition().name();
        return Page.reply(
                parts.catalog().versions(name, before, limit + 1),
                limit,
                AgentsApi::brief,
                last -> Long.toString(last.place()));
    }

    private DefinitionVersion existing(Exchange exchange) {
        return parts.catalog()
                .current(exchange.parameter("name"))
                .orElseThrow(Problems::unknownAgent);
    }

    private static ObjectNode brief(DefinitionVersion version) {
        var shown =
                Json.object()
                        .put("name", version.definition().name())
                        .put("kind", ApiJson.word(version.kind()))
                        .put("version", version.definition().version().hex())
                        .put("description", version.description())
                        .put("applied_at", version.appliedAt().toString())
                        .put("applied_by", version.appliedBy())
                        .put("current", version.current());
        if (version.partOf() != null) {
            shown.put("part_of", version.partOf());
        }
        return shown;
    }

    Reply get(Exchange exchange) {
        var version = existing(exchange);
        var shown = brief(version);
        switch (parts.catalog().find(version.definition())) {
            case AgentDefinition agent -> agent(shown, agent);
            case WorkflowDefinition workflow -> workflow(shown, workflow);
        }
        return Reply.ok(shown);
    }

    /// A workflow as a picture: text for a terminal, and SVG.
    Reply drawing(Exchange exchange) {
        var version = existing(exchange);
        if (!(parts.catalog().find(version.definition()) instanceof WorkflowDefinition workflow)) {
            throw Problems.conflict(
                    version.definition().name() + " is an agent; only a workflow can be drawn");
        }
        return Reply.ok(
                Json.object()
                        .put("name", workflow.name())
                        .put("text", WorkflowText.draw(workflow))
                        .put("svg", WorkflowSvg.draw(workflow)));
    }

    private static void agent(ObjectNode shown, AgentDefinition agent) {
        text(shown, "owner", agent.owner());
        text(shown, "supervisor", agent.supervisor());
        text(shown, "affects", agent.affects());
        shown.put("model", agent.model());
        schema(shown, "input", agent.input());
        schema(shown, "answer", agent.answer());
        tools(shown, agent.tools().values());
    }

    private static void workflow(ObjectNode shown, WorkflowDefinition workflow) {
        schema(shown, "input", workflow.input());
        tools(shown, workflow.tools().values());
        var agents = shown.putObject("agents");
        workflow.agents()
                .forEach((name, pinned) -> agents.put(pinned.name(), pinned.version().hex()));
    }

    private static void tools(ObjectNode shown, Collection<Tool> tools) {
        var list = shown.putArray("tools");
        tools.stream()
                .sorted(Comparator.comparing(Tool::name))
                .forEach(tool ->
                        list.addObject()
                                .put("name", tool.name())
                                .put("tier", tool.tier().number())
                                .put("idempotent", tool.idempotent())
                                .put("description", tool.description()));
    }

    private static void text(ObjectNode shown, String field, @Nullable String value) {
        if (value != null) {
            shown.put(field, value);
        }
    }

    private static void schema(ObjectNode shown, String field, @Nullable JsonNode schema) {
        if (schema != null) {
            shown.set(field, schema);
        }
    }
}
