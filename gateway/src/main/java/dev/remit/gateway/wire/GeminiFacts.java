package dev.remit.gateway.wire;

/// Finds what must be known of a request of Gemini's generateContent. Names may be in camelCase or
/// in snake_case.
final class GeminiFacts {
    private final byte[] body;
    private final Found found = new Found();
    private boolean configured;
    private boolean capped;

    private GeminiFacts(byte[] body) {
        this.body = body;
        found.usageInStream = true;
    }

    static Facts of(byte[] body, Codec.InPath path) throws BadRequest {
        var facts = new GeminiFacts(body);
        facts.found.model = path.model();
        facts.found.stream = path.stream();
        Scan.over(body, facts::field);
        return facts.found.facts(body.length);
    }

    /// Of a request of countTokens, which holds the contents, or a whole request.
    static Facts ofCount(byte[] body, Codec.InPath path) throws BadRequest {
        var facts = new GeminiFacts(body);
        facts.found.model = path.model();
        Scan.over(
                body,
                (name, value) -> {
                    if (isWholeRequest(name)) {
                        value.members(facts::field);
                    } else {
                        facts.field(name, value);
                    }
                });
        return facts.found.facts(body.length);
    }

    static boolean isWholeRequest(String name) {
        return name.equals("generateContentRequest") || name.equals("generate_content_request");
    }

    private void field(String name, Scan value) throws BadRequest {
        switch (name) {
            case "contents" -> contents(value);
            case "tools" -> {
                var from = value.from();
                value.elements((_, tool) -> tool.members(this::tool));
                found.prefix.tools(body, new Scan.Range(from, value.to()));
            }
            case "systemInstruction", "system_instruction" ->
                    found.prefix.system(body, value.range());
            case "cachedContent", "cached_content" -> {
                if (!value.isNull()) {
                    found.bounded = false; // Google keeps it
                }
            }
            case "generationConfig", "generation_config" -> {
                if (configured) {
                    throw twice("generationConfig");
                }
                configured = true;
                value.members(this::config);
            }
            case "serviceTier", "service_tier" -> found.serviceTier = value.text(name);
            case "labels" -> found.metadata = value.words(name);
            default -> {}
        }
    }

    static BadRequest twice(String name) {
        return new BadRequest("`" + name + "` is there twice, in camelCase and in snake_case.");
    }

    private void config(String name, Scan value) throws BadRequest {
        switch (name) {
            case "maxOutputTokens", "max_output_tokens" -> {
                if (capped) {
                    throw twice("maxOutputTokens");
                }
                capped = true;
                found.maxOutput = value.whole(name, 1);
            }
            case "candidateCount", "candidate_count" -> {
                var count = value.whole(name, 1);
                found.answers = Math.max(found.answers, count == null ? 1 : count);
            }
            case "responseMimeType", "response_mime_type" ->
                    found.structured |= value.startsWith("application/json");
            case "responseSchema",
                    "response_schema",
                    "responseJsonSchema",
                    "response_json_schema",
                    "_responseJsonSchema" ->
                    found.structured |= !value.isNull();
            default -> {}
        }
    }

    /// What Google runs itself reads what is not in the body.
    private void tool(String name, Scan value) throws BadRequest {
        if (name.equals("functionDeclarations") || name.equals("function_declarations")) {
            found.tools += value.count();
        } else if (!value.isNull()) {
            found.tools++;
            found.bounded = false;
        }
    }

    private void contents(Scan value) throws BadRequest {
        if (!value.isList()) {
            throw value.wrong("contents", "a list");
        }
        found.turns =
                value.elements((index, content) -> {
                    var from = content.from();
                    content.members(this::content);
                    if (index == 0) {
                        found.prefix.first(body, new Scan.Range(from, content.to()));
                    }
                });
    }

    private void content(String name, Scan value) throws BadRequest {
        if (name.equals("parts")) {
            value.elements((_, part) -> part.members(this::part));
            value.members(this::part); // a single one is taken, too
        }
    }

    private void inline(Scan data) throws BadRequest {
        var type = new String[] {""};
        var bytes = new long[1];
        data.members((name, value) -> {
            switch (name) {
                case "mimeType", "mime_type" -> type[0] = String.valueOf(value.text(name));
                case "data" -> bytes[0] = value.base64();
                default -> {}
            }
        });
        found.media.add(type[0], bytes[0]);
    }

    private void part(String name, Scan value) throws BadRequest {
        switch (name) {
            case "inlineData", "inline_data" -> inline(value);
            case "fileData", "file_data" -> {
                found.media.packed();
                found.bounded = false;
            }
            case "functionResponse", "function_response" ->
                    value.members((field, inner) -> {
                        if (field.equals("parts")) {
                            inner.elements((_, part) -> part.members(this::part));
                        }
                    });
            default -> {}
        }
    }
}
