package dev.remit.gateway.wire;

import java.time.InstantSource;

/// All codecs there are.
final class Codecs {
    private static final Codec CHAT = new ChatCodec(InstantSource.system());
    private static final Codec MESSAGES = new MessagesCodec();
    private static final Codec RESPONSES = new ResponsesCodec(InstantSource.system());
    private static final Codec GEMINI = new GeminiCodec();
    private static final Codec BEDROCK = new BedrockCodec();

    private Codecs() {}

    static Codec of(Dialect dialect) {
        return switch (dialect) {
            case OPENAI_CHAT -> CHAT;
            case ANTHROPIC -> MESSAGES;
            case OPENAI_RESPONSES -> RESPONSES;
            case GEMINI -> GEMINI;
            case BEDROCK -> BEDROCK;
        };
    }
}
