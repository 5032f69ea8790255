package dev.remit.gateway.telemetry;

import dev.remit.core.settings.Settings.Provider.Kind;
import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/// Names of OpenTelemetry's conventions for generative AI, which are still in development: kept
/// here, so that a change of theirs is a change of one file.
final class GenAi {
    static final AttributeKey<String> OPERATION = key("gen_ai.operation.name");
    static final AttributeKey<String> PROVIDER = key("gen_ai.provider.name");
    static final AttributeKey<String> REQUEST_MODEL = key("gen_ai.request.model");
    static final AttributeKey<String> RESPONSE_MODEL = key("gen_ai.response.model");
    static final AttributeKey<List<String>> FINISH_REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
    static final AttributeKey<Long> INPUT_TOKENS =
            AttributeKey.longKey("gen_ai.usage.input_tokens");
    static final AttributeKey<Long> OUTPUT_TOKENS =
            AttributeKey.longKey("gen_ai.usage.output_tokens");
    static final AttributeKey<Long> CACHE_READ =
            AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
    static final AttributeKey<Long> CACHE_WRITE =
            AttributeKey.longKey("gen_ai.usage.cache_creation.input_tokens");
    static final AttributeKey<String> TOKEN_TYPE = key("gen_ai.token.type");
    static final AttributeKey<String> ERROR_TYPE = key("error.type");
    static final AttributeKey<String> SERVER_ADDRESS = key("server.address");
    static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");

    static final AttributeKey<String> ROUTE = key("remit.route");
    static final AttributeKey<String> TEAM = key("remit.team");
    static final AttributeKey<String> WIRE = key("remit.wire");
    static final AttributeKey<String> END = key("remit.end");
    static final AttributeKey<String> CONFIGURED = key("remit.provider");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("remit.attempt");
    static final AttributeKey<Boolean> STREAMED = AttributeKey.booleanKey("remit.streamed");

    /// In millionths of a dollar.
    static final AttributeKey<Long> COST = AttributeKey.longKey("remit.cost_micros");

    static final String DURATION = "gen_ai.client.operation.duration";
    static final String TOKENS = "gen_ai.client.token.usage";
    static final String FIRST_TOKEN = "gen_ai.server.time_to_first_token";

    /// Bounds that the conventions advise, in seconds and in tokens.
    static final List<Double> SECONDS =
            List.of(
                    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96,
                    81.92);

    static final List<Double> FIRST_SECONDS =
            List.of(
                    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0,
                    7.5, 10.0);

    static final List<Long> COUNTS =
            List.of(
                    1L,
                    4L,
                    16L,
                    64L,
                    256L,
                    1_024L,
                    4_096L,
                    16_384L,
                    65_536L,
                    262_144L,
                    1_048_576L,
                    4_194_304L,
                    16_777_216L,
                    67_108_864L);

    private GenAi() {}

    /// What the conventions call a vendor; those they do not know, by their own names.
    static String provider(Kind kind) {
        return switch (kind) {
            case ANTHROPIC -> "anthropic";
            case OPENAI -> "openai";
            case AZURE -> "azure.ai.openai";
            case GEMINI -> "gcp.gemini";
            case VERTEX -> "gcp.vertex_ai";
            case BEDROCK -> "aws.bedrock";
            case MISTRAL -> "mistral_ai";
            case GROQ -> "groq";
            case DEEPSEEK -> "deepseek";
            case XAI -> "x_ai";
            case TOGETHER -> "together";
            case FIREWORKS -> "fireworks";
            case OPENROUTER -> "openrouter";
            case OPENAI_COMPATIBLE -> "openai_compatible";
        };
    }

    private static AttributeKey<String> key(String name) {
        return AttributeKey.stringKey(name);
    }
}
