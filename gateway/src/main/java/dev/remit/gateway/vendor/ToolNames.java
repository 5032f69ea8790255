package dev.remit.gateway.vendor;

import dev.remit.core.json.Hash;
import dev.remit.core.model.Message;
import dev.remit.core.model.ModelRequest;
import java.util.HashMap;
import java.util.Map;

/// Tool names as vendors allow them (`[a-zA-Z0-9_-]{1,64}`), and back. The same for every call with
/// the same tools, so that the vendor's cache keeps its use.
public final class ToolNames {
    /// The tool by which a model that has no other way gives its structured answer.
    public static final String ANSWER = "answer";

    private static final int LONGEST = 64;
    private final Map<String, String> wireByTool = new HashMap<>();
    private final Map<String, String> toolByWire = new HashMap<>();

    /// Of the tools that the request offers, then of those that its messages speak of.
    public static ToolNames of(ModelRequest request) {
        var names = new ToolNames();
        request.tools().forEach(tool -> names.add(tool.name()));
        request.messages().stream()
                .flatMap(m -> m.toolUses().stream())
                .map(Message.Part.ToolUse::tool)
                .forEach(names::add);
        return names;
    }

    public String wire(String tool) {
        return wireByTool.getOrDefault(tool, tool);
    }

    /// A name that nobody offered is given back as it came.
    public String tool(String wire) {
        return toolByWire.getOrDefault(wire, wire);
    }

    private void add(String tool) {
        if (wireByTool.containsKey(tool)) {
            return;
        }
        var wire = tool.replaceAll("[^a-zA-Z0-9_-]", "_");
        if (wire.length() > LONGEST || wire.isEmpty() || isTaken(wire)) {
            var suffix = "_" + Hash.of(tool).brief();
            var kept = Math.min(wire.length(), LONGEST - suffix.length());
            wire = wire.substring(0, kept) + suffix;
        }
        wireByTool.put(tool, wire);
        toolByWire.put(wire, tool);
    }

    private boolean isTaken(String wire) {
        return wire.equals(ANSWER) || toolByWire.containsKey(wire);
    }
}
