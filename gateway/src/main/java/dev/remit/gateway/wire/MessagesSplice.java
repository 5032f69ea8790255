package dev.remit.gateway.wire;

import java.util.Set;

/// Changes a request of Messages: the model and the cap; and takes out thoughts that Remit put into
/// earlier answers of other vendors, which Anthropic would refuse. All else stays byte for byte.
final class MessagesSplice {
    /// Stands where nothing but such thoughts was, since content must not be empty.
    private static final String NOTHING_ELSE = "{\"type\":\"text\",\"text\":\"(thoughts)\"}";

    private static final Set<String> SIGNED = Set.of("signature", "data");

    private final byte[] body;
    private final Changes changes;
    private final Splice splice;
    private final boolean sealed;
    private boolean hasModel;
    private boolean hasCap;

    private MessagesSplice(byte[] body, Changes changes) {
        this.body = body;
        this.changes = changes;
        this.splice = new Splice(body);
        this.sealed = Seal.isIn(body);
    }

    static byte[] splice(byte[] body, Changes changes) throws BadRequest {
        var messages = new MessagesSplice(body, changes);
        Scan.over(body, messages.sealed, messages::take);
        return messages.done();
    }

    private void take(String name, Scan value) throws BadRequest {
        switch (name) {
            case "model" -> {
                hasModel = true;
                splice.replace(value.range(), Splice.quoted(changes.model()));
            }
            case "max_tokens" -> {
                hasCap = true;
                if (changes.maxOutput() != null) {
                    splice.replace(value.range(), changes.maxOutput().toString());
                }
            }
            case "messages" -> {
                if (sealed) {
                    value.elements((_, message) -> message.members(this::member));
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
            splice.insert("\"max_tokens\":" + changes.maxOutput());
        }
        return splice.done();
    }

    private void member(String name, Scan value) throws BadRequest {
        if (!name.equals("content")) {
            return;
        }
        var cuts = new Cuts();
        value.elements((_, block) -> {
            var from = block.from();
            var out = new boolean[2]; // a thought, sealed
            block.members((field, text) -> thought(field, text, out));
            cuts.add(from, block.to(), out[0] && out[1]);
        });
        if (cuts.any() && cuts.all()) {
            splice.replace(cuts.whole(), NOTHING_ELSE);
        } else {
            cuts.apply(splice);
        }
    }

    private void thought(String field, Scan text, boolean[] out) throws BadRequest {
        if (field.equals("type")) {
            out[0] = text.startsWith("thinking") || text.startsWith("redacted_thinking");
        } else if (SIGNED.contains(field)) {
            var from = text.from();
            out[1] |= Seal.isIn(body, from, text.to());
        }
    }
}
