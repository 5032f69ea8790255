package dev.remit.gateway.wire;

/// Changes a request of the Responses API: the model and the cap; and takes out thoughts that Remit
/// put into earlier answers of other vendors, which OpenAI would refuse. All else stays byte for
/// byte.
final class ResponsesSplice {
    private final byte[] body;
    private final Changes changes;
    private final Splice splice;
    private final boolean sealed;
    private boolean hasModel;
    private boolean hasCap;

    private ResponsesSplice(byte[] body, Changes changes) {
        this.body = body;
        this.changes = changes;
        this.splice = new Splice(body);
        this.sealed = Seal.isIn(body);
    }

    static byte[] splice(byte[] body, Changes changes) throws BadRequest {
        var responses = new ResponsesSplice(body, changes);
        Scan.over(body, responses::take);
        return responses.done();
    }

    private void take(String name, Scan value) throws BadRequest {
        switch (name) {
            case "model" -> {
                hasModel = true;
                splice.replace(value.range(), Splice.quoted(changes.model()));
            }
            case "max_output_tokens" -> {
                hasCap = true;
                if (changes.maxOutput() != null) {
                    splice.replace(value.range(), changes.maxOutput().toString());
                }
            }
            case "input" -> {
                if (sealed) {
                    input(value);
                }
            }
            default -> {}
        }
    }

    private byte[] done() throws BadRequest {
        if (!hasModel) {
            throw new BadRequest("`model` is missing: name a route, or provider/model.");
        }
        if (!hasCap && changes.maxOutput() != null) {
            splice.insert("\"max_output_tokens\":" + changes.maxOutput());
        }
        return splice.done();
    }

    private void input(Scan value) throws BadRequest {
        var cuts = new Cuts();
        value.elements((_, item) -> {
            var from = item.from();
            var out = new boolean[2]; // a thought, sealed
            item.members((field, inner) -> thought(field, inner, out));
            cuts.add(from, item.to(), out[0] && out[1]);
        });
        cuts.apply(splice);
    }

    private void thought(String field, Scan value, boolean[] out) throws BadRequest {
        if (field.equals("type")) {
            out[0] = value.startsWith("reasoning");
        } else if (field.equals("encrypted_content")) {
            var range = value.range();
            out[1] = Seal.isIn(body, range.from(), range.to());
        }
    }
}
