package dev.remit.gateway.relay;

import dev.remit.core.money.Attempt.End;
import dev.remit.core.money.Usage;
import dev.remit.gateway.price.Caching;
import dev.remit.gateway.provider.Provider.Operation;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.ChatAnswer;
import dev.remit.gateway.wire.Dialect;
import dev.remit.gateway.wire.Embeddings;
import dev.remit.gateway.wire.Garbage;
import dev.remit.gateway.wire.GeminiEmbeddings;
import dev.remit.http.client.ThinAnswer;
import dev.remit.http.client.UpstreamException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Vectors of texts, asked of one target. Every provider that embeds speaks OpenAI's form of it;
/// Google's own form is used where a client of Google's says what OpenAI's has no place for.
record Embedding(Leg leg) implements Errand {

    @Override
    public Operation operation() {
        return Operation.EMBEDDINGS;
    }

    @Override
    public Dialect dialect() {
        var asked = leg.call().embedding();
        return asked != null && asked.isHinted() && leg.provider().embedsInGemini()
                ? Dialect.GEMINI
                : Dialect.OPENAI_CHAT;
    }

    @Override
    public @Nullable String cannot() {
        return leg.provider().embeds()
                ? null
                : leg.where()
                        + " makes no embeddings, nor does any model of "
                        + leg.provider().settings().name()
                        + ": name a model that does, such as openai/text-embedding-3-small or"
                        + " gemini/gemini-embedding-001";
    }

    @Override
    public boolean streams() {
        return false;
    }

    @Override
    public Optional<Offer> offer() throws BadRequest {
        var model = leg.target().model();
        var body = body(model);
        return leg.provider()
                .price(model, null)
                .map(price ->
                        // no input has more tokens than bytes
                        new Offer(
                                body,
                                new Bound(price, body.length, 1, 0, Caching.NONE, false, true)));
    }

    private byte[] body(String model) throws BadRequest {
        var asked = leg.call().embedding();
        if (asked == null) {
            return Embeddings.splice(leg.call().body(), model);
        }
        return dialect() == Dialect.GEMINI ? asked.inGemini(model) : asked.inOpenAi(model);
    }

    @Override
    public byte[] lowered(int cap) {
        throw new IllegalStateException("vectors have no cap");
    }

    @Override
    public Tried read(Account account, ThinAnswer answer, @Nullable Integer lowered)
            throws UpstreamException, InterruptedException {
        var came = answer.body(WholeAnswer.LARGEST);
        try {
            var bytes =
                    dialect() == Dialect.GEMINI
                            ? GeminiEmbeddings.toOpenAi(came, leg.target().model())
                            : came;
            var usage = Embeddings.usage(bytes);
            leg.firstTokenCame(account);
            leg.trial().billed(usage);
            var cost =
                    usage.tokens() > 0
                            ? account.settle(End.ANSWERED, usage, null)
                            : account.settleUntold(End.ANSWERED, usage, null);
            leg.trial().succeeded();
            var headers = leg.headers(null);
            headers.put("x-remit-cost", cost.toString());
            return new Tried.Good(new Result.Whole(nothingSaid(usage), bytes, headers));
        } catch (Garbage e) {
            var why = leg.where() + ": " + e.why();
            account.settleLost(End.FAILED, Usage.NONE, false, null, why);
            return leg.garbage(why);
        }
    }

    private ChatAnswer nothingSaid(Usage usage) {
        return new ChatAnswer(
                "", leg.target().model(), List.of(), ChatAnswer.Stop.END, null, null, usage);
    }
}
