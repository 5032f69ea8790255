package dev.remit.core.drawing;

import dev.remit.core.agent.WorkflowDefinition;
import java.util.List;
import java.util.Locale;

/// A workflow as a tree of lines.
public final class WorkflowText {
    private final StringBuilder text = new StringBuilder();

    private WorkflowText() {}

    /// Lines end with a line feed; the first one is the workflow's name.
    public static String draw(WorkflowDefinition workflow) {
        var drawing = new WorkflowText();
        drawing.text.append(workflow.name());
        if (!workflow.description().isEmpty()) {
            drawing.text.append("  ").append(workflow.description().strip());
        }
        var limits = Node.limits(workflow);
        drawing.text.append(limits.isEmpty() ? "" : "   [" + limits + "]").append('\n');
        drawing.nodes(Node.of(workflow.steps()), "");
        return drawing.text.toString();
    }

    private void nodes(List<Node> nodes, String indent) {
        for (int i = 0; i < nodes.size(); i++) {
            boolean last = i == nodes.size() - 1;
            node(nodes.get(i), indent + (last ? "└─ " : "├─ "), indent + (last ? "   " : "│  "));
        }
    }

    private void node(Node node, String first, String rest) {
        text.append(first).append(word(node.kind())).append(node.title());
        if (!node.notes().isEmpty()) {
            text.append("   [").append(String.join("; ", node.notes())).append(']');
        }
        text.append('\n');
        if (node.lanes().size() == 1 && node.lanes().getFirst().label().isEmpty()) {
            nodes(node.lanes().getFirst().nodes(), rest);
            return;
        }
        for (int i = 0; i < node.lanes().size(); i++) {
            var lane = node.lanes().get(i);
            boolean last = i == node.lanes().size() - 1;
            if (lane.label().isEmpty() && lane.nodes().size() == 1) {
                node(
                        lane.nodes().getFirst(),
                        rest + (last ? "╚═ " : "╠═ "),
                        rest + (last ? "   " : "║  "));
                continue;
            }
            text.append(rest).append(last ? "╚═ " : "╠═ ");
            text.append(lane.label().isEmpty() ? "in order" : lane.label());
            text.append(lane.nodes().isEmpty() ? ": nothing" : "").append('\n');
            nodes(lane.nodes(), rest + (last ? "   " : "║  "));
        }
    }

    private static String word(Node.Kind kind) {
        return switch (kind) {
            case AGENT, TOOL, WORKFLOW -> kind.name().toLowerCase(Locale.ROOT) + " ";
            case PEOPLE, WAIT, GROUP -> "";
        };
    }
}
