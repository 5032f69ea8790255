package dev.remit.core.agent;

import dev.remit.core.expression.Template;
import dev.remit.core.json.Json;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Formats;
import dev.remit.core.text.Nearest;
import dev.remit.core.tool.BuiltIn;
import dev.remit.core.tool.PriceFields;
import dev.remit.core.tool.Tier;
import dev.remit.core.tool.Tool;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads `tools/<name>.yaml`.
final class ToolFiles {
    static final String FOLDER = "tools/";

    private static final Pattern FILE = Pattern.compile("tools/([^/]+)\\.(yaml|yml|json)");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*(\\.[a-z][a-z0-9_-]*)*");
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)\\}");
    private static final Pattern SECRET =
            Pattern.compile("\\$\\{secret\\.[A-Za-z_][A-Za-z0-9_]*\\}");
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private final Folder folder;
    private final Faults faults;

    ToolFiles(Folder folder) {
        this.folder = folder;
        this.faults = folder.faults();
    }

    /// A tool and the path of its file within the folder.
    record Entry(Tool tool, String path) {}

    /// By name. A tool whose file has faults is there too if its name is known, so that whoever
    /// names it is not at fault as well.
    Map<String, Entry> read() {
        var tools = new LinkedHashMap<String, Entry>();
        for (var path : folder.files().keySet()) {
            var file = FILE.matcher(path);
            if (!file.matches()) {
                continue;
            }
            var name = file.group(1);
            if (!NAME.matcher(name).matches() || name.length() > 64) {
                faults.add(
                        folder.named(path),
                        "`" + name + "` is no name for a tool",
                        "lower-case words with dots between, such as runbooks.search");
            } else if (BuiltIn.tools().containsKey(name)) {
                faults.add(folder.named(path), name + " is built in", "name the tool otherwise");
            } else if (tools.containsKey(name)) {
                faults.add(
                        folder.named(path),
                        name + " is described twice",
                        "remove one of the files");
            } else {
                tools.put(name, new Entry(tool(name, path), path));
            }
        }
        return tools;
    }

    private Tool tool(String name, String path) {
        var nothing =
                new Tool(
                        name,
                        "",
                        Tier.PEOPLE_ONLY,
                        Json.object(),
                        false,
                        Duration.ofSeconds(1),
                        1,
                        new Tool.Means.Function(name));
        return folder.source(path)
                .flatMap(source -> Fields.at(source, "", Keys.TOOL, faults))
                .map(fields -> tool(name, fields))
                .orElse(nothing);
    }

    private Tool tool(String name, Fields fields) {
        Formats.version(fields, "tool/v1");
        var given = fields.text("name");
        if (given != null && !given.equals(name)) {
            fields.fault(
                    "name",
                    "the tool is named `" + given + "` here, and " + name + " by its file",
                    "leave the key out");
        }
        var description =
                fields.required(
                        "description", "say what the tool does, for the model that chooses it");
        if (!fields.has("tier")) {
            fields.missing(
                    "tier", "1 read, 2 write with evidence, 3 needs approval, 4 people only");
        }
        var tier = Tier.of(fields.integer("tier", 1, 4, 4));
        var means = means(fields);
        var input = input(fields, means, tier);
        boolean reads =
                means instanceof Tool.Means.Http http
                        ? http.method().equals("GET") || http.method().equals("HEAD")
                        : tier == Tier.READ;
        var told = fields.truth("idempotent");
        boolean idempotent = told != null ? told : reads;
        var timeout = fields.duration("timeout", Duration.ofMillis(100), Duration.ofHours(1));
        int attempts = fields.integer("attempts", 1, 20, idempotent ? 3 : 1);
        int atOnce = fields.integer("at_once", 1, 100_000, 0);
        placeholders(fields, means, input);
        return new Tool(
                name,
                description == null ? "" : description,
                tier,
                input,
                idempotent,
                timeout == null ? Duration.ofSeconds(30) : timeout,
                attempts,
                atOnce,
                PriceFields.read(fields, "price"),
                means);
    }

    private JsonNode input(Fields fields, Tool.Means means, Tier tier) {
        var schema =
                fields.get("input") == null ? null : new SchemaFiles(folder).read(fields, "input");
        if (schema == null) {
            if (fields.has("input")) {
                return Json.object();
            }
            var builtIn =
                    means instanceof Tool.Means.Function f ? BuiltIn.tools().get(f.name()) : null;
            return builtIn != null
                    ? builtIn.input()
                    : Json.object().put("type", "object").put("additionalProperties", false);
        }
        if (!schema.path("type").asString("").equals("object")) {
            fields.fault(
                    "input",
                    "the arguments of a tool are an object",
                    "type: object, with properties");
        }
        if (tier != Tier.READ && schema.path("properties").has("evidence")) {
            fields.fault(
                    "input",
                    "`evidence` is added by Remit from tier 2 on",
                    "name the field otherwise");
        }
        return schema;
    }

    private Tool.Means means(Fields fields) {
        var function = fields.text("function");
        if (fields.has("function") == fields.has("http")) {
            fields.missing(
                    fields.has("http") ? "function or http" : "function` or `http",
                    "say how the tool is done: by exactly one of them");
        }
        if (function != null && !BuiltIn.tools().containsKey(function)) {
            fields.fault(
                    "function",
                    "`" + function + "` is no function of Remit",
                    Nearest.hint(function, BuiltIn.tools().keySet()));
        }
        return fields.object("http", Keys.HTTP)
                .<Tool.Means>map(this::http)
                .orElse(new Tool.Means.Function(function == null ? "" : function));
    }

    private Tool.Means.Http http(Fields fields) {
        var method = fields.required("method", "GET, POST, PUT, PATCH or DELETE");
        if (method != null && !METHODS.contains(method)) {
            fields.fault(
                    "method", "`" + method + "` is no HTTP method", Nearest.hint(method, METHODS));
        }
        var url = fields.required("url", "such as https://example.com/search?q={query}");
        if (url != null
                && (url.length() > 2000
                        || !url.matches("https?://[^/\\s{}@]+(/\\S*)?(\\?\\S*)?"))) {
            fields.fault(
                    "url",
                    "this is no URL of an HTTP server",
                    "such as https://example.com/search?q={query}, with placeholders only behind the host");
        }
        return new Tool.Means.Http(
                method == null ? "GET" : method,
                url == null ? "" : url,
                headers(fields),
                body(fields));
    }

    private Map<String, String> headers(Fields fields) {
        var headers = new LinkedHashMap<String, String>();
        if (fields.get("headers") == null) {
            return headers;
        }
        fields.object("headers", fields.source().names(fields.pointer("headers")))
                .ifPresent(given ->
                        given.names().stream()
                                .sorted()
                                .forEach(name ->
                                        header(given, name).ifPresent(v -> headers.put(name, v))));
        return headers;
    }

    private Optional<String> header(Fields fields, String name) {
        var value = fields.text(name);
        if (!HEADER.matcher(name).matches()) {
            fields.fault(name, "`" + name + "` is no name of a header", "such as Authorization");
        }
        if (value == null) {
            return Optional.empty();
        }
        if (value.chars().anyMatch(c -> c < ' ' || c == 127)) {
            fields.fault(name, "a header has one line", "remove line breaks");
        }
        if (SECRET.matcher(value).replaceAll("").contains("${")) {
            fields.fault(
                    name,
                    "only a secret can be filled into a header",
                    "such as \"Bearer ${secret.TOKEN}\"");
        }
        return Optional.of(value);
    }

    private @Nullable JsonNode body(Fields fields) {
        var body = fields.get("body");
        if (body != null) {
            for (var mistake : Template.mistakes(body, Set.of("args"))) {
                faults.add(
                        fields.source().file(),
                        fields.source().value(fields.pointer("body") + mistake.pointer()),
                        mistake.wrong(),
                        "such as ${args.text}");
            }
        }
        return body;
    }

    private void placeholders(Fields fields, Tool.Means means, JsonNode input) {
        if (!(means instanceof Tool.Means.Http http) || fields.get("http") == null) {
            return;
        }
        var known = SchemaFiles.fields(input).toList();
        var names = PLACEHOLDER.matcher(http.url());
        while (names.find()) {
            if (!known.contains(names.group(1))) {
                faults.add(
                        fields.source().file(),
                        fields.source().value(fields.pointer("http") + "/url"),
                        "the URL asks for {"
                                + names.group(1)
                                + "}, which is no argument of the tool",
                        Nearest.hint(names.group(1), known));
            }
        }
    }
}
