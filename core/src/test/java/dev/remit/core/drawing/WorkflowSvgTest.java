package dev.remit.core.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.core.agent.FolderReader;
import dev.remit.core.agent.WorkflowDefinition;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// Pictures of workflows: everything is in them, nothing lies on anything else.
class WorkflowSvgTest {
    private static final Path EXAMPLES = Path.of("..", "examples");

    private record Box(String kind, double x, double y, double width, double height) {
        boolean holds(Box other) {
            return x <= other.x
                    && y <= other.y
                    && x + width >= other.x + other.width
                    && y + height >= other.y + other.height;
        }

        boolean meets(Box other) {
            return x < other.x + other.width
                    && other.x < x + width
                    && y < other.y + other.height
                    && other.y < y + height;
        }
    }

    private static WorkflowDefinition example(String name) throws IOException {
        var files = new TreeMap<String, String>();
        var folder = EXAMPLES.resolve(name);
        try (var all = Files.walk(folder)) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                files.put(
                        folder.relativize(file).toString().replace('\\', '/'),
                        Files.readString(file));
            }
        }
        var reading = FolderReader.read(files);
        assertThat(reading.faults()).isEmpty();
        return (WorkflowDefinition) reading.bundle().root();
    }

    private static Document parsed(String svg) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)));
        } catch (ParserConfigurationException | SAXException e) {
            throw new AssertionError("no XML: " + svg, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double number(Element element, String name) {
        return Double.parseDouble(element.getAttribute(name));
    }

    private static List<Box> boxes(Document svg) {
        var all = new ArrayList<Box>();
        var list = svg.getElementsByTagName("rect");
        for (int i = 0; i < list.getLength(); i++) {
            var rect = (Element) list.item(i);
            all.add(
                    new Box(
                            rect.getAttribute("class"),
                            number(rect, "x"),
                            number(rect, "y"),
                            number(rect, "width"),
                            number(rect, "height")));
        }
        return all;
    }

    @Test
    void boxes_stand_in_one_another_or_apart() throws IOException {
        for (var name : List.of("ship-safely", "oncall-copilot")) {
            var boxes = boxes(parsed(WorkflowSvg.draw(example(name))));
            assertThat(boxes).hasSizeGreaterThan(4);
            for (var one : boxes) {
                assertThat(boxes.getFirst().holds(one)).as("within the picture").isTrue();
                for (var other : boxes) {
                    assertThat(one.meets(other) && !one.holds(other) && !other.holds(one))
                            .as("%s lies on %s", one, other)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void no_text_is_wider_than_the_box_that_it_stands_in() throws IOException {
        var svg = parsed(WorkflowSvg.draw(example("ship-safely")));
        var boxes = boxes(svg);
        var texts = svg.getElementsByTagName("text");
        for (int i = 0; i < texts.getLength(); i++) {
            var text = (Element) texts.item(i);
            double x = number(text, "x");
            double y = number(text, "y");
            double least =
                    boxes.stream()
                            .filter(b -> b.holds(new Box("", x, y, 0, 0)))
                            .mapToDouble(Box::width)
                            .min()
                            .orElseThrow();
            boolean small = !text.getAttribute("class").isEmpty();
            assertThat(text.getTextContent().length() * (small ? 5.5 : 6.5))
                    .as(text.getTextContent())
                    .isLessThan(least);
        }
    }

    @Test
    void everything_that_a_workflow_says_is_in_its_picture() throws IOException {
        var drawn = WorkflowSvg.draw(example("ship-safely"));
        assertThat(drawn)
                .contains("decision: choose", "go: ask release-managers", "within 30m")
                .contains("where event.version == input.version", "undo: journal.append")
                .contains("1.00 USD a session, deadline 3h")
                .contains("if plan.risk == &quot;high&quot;");
        assertThat(WorkflowText.draw(example("ship-safely")))
                .contains("├─ agent plan\n", "shows version, checks; within 30m; otherwise stop]")
                .contains("   [1.00 USD a session, deadline 3h]\n");
    }

    @Test
    void what_authors_write_cannot_end_the_picture_early() {
        var files = new TreeMap<String, String>();
        files.put(
                "workflow.yaml",
                """
                remit: workflow/v1
                name: odd
                description: "</svg><script>alert(1)</script> & so on"
                steps:
                  - approve: { show: "<b>&", ask: "</text><script>", by: "a<b", otherwise: continue }
                """);
        var reading = FolderReader.read(files);
        assertThat(reading.faults()).isEmpty();
        var svg = parsed(WorkflowSvg.draw((WorkflowDefinition) reading.bundle().root()));
        assertThat(svg.getElementsByTagName("script").getLength()).isZero();
    }
}
