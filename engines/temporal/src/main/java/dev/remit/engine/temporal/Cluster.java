package dev.remit.engine.temporal;

import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.DispatcherChoice;
import dev.remit.core.settings.DispatcherChoice.Temporal;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.RpcRetryOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The connection to a Temporal cluster. Nothing is sent before it is used.
final class Cluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Temporal address;
    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;

    private Cluster(Temporal address, WorkflowServiceStubs stubs, String node) {
        this.address = address;
        this.stubs = stubs;
        this.client =
                WorkflowClient.newInstance(
                        stubs,
                        WorkflowClientOptions.newBuilder()
                                .setNamespace(address.namespace())
                                .setIdentity("remit " + node)
                                .build());
    }

    /// @throws IllegalArgumentException if a secret is not there, or no certificate or key
    static Cluster at(Temporal address, Secrets secrets, String node) {
        var options =
                WorkflowServiceStubsOptions.newBuilder()
                        .setTarget(address.target())
                        .setRpcTimeout(PATIENCE)
                        // What is not sent now, the sweep sends later.
                        .setRpcRetryOptions(
                                RpcRetryOptions.newBuilder()
                                        .setExpiration(PATIENCE.multipliedBy(2))
                                        .validateBuildWithDefaults());
        var tls = address.tls();
        if (tls != null) {
            secure(options, tls, secrets);
        }
        var credential = address.credential();
        if (credential != null) {
            secret(secrets, credential); // said now rather than at every call
            options.addApiKey(() -> secret(secrets, credential));
        }
        return new Cluster(address, WorkflowServiceStubs.newServiceStubs(options.build()), node);
    }

    private static void secure(
            WorkflowServiceStubsOptions.Builder options,
            DispatcherChoice.Tls tls,
            Secrets secrets) {
        try {
            var context = GrpcSslContexts.forClient();
            if (tls.authority() != null) {
                context.trustManager(pem(secrets, tls.authority()));
            }
            if (tls.certificate() != null && tls.credential() != null) {
                context.keyManager(pem(secrets, tls.certificate()), pem(secrets, tls.credential()));
            }
            options.setSslContext(context.build());
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the certificates for Temporal cannot be used: " + e.getMessage(), e);
        }
        var name = tls.serverName();
        if (name != null) {
            options.setChannelInitializer(channel -> channel.overrideAuthority(name));
        }
    }

    private static InputStream pem(Secrets secrets, String name) {
        return new ByteArrayInputStream(secret(secrets, name).getBytes(StandardCharsets.UTF_8));
    }

    private static String secret(Secrets secrets, String name) {
        return secrets.find(name)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "dispatcher.temporal names the secret `"
                                        + name
                                        + "`, which is not there; put it into the vault (PUT"
                                        + " /v1/credentials/"
                                        + name
                                        + ") or the environment (REMIT_SECRET_"
                                        + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_")
                                        + ")"));
    }

    WorkflowClient client() {
        return client;
    }

    String name() {
        return "temporal "
                + address.target()
                + ", namespace "
                + address.namespace()
                + ", task queue "
                + address.taskQueue();
    }

    String taskQueue() {
        return address.taskQueue();
    }

    /// Why the cluster cannot be used now, in words for an operator; absent if it can.
    Optional<String> trouble() {
        try {
            var _ =
                    stubs.blockingStub()
                            .withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                            .describeNamespace(
                                    DescribeNamespaceRequest.newBuilder()
                                            .setNamespace(address.namespace())
                                            .build());
            return Optional.empty();
        } catch (StatusRuntimeException e) {
            return Optional.of("Temporal at " + address.target() + " " + words(e.getStatus()));
        }
    }

    private String words(Status status) {
        return switch (status.getCode()) {
            case NOT_FOUND ->
                    "has no namespace `"
                            + address.namespace()
                            + "`; make it: temporal operator namespace create -n "
                            + address.namespace();
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                    "refuses this server's credential: " + said(status.getDescription());
            case UNAVAILABLE, DEADLINE_EXCEEDED ->
                    "cannot be reached: " + said(status.getDescription());
            default -> "answers " + status.getCode() + ": " + said(status.getDescription());
        };
    }

    private static String said(@Nullable String description) {
        return description == null ? "it says no more" : description.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        stubs.shutdownNow();
    }
}
