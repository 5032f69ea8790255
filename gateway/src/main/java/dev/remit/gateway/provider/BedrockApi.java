package dev.remit.gateway.provider;

import dev.remit.core.settings.Settings;
import dev.remit.gateway.wire.Dialect;
import dev.remit.http.client.Header;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Amazon Bedrock's Converse. Untried against the real service.
final class BedrockApi extends Account {
    private static final String SERVICE = "bedrock";

    BedrockApi(Context context, Settings.Provider settings) {
        super(context, settings, address(settings.options().getOrDefault("region", "us-east-1")));
    }

    private static String address(String region) {
        return "https://bedrock-runtime." + region + ".amazonaws.com";
    }

    @Override
    public Dialect dialect(String model, Dialect client) {
        return Dialect.BEDROCK;
    }

    @Override
    public Framing framing(Dialect dialect) {
        return Framing.AWS;
    }

    @Override
    public boolean embeds() {
        return false;
    }

    @Override
    List<String> sellers(String model) {
        return List.of("amazon-bedrock");
    }

    @Override
    String path(Outgoing call) throws Unusable {
        if (call.operation() != Operation.CHAT) {
            throw cannot(call.operation());
        }
        var model = SigV4.encode(inPath(call.model()));
        return "/model/" + model + (call.stream() ? "/converse-stream" : "/converse");
    }

    /// By an API key of Bedrock, or signed with the account's keys.
    @Override
    List<Header> signed(URI address, Outgoing call, byte[] body) throws Unusable {
        var credentials = AwsCredentials.find(context().secrets(), settings().credential());
        if (credentials == null) {
            return key("authorization", "Bearer ");
        }
        confidential();
        var port = address.getPort() < 0 ? "" : ":" + address.getPort();
        var headers = new TreeMap<String, String>();
        headers.put("host", address.getHost() + port);
        var unsigned = new SigV4.Unsigned("POST", address.getRawPath(), "", headers, body);
        var signed =
                new SigV4(option("region", "us-east-1"), SERVICE)
                        .sign(credentials, unsigned, context().clock().instant());
        var all = new ArrayList<Header>();
        for (var header : signed.entrySet()) {
            all.add(new Header(header.getKey(), header.getValue()));
        }
        return all;
    }

    @Override
    List<String> forwarded() {
        return List.of();
    }

    @Override
    OptionalLong picture(String model) {
        return model.contains("claude") ? Pictures.claude(model) : OptionalLong.empty();
    }
}
