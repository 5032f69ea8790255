package dev.remit.hands.function;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.core.json.Json;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The `knowledge/` files of one agent, and nothing else of its folder.
final class Knowledge {
    private static final String FOLDER = "knowledge/";
    private static final int MOST_FILES = 500;
    private static final int LINES = 400;
    private static final int MOST_LINES = 2000;
    private static final int MOST_CHARACTERS = 64 * 1024;
    private static final int LONGEST_PATH = 500;
    private static final int LONGEST_QUERY = 1000;

    private final SortedMap<String, String> files = new TreeMap<>();

    /// @param files all of an agent's files by path
    Knowledge(Map<String, String> files) {
        files.forEach((path, text) -> {
            if (path.startsWith(FOLDER)) {
                this.files.put(path, text);
            }
        });
    }

    JsonNode list(Arguments arguments) {
        var under = arguments.text("under", "", LONGEST_PATH);
        var full = under.startsWith(FOLDER) || FOLDER.startsWith(under) ? under : FOLDER + under;
        var result = Json.object();
        var list = result.putArray("files");
        int more = 0;
        for (var file : files.entrySet()) {
            if (!file.getKey().startsWith(full)) {
                continue;
            }
            if (list.size() == MOST_FILES) {
                more++;
                continue;
            }
            list.addObject()
                    .put("path", file.getKey())
                    .put("lines", file.getValue().lines().count())
                    .put("bytes", file.getValue().getBytes(UTF_8).length);
        }
        if (more > 0) {
            result.put("more", more);
        }
        return result;
    }

    JsonNode search(Arguments arguments) {
        var query = arguments.text("query", LONGEST_QUERY);
        int limit = arguments.integer("limit", 10, 1, 50);
        var places = new Search(query).in(files, limit);
        var result = Json.object();
        var list = result.putArray("places");
        for (var place : places) {
            list.addObject()
                    .put("path", place.path())
                    .put("line", place.line())
                    .put("text", place.text());
        }
        if (places.isEmpty()) {
            result.put(
                    "note",
                    files.isEmpty()
                            ? "there are no knowledge files"
                            : "none of these words is in the " + files.size() + " knowledge files");
        }
        return result;
    }

    JsonNode read(Arguments arguments) {
        var path = path(arguments.text("path", LONGEST_PATH));
        var text = files.get(path);
        if (text == null) {
            throw new Refused(
                    "there is no file " + path + "; knowledge.list names those that there are");
        }
        int from = arguments.integer("from", 1, 1, Integer.MAX_VALUE);
        int count = arguments.integer("lines", LINES, 1, MOST_LINES);
        var lines = text.lines().toList();
        if (from > Math.max(1, lines.size())) {
            throw new Refused(path + " has " + lines.size() + " lines; from was " + from);
        }
        var out = new StringBuilder();
        int next = from - 1;
        while (next < lines.size() && next < from - 1 + count) {
            var line = lines.get(next);
            if (out.length() + line.length() > MOST_CHARACTERS) {
                if (out.isEmpty()) {
                    out.append(line, 0, end(line, MOST_CHARACTERS)).append(" … (line cut)\n");
                    next++;
                }
                break;
            }
            out.append(line).append('\n');
            next++;
        }
        return Json.object()
                .put("path", path)
                .put("from", from)
                .put("to", next)
                .put("lines", lines.size())
                .put("text", out.toString());
    }

    /// As it is listed; `./` or the folder's own name may be left out or written.
    private static String path(String given) {
        var path = given.strip();
        while (path.startsWith("./") || path.startsWith("/")) {
            path = path.substring(path.indexOf('/') + 1);
        }
        return path.startsWith(FOLDER) ? path : FOLDER + path;
    }

    /// Not between the halves of one character.
    static int end(String text, int most) {
        if (text.length() <= most) {
            return text.length();
        }
        return Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    }
}
