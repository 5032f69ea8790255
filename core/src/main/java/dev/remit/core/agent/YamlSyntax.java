package dev.remit.core.agent;

import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// Says what a syntax error of YAML most likely means, and where it was made.
final class YamlSyntax {
    private static final Pattern HASH = Pattern.compile("(?<=[\\s\\[{,:])#(?=[^\\s#])[^\\s,\\]}]*");
    private static final Pattern STRANGE = Pattern.compile("found character '(.+?)' that cannot.*");
    private static final Pattern WORD = Pattern.compile("[^\\s,\\]}]*");

    private final String file;
    private final List<String> lines;
    private final Faults faults;

    YamlSyntax(String file, List<String> lines, Faults faults) {
        this.file = file;
        this.lines = lines;
        this.faults = faults;
    }

    void tell(MarkedYamlEngineException error) {
        var problem = String.valueOf(error.getProblem()).replaceAll("\\s+", " ");
        var context = String.valueOf(error.getContext());
        var at = error.getProblemMark().map(YamlReader::place).orElse(Place.START);
        var from = error.getContextMark().map(YamlReader::place).orElse(at);
        if (context.contains("flow") && swallowed(from, at)) {
            return;
        }
        var strange = STRANGE.matcher(problem);
        if (context.contains("alias") || context.contains("anchor")) {
            var word = word(from);
            add(
                    from,
                    "an unquoted "
                            + word.charAt(0)
                            + " begins "
                            + (word.charAt(0) == '&' ? "an anchor" : "an alias")
                            + " in YAML",
                    "put it in quotes: \"" + word + "\"");
        } else if (context.contains("tag")) {
            add(
                    from,
                    "an unquoted ! begins a tag in YAML",
                    "put it in quotes: \"" + word(from) + "\"");
        } else if (problem.contains("TAB")) {
            add(
                    at,
                    "a tab stands where YAML wants blanks",
                    "use blanks; most editors can do that for .yaml files");
        } else if (strange.matches()) {
            add(
                    at,
                    "a text cannot begin with " + strange.group(1),
                    "put it in quotes: \"" + word(at) + "\"");
        } else if (problem.contains("mapping values are not allowed")) {
            add(
                    at,
                    "a second `: ` on one line, or a line that is not indented as the ones around it",
                    "put a text with `: ` in it in quotes");
        } else if (problem.contains("sequence entries are not allowed")) {
            add(
                    at,
                    "a list cannot begin here",
                    "begin it on a line of its own, indented, or put a text that begins with - in quotes");
        } else if (context.contains("quoted scalar") && problem.contains("end of")) {
            add(from, "a text that begins with a quote is never closed", "close the quote");
        } else if (problem.contains("unknown escape")) {
            add(at, "a \\ is special within double quotes", "write \\\\, or use single quotes");
        } else if (context.contains("flow sequence")) {
            add(
                    from,
                    "a list that begins with [ is not closed",
                    "close it with ], and put commas between its elements");
        } else if (context.contains("flow mapping")) {
            add(
                    from,
                    "a map that begins with { is not closed",
                    "close it with }, and put commas between its entries");
        } else if (context.contains("block") || problem.contains("document start")) {
            block(at);
        } else {
            add(at, "this is not YAML: " + problem, "");
        }
    }

    /// Within brackets, a `#` without quotes hides the rest of its line, the closing bracket too.
    private boolean swallowed(Place from, Place to) {
        for (int line = from.line(); line <= Math.min(to.line(), lines.size()); line++) {
            var hash = HASH.matcher(lines.get(line - 1));
            if (hash.find(
                    line == from.line()
                            ? Math.min(from.column() - 1, lines.get(line - 1).length())
                            : 0)) {
                add(
                        new Place(line, hash.start() + 1),
                        "an unquoted # begins a comment, so what follows on this line is not read",
                        "put it in quotes: \"" + hash.group() + "\"");
                return true;
            }
        }
        return false;
    }

    private void block(Place at) {
        var line = at.line() <= lines.size() ? lines.get(at.line() - 1) : "";
        if (line.matches("\\s*(- )?[^:#'\"]*: +[\"'].*[\"'] *[^#\\s].*")
                || line.matches("\\s*- +[\"'].*[\"'] *[^#\\s:].*")) {
            add(
                    at,
                    "the text goes on after its closing quote",
                    "put the whole of it in quotes, single ones around double ones");
        } else {
            add(
                    at,
                    "this line is not indented as the ones around it",
                    "indent what belongs together equally, with blanks");
        }
    }

    private String word(Place at) {
        var line = at.line() <= lines.size() ? lines.get(at.line() - 1) : "";
        var word = WORD.matcher(line);
        return word.find(Math.min(at.column() - 1, line.length())) && !word.group().isEmpty()
                ? word.group()
                : "*";
    }

    private void add(Place at, String wrong, String right) {
        faults.add(file, at, wrong, right);
    }
}
