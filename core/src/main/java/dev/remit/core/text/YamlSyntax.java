package dev.remit.core.text;

import dev.remit.core.text.YamlText.Word;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// Says what a syntax error of YAML most likely means, and where it was made.
final class YamlSyntax {
    private static final Pattern HASH = Pattern.compile("(?<=[\\s\\[{,:])#(?=[^\\s#])[^\\s,\\]}]*");
    private static final Pattern STRANGE = Pattern.compile("found character '(.+?)' that cannot.*");
    private static final Pattern WORD = Pattern.compile("[^\\s,\\]}]+");

    private final String file;
    private final YamlText text;
    private final Faults faults;

    YamlSyntax(String file, YamlText text, Faults faults) {
        this.file = file;
        this.text = text;
        this.faults = faults;
    }

    /// Tells what is wrong.
    ///
    /// @return what can be put in quotes to read on; absent if that would be a guess
    Optional<Word> tell(MarkedYamlEngineException error) {
        var problem = String.valueOf(error.getProblem()).replaceAll("\\s+", " ");
        var context = String.valueOf(error.getContext());
        var at = error.getProblemMark();
        var from = error.getContextMark().isPresent() ? error.getContextMark() : at;
        if (at.isEmpty() || from.isEmpty()) {
            faults.add(file, Place.START, "this is not YAML: " + problem, "");
            return Optional.empty();
        }
        return tell(problem, context, at.get(), from.get());
    }

    private Optional<Word> tell(String problem, String context, Mark at, Mark from) {
        if (context.contains("flow")) {
            var hidden = hidden(from, at);
            if (hidden.isPresent()) {
                return hidden;
            }
        }
        var strange = STRANGE.matcher(problem);
        if (context.contains("alias")) {
            return quote(from, "an unquoted * begins an alias in YAML");
        } else if (context.contains("anchor")) {
            return quote(from, "an unquoted & begins an anchor in YAML");
        } else if (context.contains("tag")) {
            return quote(from, "an unquoted ! begins a tag in YAML");
        } else if (problem.contains("TAB")) {
            add(
                    at,
                    "a tab stands where YAML wants blanks",
                    "use blanks; most editors can do that for .yaml files");
        } else if (strange.matches()) {
            return quote(at, "a text cannot begin with " + strange.group(1));
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
            add(
                    at,
                    problem.startsWith("nested")
                            ? "this is " + problem
                            : "this is not YAML: " + problem,
                    "");
        }
        return Optional.empty();
    }

    /// Within brackets, a `#` without quotes hides the rest of its line, the closing bracket too.
    private Optional<Word> hidden(Mark from, Mark to) {
        for (int line = from.getLine(); line <= to.getLine(); line++) {
            var hash = HASH.matcher(text.line(line));
            int start = line == from.getLine() ? from.getColumn() : 0;
            if (hash.find(Math.min(start, text.line(line).length()))) {
                faults.add(
                        file,
                        text.place(line, hash.start()),
                        "an unquoted # begins a comment, so what follows on this line is not read",
                        "put it in quotes: \"" + hash.group() + "\"");
                return Optional.of(new Word(line, hash.start(), hash.group().length()));
            }
        }
        return Optional.empty();
    }

    private Optional<Word> quote(Mark at, String wrong) {
        var word = WORD.matcher(text.line(at.getLine()));
        boolean found =
                word.find(Math.min(at.getColumn(), text.line(at.getLine()).length()))
                        && word.start() == at.getColumn();
        add(at, wrong, "put it in quotes" + (found ? ": \"" + word.group() + "\"" : ""));
        return found
                ? Optional.of(new Word(at.getLine(), word.start(), word.group().length()))
                : Optional.empty();
    }

    private void block(Mark at) {
        var line = text.line(at.getLine());
        boolean goesOn =
                (line.length() < 500
                                && line.matches("\\s*(- +)?([^:#'\"]*: +)?\"[^\"]*\" *[^#\\s:].*"))
                        || (line.length() < 500
                                && line.matches("\\s*(- +)?([^:#'\"]*: +)?'[^']*' *[^#\\s:].*"));
        if (goesOn) {
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

    private void add(Mark at, String wrong, String right) {
        faults.add(file, text.place(at), wrong, right);
    }
}
