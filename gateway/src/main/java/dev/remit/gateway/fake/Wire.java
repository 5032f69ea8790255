package dev.remit.gateway.fake;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A vendor's side of one of its endpoints.
interface Wire {
    /// Whose it is, such as `openai`.
    String vendor();

    /// The key that the request carries; empty if there is none.
    String key(FakeRequest request);

    /// @throws Refused if there is a key, and the vendor does not know it
    void wrongKey(FakeRequest request) throws Refused;

    /// @throws Refused as the vendor refuses a model that it does not serve
    void unknownModel(FakeRequest request) throws Refused;

    /// @throws Refused if the vendor would not accept it
    void check(FakeRequest request) throws Refused;

    Asked asked(FakeRequest request);

    /// Whether a call costs anything.
    default boolean isBilled() {
        return true;
    }

    /// The answer as the events of a stream.
    List<byte[]> stream(FakeRequest request, Said said);

    /// The type of a stream's content.
    default String streamType(FakeRequest request) {
        return Sse.TYPE;
    }

    /// The answer in one piece.
    JsonNode whole(FakeRequest request, Said said);

    JsonNode error(Refused refused, String id);

    /// Headers that the vendor sends with an error.
    default Map<String, String> errorHeaders(Refused refused) {
        return Map.of();
    }

    /// An error within a stream.
    byte[] errorEvent(FakeRequest request, String type, String message);

    /// What shows that it is alive.
    byte[] ping(FakeRequest request);

    /// What is no event.
    default byte[] garbage(FakeRequest request) {
        return Sse.bytes("data: {\"not\": json\n\n");
    }

    /// Headers of every answer.
    Map<String, String> headers(String id);

    /// How the vendor tells what is left of a rate limit.
    Map<String, String> rates(Allowance allowance);
}
