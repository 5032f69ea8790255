package dev.remit.bench.gateway;

/// The requests that are measured with: about 1 KB, as programs send them.
final class Bodies {
    private static final String PROMPT =
            "Here is the report of the night shift. Say in one sentence what matters. "
                    + "Node seven was drained at two, the queue grew, and was empty at three. "
                            .repeat(11);

    private Bodies() {}

    static String openAi(String model, boolean stream) {
        return """
        {"model":"%s","max_tokens":256,"stream":%s,"messages":[\
        {"role":"system","content":"You are a careful operator."},\
        {"role":"user","content":"%s"}]}\
        """
                .formatted(model, stream, PROMPT);
    }

    static String anthropic(String model, boolean stream) {
        return """
        {"model":"%s","max_tokens":256,"stream":%s,"system":"You are a careful operator.",\
        "messages":[{"role":"user","content":"%s"}]}\
        """
                .formatted(model, stream, PROMPT);
    }
}
