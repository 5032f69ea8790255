package dev.remit.server.catalog;

import dev.remit.core.agent.AgentDefinition;
import dev.remit.core.agent.Definition;
import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.agent.WorkflowDefinition;
import dev.remit.core.session.UnknownDefinition;
import dev.remit.core.tool.Tool;
import dev.remit.core.tool.ToolPrices;
import java.util.Collection;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the tools of current agents and workflows cost, as far as a budget is concerned.
public final class ToolCosts {
    private static final int PAGE = 100;
    private static final int MOST = 2_000;

    private final Catalog catalog;
    private final ToolPrices operators;

    /// @param operators what the operator says that tools cost
    public ToolCosts(Catalog catalog, ToolPrices operators) {
        this.catalog = catalog;
        this.operators = operators;
    }

    /// Why a budget of that tool would hold nothing.
    ///
    /// @return absent if it holds something
    public @Nullable String whyFree(String tool) {
        var known = tools(tool).toList();
        if (known.isEmpty()) {
            return "no agent and no workflow has a tool "
                    + tool
                    + " now, so this holds nothing yet";
        }
        if (known.stream().anyMatch(t -> operators.of(t) != null)) {
            return null;
        }
        return tool
                + " has no price, so this holds nothing; give it one: price in its file, or tool_prices"
                + " in remit.yaml";
    }

    private Stream<Tool> tools(String name) {
        var found = Stream.<Tool>builder();
        @Nullable String after = null;
        for (int seen = 0; seen < MOST; seen += PAGE) {
            var page = catalog.list(after, PAGE);
            for (var version : page) {
                readable(version.definition())
                        .flatMap(definition -> tools(definition).stream())
                        .filter(tool -> tool.name().equals(name))
                        .forEach(found::add);
            }
            if (page.size() < PAGE) {
                break;
            }
            after = page.getLast().definition().name();
        }
        return found.build();
    }

    private Stream<Definition> readable(DefinitionRef current) {
        try {
            return Stream.of(catalog.find(current));
        } catch (UnknownDefinition e) {
            return Stream.empty();
        }
    }

    private static Collection<Tool> tools(Definition definition) {
        return switch (definition) {
            case AgentDefinition agent -> agent.tools().values();
            case WorkflowDefinition workflow -> workflow.tools().values();
        };
    }
}
