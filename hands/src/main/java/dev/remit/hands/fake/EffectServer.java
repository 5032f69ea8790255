package dev.remit.hands.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/// The outside world in small: an HTTP server that writes down every effect it was made to have, on
/// disk before it answers, and that answers late, wrongly or not at all when told to.
///
/// A witness: it shares no code with what is tested by it, and its journal can be read after
/// whoever was tested, or the server itself, was killed. Every request but `GET` and `HEAD` asks
/// for an effect. One request a connection.
public final class EffectServer implements AutoCloseable {
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;
    private static final int PORTS_TRIED = 100;

    /// Decides what is done with a request.
    @FunctionalInterface
    public interface Plan {
        Behaviour of(Received request);

        /// Does these in order, the last one for ever.
        static Plan script(Behaviour... behaviours) {
            var rest = new ArrayList<>(List.of(behaviours));
            return request -> {
                synchronized (rest) {
                    return rest.size() > 1 ? rest.removeFirst() : rest.getFirst();
                }
            };
        }

        /// Does each with its probability, and otherwise what was asked.
        static Plan random(long seed, Map<Behaviour, Double> rates) {
            var random = new Random(seed);
            return request -> {
                double left = random.nextDouble();
                for (var rate : rates.entrySet()) {
                    left -= rate.getValue();
                    if (left < 0) {
                        return rate.getKey();
                    }
                }
                return Behaviour.done();
            };
        }
    }

    private final ServerSocket socket;
    private final Path journal;
    private final Plan plan;
    private final boolean oncePerKey;
    private final FileChannel out;
    private final Map<String, Integer> keys = new HashMap<>();
    private final List<Received> requests = new ArrayList<>();
    private int count;

    private EffectServer(ServerSocket socket, Path journal, Plan plan, boolean oncePerKey)
            throws IOException {
        this.socket = socket;
        this.journal = journal;
        this.plan = plan;
        this.oncePerKey = oncePerKey;
        for (var effect : Effect.in(journal)) {
            keys.merge(effect.key(), 1, Integer::sum);
            count = effect.number();
        }
        this.out = FileChannel.open(journal, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        out.truncate(wholeLines(journal));
        out.position(out.size());
    }

    /// Listens on a free port of the loopback address.
    ///
    /// @param journal of effects; kept if it exists
    /// @param oncePerKey whether a second request with the same `Idempotency-Key` has no effect,
    ///   and is answered as if it had
    /// @throws IOException if no port is free or the journal cannot be written
    public static EffectServer start(Path journal, Plan plan, boolean oncePerKey)
            throws IOException {
        var server = new EffectServer(listen(0), journal, plan, oncePerKey);
        server.serve();
        return server;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /// Everything that happened, in order.
    ///
    /// @throws IOException if the journal cannot be read
    public List<Effect> effects() throws IOException {
        return Effect.in(journal);
    }

    /// Every request that came whole, whatever was done with it.
    public List<Received> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    private void serve() {
        Thread.ofPlatform().daemon().name("effect-server").start(this::accept);
    }

    private void accept() {
        while (true) {
            try {
                var client = socket.accept();
                Thread.ofVirtual().start(() -> answer(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void answer(Socket client) {
        try (client) {
            var request = Received.read(client.getInputStream());
            synchronized (requests) {
                requests.add(request);
            }
            var behaviour = behaviour(request);
            boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
            if (behaviour.happens() && !reads) {
                happen(request);
            }
            Thread.sleep(behaviour.delay());
            if (behaviour.status() == 0) {
                client.setSoLinger(true, 0); // a reset, not an orderly end
                return;
            }
            write(client.getOutputStream(), behaviour);
        } catch (IOException e) {
            // the client is gone: what happened has happened
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Behaviour behaviour(Received request) {
        var asked = request.path().split("[?&]behave=", 2);
        return asked.length == 2 ? Behaviour.named(asked[1].split("&", 2)[0]) : plan.of(request);
    }

    private synchronized void happen(Received request) throws IOException {
        if (oncePerKey && !request.key().isEmpty() && keys.containsKey(request.key())) {
            return;
        }
        var effect =
                new Effect(
                        count + 1,
                        Instant.now().toString(),
                        request.key(),
                        request.method(),
                        request.path(),
                        request.body());
        var line = ByteBuffer.wrap(effect.line().getBytes(UTF_8));
        while (line.hasRemaining()) {
            out.write(line);
        }
        out.force(true);
        count++;
        keys.merge(request.key(), 1, Integer::sum);
    }

    private static void write(OutputStream to, Behaviour behaviour) throws IOException {
        var body = behaviour.body().getBytes(UTF_8);
        var head = new StringBuilder("HTTP/1.1 " + behaviour.status() + " Scripted\r\n");
        behaviour.headers().forEach((n, v) -> head.append(n).append(": ").append(v).append("\r\n"));
        head.append("Content-Length: ").append(body.length).append("\r\n");
        head.append("Connection: close\r\n\r\n");
        to.write(head.toString().getBytes(UTF_8));
        to.write(body, 0, behaviour.half() ? body.length / 2 : body.length);
        to.flush();
    }

    private static long wholeLines(Path journal) throws IOException {
        var bytes = Files.readAllBytes(journal);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    private static ServerSocket listen(int wanted) throws IOException {
        var random = RandomGenerator.getDefault();
        for (int i = 0; i < PORTS_TRIED; i++) {
            int port = wanted == 0 ? random.nextInt(FIRST_PORT, LAST_PORT) : wanted;
            var socket = new ServerSocket();
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
                return socket;
            } catch (BindException e) {
                socket.close();
                if (wanted != 0) {
                    throw e;
                }
            }
        }
        throw new BindException("no free port found from " + FIRST_PORT + " to " + LAST_PORT);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        out.close();
    }

    /// Runs until it is killed; says on standard output where it listens.
    ///
    /// @param arguments `--journal FILE`, and if wanted `--port N`, `--seed N`, `--once-per-key`,
    ///   and `--rate NAME=PROBABILITY` any number of times, with the names of [Behaviour#named]
    /// @throws IOException if it cannot listen or write
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path journal = null;
        int port = 0;
        long seed = 0;
        boolean oncePerKey = false;
        var rates = new LinkedHashMap<Behaviour, Double>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--journal" -> journal = Path.of(arguments[++i]);
                case "--port" -> port = Integer.parseInt(arguments[++i]);
                case "--seed" -> seed = Long.parseLong(arguments[++i]);
                case "--once-per-key" -> oncePerKey = true;
                case "--rate" -> {
                    var rate = arguments[++i].split("=", 2);
                    rates.put(Behaviour.named(rate[0]), Double.parseDouble(rate[1]));
                }
                default -> throw new IllegalArgumentException("unknown: " + arguments[i]);
            }
        }
        if (journal == null) {
            throw new IllegalArgumentException("--journal FILE is needed");
        }
        var server = new EffectServer(listen(port), journal, Plan.random(seed, rates), oncePerKey);
        server.serve();
        System.out.println("listening on " + server.url());
        Thread.currentThread().join();
    }
}
