package dev.remit.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final Piece.Thought THOUGHT =
            new Piece.Thought("Hm.", "rs_1", "line\none/+=", false, Dialect.OPENAI_RESPONSES);

    @Test
    void a_signature_comes_back_through_a_client_of_another_dialect() {
        for (var client : Dialect.values()) {
            var outward = Seal.outward(THOUGHT, client);
            var id = client == Dialect.OPENAI_RESPONSES ? "rs_1" : null;

            assertThat(Seal.inward("Hm.", id, outward, false, client)).isEqualTo(THOUGHT);
        }
    }

    @Test
    void that_a_thought_was_hidden_comes_back_too() {
        var hidden = new Piece.Thought("", null, "x", true, Dialect.ANTHROPIC);
        var outward = Seal.outward(hidden, Dialect.GEMINI);

        assertThat(Seal.inward("", null, outward, false, Dialect.GEMINI)).isEqualTo(hidden);
    }

    @Test
    void its_form_is_base64_since_googles_clients_decode_it() {
        var outward = Seal.outward(THOUGHT, Dialect.GEMINI);

        assertThat(Base64.getEncoder().encodeToString(Base64.getDecoder().decode(outward)))
                .isEqualTo(outward);
    }

    @Test
    void a_vendors_own_signature_is_left_as_it_is() {
        assertThat(Seal.outward(THOUGHT, Dialect.OPENAI_RESPONSES)).isEqualTo("line\none/+=");
        assertThat(Seal.inward("t", null, "EqQBCg==", false, Dialect.ANTHROPIC).origin())
                .isEqualTo(Dialect.ANTHROPIC);
        assertThat(Seal.read("cmVtaXQx!not base64")).isNull();
        assertThat(Seal.read("cmVtaXQxCmFiYw==")).isNull();
    }

    @Test
    void a_thought_without_a_signature_has_none() {
        var plain = new Piece.Thought("Hm.", null, null, false, null);

        assertThat(Seal.outward(plain, Dialect.GEMINI)).isNull();
        assertThat(Seal.inward("Hm.", null, null, false, Dialect.GEMINI)).isEqualTo(plain);
    }
}
