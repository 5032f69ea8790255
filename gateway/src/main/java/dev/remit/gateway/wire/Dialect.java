package dev.remit.gateway.wire;

/// A language in which models are called.
public enum Dialect {
    /// OpenAI's Chat Completions.
    OPENAI_CHAT("openai"),
    /// OpenAI's Responses.
    OPENAI_RESPONSES("responses"),
    /// Anthropic's Messages.
    ANTHROPIC("anthropic"),
    /// Gemini's generateContent.
    GEMINI("gemini"),
    /// Amazon Bedrock's Converse; spoken to providers only.
    BEDROCK("bedrock");

    private final String word;

    Dialect(String word) {
        this.word = word;
    }

    /// As the ledger and the figures name it.
    public String word() {
        return word;
    }
}
