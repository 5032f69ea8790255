package dev.remit.bench.gateway;

import dev.remit.bench.harness.Child;
import dev.remit.bench.harness.ServerFlags;
import dev.remit.bench.harness.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Starts everybody who is measured, in front of one fake provider.
final class Subjects implements AutoCloseable {
    static final int FAKE = 21_101;
    private static final int SLOW_FAKE = 21_102;
    private static final int NGINX = 21_103;
    private static final int REMIT = 21_105;
    private static final int PORTKEY = 21_106;
    private static final int LITELLM = 21_107;
    private static final int BIFROST = 21_108;
    private static final String CHAT = "/v1/chat/completions";
    private static final String MODEL = "gpt-4o-mini";

    private final Path folder;
    private final @Nullable Path peers;
    private final Consumer<String> progress;
    private final List<Child> children = new ArrayList<>();
    private @Nullable Child remit;

    /// @param peers where `bench/peers/install` put them; absent: they are left out
    Subjects(Path folder, @Nullable Path peers, Consumer<String> progress) {
        this.folder = folder;
        this.peers = peers;
        this.progress = progress;
    }

    /// @param latency of the provider in milliseconds
    /// @param gap between two pieces of its streams
    void startFake(int latency, int gap) throws IOException, InterruptedException {
        var port = latency == 0 ? FAKE : SLOW_FAKE;
        children.add(
                Child.start(
                        "fake-" + latency,
                        Child.java(
                                List.of("-XX:+UseSerialGC", "-Xmx512m"),
                                FakeMain.class.getName(),
                                List.of(
                                        Integer.toString(port),
                                        Integer.toString(latency),
                                        Integer.toString(gap))),
                        Map.of(),
                        folder,
                        port));
    }

    Subject direct() {
        return openAi("direct", FAKE, CHAT, "none", MODEL);
    }

    Subject directSlow() {
        return openAi("direct", SLOW_FAKE, CHAT, "none", MODEL);
    }

    Optional<Subject> nginx() throws IOException, InterruptedException {
        var binary = Path.of("/usr/sbin/nginx");
        if (!Files.isExecutable(binary)) {
            return leftOut("nginx", "it is not installed (apt-get install nginx-light)");
        }
        var conf =
                """
                worker_processes 1; daemon off; pid %1$s/nginx.pid; error_log %1$s/nginx-error.log;
                events { worker_connections 4096; }
                http {
                  access_log off; client_body_temp_path %1$s/nginx-body;
                  proxy_temp_path %1$s/nginx-proxy; fastcgi_temp_path %1$s/nginx-fastcgi;
                  uwsgi_temp_path %1$s/nginx-uwsgi; scgi_temp_path %1$s/nginx-scgi;
                  keepalive_requests 1000000;
                  upstream fake { server 127.0.0.1:%2$d; keepalive 256; keepalive_requests 1000000; }
                  upstream slow { server 127.0.0.1:%3$d; keepalive 256; keepalive_requests 1000000; }
                  server {
                    listen 127.0.0.1:%4$d;
                    location /v1/ { proxy_pass http://fake; proxy_http_version 1.1;
                      proxy_set_header Connection ""; proxy_buffering off; }
                    location /slow/ { proxy_pass http://slow/; proxy_http_version 1.1;
                      proxy_set_header Connection ""; proxy_buffering off; }
                  }
                }
                """
                        .formatted(folder, FAKE, SLOW_FAKE, NGINX);
        var file = Files.writeString(folder.resolve("nginx.conf"), conf);
        return start(
                "nginx",
                NGINX,
                List.of(binary.toString(), "-c", file.toString(), "-p", folder.toString()),
                openAi("nginx", NGINX, CHAT, "none", MODEL));
    }

    /// Remit with all that it does: keys, budgets, ledger, prompts on record, figures.
    void startRemit() throws IOException, InterruptedException {
        var settings =
                """
                remit: server/v1
                providers:
                  fake: { kind: openai-compatible, url: "http://127.0.0.1:%1$d/v1" }
                  slow: { kind: openai-compatible, url: "http://127.0.0.1:%2$d/v1" }
                routes:
                  fast: fake/%3$s
                  late: slow/%3$s
                prices:
                  "fake/%3$s": { input: 0.15, output: 0.6 }
                  "slow/%3$s": { input: 0.15, output: 0.6 }
                budgets:
                  - { for: organisation, limit: 100000 USD/day }
                prompts: { keep: redacted, days: 1 }
                """
                        .formatted(FAKE, SLOW_FAKE, MODEL);
        Files.writeString(folder.resolve("remit.yaml"), settings);
        var child =
                Child.start(
                        "remit",
                        Child.java(
                                ServerFlags.OF_THE_LAUNCHER,
                                "dev.remit.server.Main",
                                List.of(
                                        "--home",
                                        folder.resolve("home").toString(),
                                        "--port",
                                        Integer.toString(REMIT),
                                        "--config",
                                        folder.resolve("remit.yaml").toString())),
                        Map.of(),
                        folder,
                        REMIT);
        children.add(child);
        remit = child;
    }

