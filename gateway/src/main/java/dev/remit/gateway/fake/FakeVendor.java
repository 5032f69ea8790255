package dev.remit.gateway.fake;

import dev.remit.core.money.Usage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// Speaks on loopback, streaming or not, as exactly as the vendors do: what they would refuse, it
/// refuses, in their words. Answers as it is told, fails on order, remembers what it was asked and
/// what it bills.
///
/// - OpenAI: `/v1/chat/completions`, `/v1/responses`, `/v1/embeddings`, `/v1/models`
/// - Azure: the same under `/openai/v1/`, and `/openai/deployments/{d}/…?api-version=…`
/// - Anthropic: `/v1/messages`, `/v1/messages/count_tokens`, `/v1/models`
/// - Gemini: `/v1beta/models/{m}:generateContent`, `:streamGenerateContent`, `:countTokens`,
///   `:embedContent`, `:batchEmbedContents`, `/v1beta/models`
/// - Bedrock: `/model/{id}/converse`, `/model/{id}/converse-stream`
public final class FakeVendor implements AutoCloseable {
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 31_900;
    private static final int BACKLOG = 4_096;

    private final Server server;
    private final int port;
    private final Behaviour behaviour;

    /// A line of the invoice.
    public record Billed(String model, Usage usage) {}

    private FakeVendor(Server server, int port, Behaviour behaviour) {
        this.server = server;
        this.port = port;
        this.behaviour = behaviour;
    }

    /// On the first port that is free.
    ///
    /// @throws IOException if none is
    public static FakeVendor start() throws IOException {
        for (int port = FIRST_PORT; port < LAST_PORT; port += 13) {
            try {
                return start(port);
            } catch (IOException taken) {
                // the next one, then
            }
        }
        throw new IOException("no port is free between " + FIRST_PORT + " and " + LAST_PORT);
    }

    /// @throws IOException if something else listens there
    public static FakeVendor start(int port) throws IOException {
        var threads = new QueuedThreadPool(16);
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        var server = new Server(threads);
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        connector.setAcceptQueueSize(BACKLOG);
        connector.setReuseAddress(false);
        server.addConnector(connector);
        var behaviour = new Behaviour();
        server.setHandler(new Serving(behaviour));
        try {
            server.start();
            return new FakeVendor(server, port, behaviour);
        } catch (IOException e) {
            stop(server);
            throw e;
        } catch (Exception e) {
            throw new IOException("a fake vendor could not start", e);
        }
    }

    // ---- what it shall do

    /// Gives these, each once, before anything else.
    public FakeVendor replies(FakeReply... next) {
        behaviour.replies.addAll(List.of(next));
        return this;
    }

    /// Gives this when no reply is left.
    public FakeVendor otherwise(Function<FakeRequest, FakeReply> answer) {
        behaviour.otherwise = answer;
        return this;
    }

    /// Does what a drill says when no reply is left. Its key and its models hold instead of any
    /// given before.
    public FakeVendor follows(Drill drill) {
        behaviour.follow(drill);
        return this;
    }

    /// Accepts no other key; before it is called, any or none.
    public FakeVendor key(String expected) {
        behaviour.key = expected;
        return this;
    }

    /// Lists these; answers for others all the same.
    public FakeVendor models(String... served) {
        behaviour.models = List.of(served);
        return this;
    }

    /// Lists these, and refuses every other one.
    public FakeVendor onlyModels(String... served) {
        behaviour.onlyModels = true;
        return models(served);
    }

    /// Answers a request that has this field with 400, as a server that does not know it.
    public FakeVendor refuses(String field) {
        behaviour.refused.add(field);
        return this;
    }

    /// Answers in one piece, whatever is asked.
    public FakeVendor neverStreams() {
        behaviour.streams = false;
        return this;
    }

    // ---- what it saw

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /// The newest model calls that it got (2,000, or fewer if they are large), in the order they
    /// came, refused ones included.
    public List<FakeRequest> requests() {
        return behaviour.books.requests();
    }

    /// How many model calls it ever got, refused ones included.
    public long asked() {
        return behaviour.books.asked();
    }

    /// The newest 10,000 calls that were billed.
    public List<Billed> invoice() {
        return behaviour.books.lines();
    }

    /// Everything that was ever billed.
    public Usage billed() {
        return behaviour.books.sums().stream()
                .map(Books.Sum::usage)
                .reduce(Usage.NONE, Usage::plus);
    }

    /// How many answers clients have hung up on.
    public long hangUps() {
        return behaviour.hungUp.sum();
    }

    /// Waits until a client has hung up on an answer that was under way.
    ///
    /// @return false if none did within the time
    public boolean awaitHangUp(Duration atMost) throws InterruptedException {
        return behaviour.hangUps.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        behaviour.closing.countDown();
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("a fake vendor could not stop", e);
        }
    }
}
