package dev.remit.gateway.provider;

import dev.remit.core.settings.Settings;
import dev.remit.gateway.wire.Dialect;
import dev.remit.http.client.Header;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;

/// Azure OpenAI: by deployment and dated version where an `api_version` is set, else by its
/// `/openai/v1`, where the model is the deployment's name.
final class AzureApi extends Account {
    AzureApi(Context context, Settings.Provider settings) {
        super(context, settings, null);
    }

    @Override
    public Dialect dialect(String model, Dialect client) {
        return client == Dialect.OPENAI_RESPONSES ? Dialect.OPENAI_RESPONSES : Dialect.OPENAI_CHAT;
    }

    @Override
    public boolean newCap() {
        return true;
    }

    @Override
    List<String> sellers(String model) {
        return List.of("azure");
    }

    @Override
    String path(Outgoing call) throws Unusable {
        var root = root();
        var version = option("api_version", "");
        if (version.isEmpty() || version.equals("v1")) {
            return root + "/v1" + operation(call);
        }
        var dated = "?api-version=" + version;
        if (call.operation() == Operation.CHAT && call.dialect() == Dialect.OPENAI_RESPONSES) {
            return root + "/responses" + dated;
        }
        var deployment = inPath(option("deployment", call.model()));
        return root + "/deployments/" + deployment + operation(call) + dated;
    }

    /// Some paste the address with `/openai`, or `/openai/v1`, behind it.
    private String root() throws Unusable {
        var path = base().getRawPath();
        return path != null && path.replaceFirst("/$", "").endsWith("/openai") ? "" : "/openai";
    }

    private String operation(Outgoing call) throws Unusable {
        return switch (call.operation()) {
            case CHAT ->
                    call.dialect() == Dialect.OPENAI_RESPONSES ? "/responses" : "/chat/completions";
            case EMBEDDINGS -> "/embeddings";
            case COUNT_TOKENS -> throw cannot(call.operation());
        };
    }

    @Override
    String text(URI base) {
        return base.toString().replaceFirst("/(openai/v1)?/?$", "");
    }

    /// The deployment's name goes where the model's does.
    @Override
    byte[] body(Outgoing call) throws Unusable {
        var deployment = option("deployment", "");
        if (deployment.isEmpty() || deployment.equals(call.model())) {
            return call.body();
        }
        try {
            return TopLevel.with(
                    call.body(), Set.of(), Map.of("model", '"' + inPath(deployment) + '"'));
        } catch (JacksonException | IllegalArgumentException e) {
            throw unusable("the request is no JSON object");
        }
    }

    @Override
    List<Header> signed(URI address, Outgoing call, byte[] body) throws Unusable {
        return key("api-key", "");
    }

    @Override
    List<String> forwarded() {
        return Forwarded.ANYWHERE;
    }

    /// A deployment may be called as its owner likes.
    @Override
    OptionalLong picture(String model) {
        return OptionalLong.of(TokenBound.DEAREST_PICTURE);
    }
}