    Child remitProcess() {
        if (remit == null) {
            throw new IllegalStateException("Remit is not started");
        }
        return remit;
    }

    Subject remit(String route) throws IOException {
        return openAi("remit", REMIT, "/openai" + CHAT, key(), route);
    }

    Subject remitTranslating() throws IOException {
        var path = "/anthropic/v1/messages";
        return new Subject(
                "remit, Anthropic in, OpenAI out",
                REMIT,
                Wire.post(REMIT, path, key(), Bodies.anthropic("fast", false)),
                Wire.post(REMIT, path, key(), Bodies.anthropic("fast", true)));
    }

    private String key() throws IOException {
        return Files.readString(folder.resolve("home/key")).strip();
    }

    List<Subject> peers() throws IOException, InterruptedException {
        var all = new ArrayList<Subject>();
        if (peers == null) {
            progress.accept("peers are left out: name their folder with --peers");
            return all;
        }
        portkey(peers).ifPresent(all::add);
        litellm(peers).ifPresent(all::add);
        bifrost(peers).ifPresent(all::add);
        return all;
    }

    private Optional<Subject> portkey(Path peers) throws IOException, InterruptedException {
        var script =
                peers.resolve("portkey/node_modules/@portkey-ai/gateway/build/start-server.js");
        if (!Files.exists(script)) {
            return leftOut("portkey", "it is not installed");
        }
        var headers =
                new String[] {
                    "x-portkey-provider: openai",
                    "x-portkey-custom-host: http://127.0.0.1:" + FAKE + "/v1"
                };
        return start(
                "portkey",
                PORTKEY,
                List.of("node", script.toString(), "--port=" + PORTKEY, "--headless"),
                new Subject(
                        "portkey",
                        PORTKEY,
                        Wire.post(PORTKEY, CHAT, "none", Bodies.openAi(MODEL, false), headers),
                        Wire.post(PORTKEY, CHAT, "none", Bodies.openAi(MODEL, true), headers)));
    }

    private Optional<Subject> litellm(Path peers) throws IOException, InterruptedException {
        var binary = peers.resolve("litellm/bin/litellm");
        if (!Files.exists(binary)) {
            return leftOut("litellm", "it is not installed");
        }
        var file = folder.resolve("litellm.yaml");
        Files.writeString(
                file,
                """
                model_list:
                  - model_name: %1$s
                    litellm_params:
                      { model: openai/%1$s, api_base: "http://127.0.0.1:%2$d/v1", api_key: none }
                general_settings: { dangerously_permit_weak_or_unset_master_key: true }
                """
                        .formatted(MODEL, FAKE));
        return start(
                "litellm",
                LITELLM,
                Map.of("LITELLM_LOCAL_MODEL_COST_MAP", "True"), // else it first tries the Internet
                List.of(
                        binary.toString(),
                        "--config",
                        file.toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(LITELLM)),
                openAi("litellm", LITELLM, CHAT, "none", MODEL));
    }

    private Optional<Subject> bifrost(Path peers) throws IOException, InterruptedException {
        var binary = peers.resolve("bifrost/bifrost-http");
        if (!Files.exists(binary)) {
            return leftOut("bifrost", "it is not installed");
        }
        var home = Files.createDirectories(folder.resolve("bifrost"));
        Files.writeString(
                home.resolve("config.json"),
                """
                {"providers":{"openai":{"keys":[{"name":"k","value":"none","models":["%s"],"weight":1.0}],
                 "network_config":{"base_url":"http://127.0.0.1:%d"}}}}
                """
                        .formatted(MODEL, FAKE));
        return start(
                "bifrost",
                BIFROST,
                List.of(
                        binary.toString(),
                        "-host",
                        "127.0.0.1",
                        "-port",
                        Integer.toString(BIFROST),
                        "-app-dir",
                        home.toString()),
                openAi("bifrost", BIFROST, CHAT, "none", "openai/" + MODEL));
    }

    private static Subject openAi(String name, int port, String path, String key, String model) {
        return new Subject(
                name,
                port,
                Wire.post(port, path, key, Bodies.openAi(model, false)),
                Wire.post(port, path, key, Bodies.openAi(model, true)));
    }

    private Optional<Subject> start(String name, int port, List<String> command, Subject subject)
            throws InterruptedException {
        return start(name, port, Map.of(), command, subject);
    }

    private Optional<Subject> start(
            String name,
            int port,
            Map<String, String> environment,
            List<String> command,
            Subject subject)
            throws InterruptedException {
        try {
            children.add(Child.start(name, command, environment, folder, port));
            return Optional.of(subject);
        } catch (IOException e) {
            return leftOut(name, String.valueOf(e.getMessage()));
        }
    }

    private Optional<Subject> leftOut(String name, String why) {
        progress.accept(name + " is left out: " + why);
        return Optional.empty();
    }

    @Override
    public void close() {
        children.reversed().forEach(Child::close);
    }
}
