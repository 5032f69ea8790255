package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a fake vendor tells about itself, under `/_fake/`: `invoice` (also as CSV, by
/// `?format=csv`), `requests`, `state`; `POST reset`, which forgets all of it; and `POST script`,
/// which gives it another drill.
final class Control {
    private static final String PATH = "/_fake/";
    private static final Set<String> SECRET =
            Set.of("authorization", "api-key", "x-api-key", "x-goog-api-key", "cookie");

    private final Behaviour behaviour;

    Control(Behaviour behaviour) {
        this.behaviour = behaviour;
    }

    boolean isFor(FakeRequest request) {
        return request.path().startsWith(PATH);
    }

    void answer(FakeRequest request, String body, Answering answering) throws IOException {
        var what = request.method() + " " + request.path().substring(PATH.length());
        switch (what) {
            case "GET invoice" -> {
                if ("csv".equals(request.query().get("format"))) {
                    answering.write(200, "text/csv; charset=utf-8", csv());
                } else {
                    answering.write(200, invoice());
                }
            }
            case "GET requests" -> answering.write(200, requests());
            case "GET state" -> answering.write(200, state());
            case "POST script" -> script(body, answering);
            case "POST reset" -> {
                behaviour.books.forget();
                answering.write(200, state());
            }
            default ->
                    answering.write(
                            404, Json.object().put("error", "there is no " + what + " here"));
        }
    }

    private void script(String text, Answering answering) throws IOException {
        boolean json = text.stripLeading().startsWith("{");
        try {
            behaviour.follow(DrillFile.read(json ? "script.json" : "script.yaml", text));
            answering.write(200, state());
        } catch (InvalidDrill e) {
            answering.write(400, Json.object().put("error", e.getMessage()));
        }
    }

    private JsonNode state() {
        return Json.object()
                .put("asked", behaviour.books.asked())
                .put("hang_ups", behaviour.hungUp.sum());
    }

    private JsonNode invoice() {
        var body = Json.object();
        var lines = body.putArray("lines");
        for (var sum : behaviour.books.sums()) {
            var usage = sum.usage();
            lines.addObject()
                    .put("provider", sum.vendor())
                    .put("model", sum.model())
                    .put("calls", sum.calls())
                    .put("input_tokens", usage.input())
                    .put("cache_read_tokens", usage.cacheRead())
                    .put("cache_write_tokens", usage.cacheWrite())
                    .put("output_tokens", usage.output())
                    .put("reasoning_tokens", usage.reasoning());
        }
        return body;
    }

    private byte[] csv() {
        var names =
                List.of(
                        "provider",
                        "model",
                        "calls",
                        "input_tokens",
                        "cache_read_tokens",
                        "cache_write_tokens",
                        "output_tokens",
                        "reasoning_tokens");
        var csv = new StringBuilder(String.join(",", names)).append("\r\n");
        for (var line : invoice().path("lines")) {
            var cells = names.stream().map(name -> cell(line.path(name).asString(""))).toList();
            csv.append(String.join(",", cells)).append("\r\n");
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String cell(String text) {
        return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }

    private JsonNode requests() {
        var list = Json.array();
        for (var request : behaviour.books.requests()) {
            var told =
                    list.addObject()
                            .put("method", request.method())
                            .put("path", request.path())
                            .put("model", request.model())
                            .put("streams", request.streams());
            var headers = told.putObject("headers");
            request.headers().forEach((n, v) -> headers.put(n, SECRET.contains(n) ? "***" : v));
            told.set("body", request.body());
        }
        return list;
    }
}
