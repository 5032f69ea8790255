package dev.remit.gateway.relay;

import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.money.Attempt.Exchanged;
import dev.remit.core.secret.Redactor;
import dev.remit.core.settings.Settings.Prompts;
import dev.remit.gateway.wire.ChatAnswer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What the ledger keeps of what was said, by the operator's policy. All of it is cleaned later, by
/// whoever writes it down.
///
/// @param known takes out the secrets that Remit holds
/// @param redactor takes out all that looks like a secret, too
record Kept(Redactor known, Redactor redactor) {

    @Nullable Exchanged of(Prompts.Keep keep, Call call, @Nullable ChatAnswer answer) {
        if (keep == Prompts.Keep.NONE) {
            return null;
        }
        // in the client's own words; those of sessions in the commonest ones
        var codec = call.language();
        var size = call.body().length + (answer == null ? 0 : 2 * answer.text().length()) + 256;
        return new Exchanged(
                size,
                () -> content(keep, parsed(call.body())),
                answer == null ? null : () -> content(keep, codec.answer(answer, call.facts())));
    }

    private Content content(Prompts.Keep keep, JsonNode value) {
        return switch (keep) {
            case FULL -> Content.clean(value, known);
            case REDACTED -> Content.clean(value, redactor);
            case HASHES ->
                    Content.derived(
                            Json.object().put("sha256", Hash.of(Json.canonical(value)).toString()));
            case NONE -> throw new IllegalStateException("nothing is kept");
        };
    }

    private static JsonNode parsed(byte[] body) {
        try {
            return Json.parse(body);
        } catch (JacksonException e) {
            return Json.object().put("unreadable_bytes", body.length);
        }
    }
}
