package dev.remit.gateway.wire;

/// Finds what must be known of a request of the Responses API.
final class ResponsesFacts {
    private final byte[] body;
    private final Found found = new Found();

    private ResponsesFacts(byte[] body) {
        this.body = body;
        found.usageInStream = true; // its end always tells
    }

    static Facts of(byte[] body) throws BadRequest {
        var facts = new ResponsesFacts(body);
        Scan.over(body, facts::field);
        return facts.found.facts(body.length);
    }

    private void field(String name, Scan value) throws BadRequest {
        switch (name) {
            case "model" -> found.model = value.text(name);
            case "stream" -> found.stream = value.flag(name);
            case "max_output_tokens" -> found.maxOutput = value.whole(name, 1);
            case "service_tier" -> found.serviceTier = value.text(name);
            case "user" -> found.user = value.text(name);
            case "safety_identifier" -> {
                var user = value.text(name);
                found.user = found.user == null ? user : found.user;
            }
            case "metadata" -> found.metadata = value.words(name);
            case "previous_response_id", "conversation", "prompt" -> {
                if (!value.isNull()) {
                    found.bounded = false; // OpenAI keeps it
                }
            }
            case "background" -> {
                if (value.flag(name)) {
                    throw new BadRequest(
                            "`background` would run on without anybody who knows what it costs:"
                                    + " leave it out and stream the answer.");
                }
            }
            case "text" -> value.members(this::text);
            case "tools" -> {
                var from = value.from();
                found.tools = value.elements((_, tool) -> tool.members(this::tool));
                found.prefix.tools(body, new Scan.Range(from, value.to()));
            }
            case "instructions" -> found.prefix.system(body, value.range());
            case "input" -> input(value);
            default -> {}
        }
    }

    private void text(String name, Scan value) throws BadRequest {
        if (name.equals("format")) {
            value.members((field, format) -> {
                if (field.equals("type")) {
                    found.structured |= format.startsWith("json");
                }
            });
        }
    }

    /// What OpenAI runs itself reads what is not in the body.
    private void tool(String name, Scan value) throws BadRequest {
        if (name.equals("type")) {
            var type = value.text("tools.type");
            found.bounded &= "function".equals(type) || "custom".equals(type);
        }
    }

    private void input(Scan value) throws BadRequest {
        if (value.isText()) {
            found.turns = 1;
            found.prefix.first(body, value.range());
            return;
        }
        if (!value.isList()) {
            throw value.wrong("input", "a text or a list of items");
        }
        found.turns =
                value.elements((index, item) -> {
                    var from = item.from();
                    item.members(this::item);
                    if (index == 0) {
                        found.prefix.first(body, new Scan.Range(from, item.to()));
                    }
                });
    }

    private void item(String name, Scan value) throws BadRequest {
        switch (name) {
            case "type" -> found.bounded &= !value.startsWith("item_reference");
            case "content" -> value.elements((_, part) -> part.members(this::part));
            case "output" -> {
                value.elements((_, part) -> part.members(this::part));
                value.members(this::part); // a screenshot
            }
            default -> {}
        }
    }

    private void sound(Scan sound) throws BadRequest {
        if (sound.isNull()) {
            return;
        }
        var type = new String[] {"audio/"};
        sound.members((name, value) -> {
            if (name.equals("format")) {
                type[0] = "audio/" + value.text(name);
            }
        });
        found.media.add(type[0], 0);
    }

    private void part(String name, Scan value) throws BadRequest {
        switch (name) {
            case "image_url" -> {
                if (!value.isNull()) {
                    found.bounded &= value.startsWith("data:");
                    found.media.picture(value.startsWith("data:image/") ? value.base64() : 0);
                }
            }
            case "file_url", "file_id" -> {
                if (!value.isNull()) {
                    found.media.packed();
                    found.bounded &= value.startsWith("data:");
                }
            }
            case "file_data" -> {
                if (!value.isNull()) {
                    found.media.packed();
                }
            }
            case "input_audio" -> sound(value);
            default -> {}
        }
    }
}
