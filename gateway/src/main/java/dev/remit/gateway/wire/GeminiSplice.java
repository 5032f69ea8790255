package dev.remit.gateway.wire;

/// Changes a request of generateContent: the cap alone, since the model is in the path; and puts
/// Google's own word for "nobody signed this" where earlier answers of other vendors carry seals of
/// Remit's, which Google would refuse. All else stays byte for byte.
final class GeminiSplice {
    private final byte[] body;
    private final Changes changes;
    private final Splice splice;
    private final boolean sealed;
    private boolean configured;
    private boolean empty = true;

    private GeminiSplice(byte[] body, Changes changes) {
        this.body = body;
        this.changes = changes;
        this.splice = new Splice(body);
        this.sealed = Seal.isIn(body);
    }

    static byte[] splice(byte[] body, Changes changes) throws BadRequest {
        var gemini = new GeminiSplice(body, changes);
        if (changes.maxOutput() == null && !gemini.sealed) {
            return body;
        }
        Scan.over(body, gemini::take);
        return gemini.done();
    }

    private void take(String name, Scan value) throws BadRequest {
        empty = false;
        switch (name) {
            case "contents" -> {
                if (sealed) {
                    value.elements((_, content) -> content.members(this::content));
                }
            }
            case "generationConfig", "generation_config" -> {
                if (configured) {
                    throw GeminiFacts.twice("generationConfig");
                }
                configured = true;
                var cap = changes.maxOutput();
                if (cap != null) {
                    config(value, cap, "\"maxOutputTokens\":" + cap);
                }
            }
            default -> {}
        }
    }

    private byte[] done() throws BadRequest {
        if (empty) {
            throw new BadRequest("`contents` is missing: give at least one content.");
        }
        if (!configured && changes.maxOutput() != null) {
            splice.insert("\"generationConfig\":{\"maxOutputTokens\":" + changes.maxOutput() + "}");
        }
        return splice.done();
    }

    private void config(Scan value, int cap, String member) throws BadRequest {
        if (!value.isObject()) {
            splice.replace(value.range(), "{" + member + "}");
            return;
        }
        var from = value.from();
        var seen = new boolean[2]; // the cap, anything
        value.members((name, inner) -> {
            seen[1] = true;
            if (name.equals("maxOutputTokens") || name.equals("max_output_tokens")) {
                if (seen[0]) {
                    throw GeminiFacts.twice("maxOutputTokens");
                }
                seen[0] = true;
                splice.replace(inner.range(), Integer.toString(cap));
            }
        });
        if (!seen[1]) {
            splice.replace(new Scan.Range(from, value.to()), "{" + member + "}");
        } else if (!seen[0]) {
            splice.insert(from, member);
        }
    }

    private void content(String name, Scan value) throws BadRequest {
        if (name.equals("parts")) {
            value.elements((_, part) -> part.members(this::part));
            value.members(this::part);
        }
    }

    private void part(String name, Scan value) throws BadRequest {
        if (name.equals("thoughtSignature") || name.equals("thought_signature")) {
            var range = value.range();
            if (Seal.isIn(body, range.from(), range.to())) {
                splice.replace(range, Splice.quoted(GeminiRequestWriter.NO_SIGNATURE));
            }
        }
    }
}
