package dev.remit.http.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/// Sends requests to servers that are not ours, over connections that it keeps.
///
/// It never tries again by itself, keeps no cookies, and follows a redirect only for `GET` and
/// `HEAD` and only to the same scheme, host and port, so a credential goes where it was meant to
/// go. Interrupting a virtual thread that waits here closes the connection at once; on a platform
/// thread the interrupt is seen when the next piece comes.
public final class Upstream implements AutoCloseable {
    private static final int CONNECTIONS = 2048;
    private static final int CONNECTIONS_A_HOST = 1024;
    private final CloseableHttpClient client;

    public Upstream() {
        this(Duration.ofSeconds(10));
    }

    /// @param connect the longest time to get a connection to one address of a host
    public Upstream(Duration connect) {
        this(connect, InetAddress::getAllByName);
    }

    /// @param connect the longest time to get a connection to one address of a host
    /// @param addresses finds the addresses of a host; exactly those are connected to
    public Upstream(Duration connect, Addresses addresses) {
        var connection =
                ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(connect))
                        .setSocketTimeout(Timeout.of(connect)) // of the TLS handshake
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(100))
                        .setTimeToLive(TimeValue.ofMinutes(5))
                        .build();
        client =
                HttpClients.custom()
                        .setConnectionManager(
                                PoolingHttpClientConnectionManagerBuilder.create()
                                        .setDefaultConnectionConfig(connection)
                                        .setDnsResolver(new Resolver(addresses))
                                        .setMaxConnTotal(CONNECTIONS)
                                        .setMaxConnPerRoute(CONNECTIONS_A_HOST)
                                        .build())
                        .setDefaultRequestConfig(
                                RequestConfig.custom()
                                        .setConnectionRequestTimeout(Timeout.of(connect))
                                        .build())
                        .setRedirectStrategy(new SameServer())
                        .addExecInterceptorBefore(
                                ChainElement.MAIN_TRANSPORT.name(), "too late", Wire::onlyIfInTime)
                        .setUserAgent("remit")
                        .disableAutomaticRetries()
                        .disableCookieManagement()
                        .disableAuthCaching()
                        .disableContentCompression()
                        .build();
    }

    /// Sends it and waits for the answer to begin, whatever its status. Close the answer.
    ///
    /// @throws UpstreamException if no answer began
    /// @throws InterruptedException if this thread was interrupted; the connection is closed
    public Response send(Request request) throws UpstreamException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        var wire = wire(request);
        var watchdog = new Watchdog(request.timeouts().total(), wire::abort);
        try {
            var host = HttpHost.create(request.uri());
            return new Response(request, wire, client.executeOpen(host, wire, null), watchdog);
        } catch (IOException e) {
            watchdog.close();
            throw Failures.read(e, request, watchdog);
        }
    }

    private static HttpUriRequestBase wire(Request request) {
        var wire = new Wire(request);
        for (var header : request.headers()) {
            wire.addHeader(header.name(), header.value());
        }
        var body = request.body();
        if (body != null) {
            wire.setEntity(new ByteArrayEntity(body.toByteArray(), null));
        }
        wire.setConfig(
                RequestConfig.custom()
                        .setResponseTimeout(Timeout.of(request.timeouts().read()))
                        .build());
        return wire;
    }

    /// A request on its way, which knows what it came from.
    private static final class Wire extends HttpUriRequestBase {
        private static final long serialVersionUID = 1L;
        private final transient Request request;

        Wire(Request request) {
            super(request.method(), request.uri());
            this.request = request;
        }

        /// Between connecting, which may take long, and sending.
        static ClassicHttpResponse onlyIfInTime(
                ClassicHttpRequest sent, ExecChain.Scope scope, ExecChain chain)
                throws IOException, HttpException {
            if (scope.originalRequest instanceof Wire wire) {
                wire.request.begin();
            }
            return chain.proceed(sent, scope);
        }
    }

    /// Cuts whatever is under way.
    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    private record Resolver(Addresses addresses) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            return addresses.of(host);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    private static final class SameServer extends DefaultRedirectStrategy {
        @Override
        public boolean isRedirected(HttpRequest request, HttpResponse response, HttpContext context)
                throws ProtocolException {
            return (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
                    && super.isRedirected(request, response, context);
        }

        @Override
        public boolean isRedirectAllowed(
                HttpHost current, HttpHost next, HttpRequest redirect, HttpContext context) {
            return current.getSchemeName().equals(next.getSchemeName())
                    && current.getHostName().equalsIgnoreCase(next.getHostName())
                    && port(current) == port(next);
        }

        private static int port(HttpHost host) {
            if (host.getPort() >= 0) {
                return host.getPort();
            }
            return host.getSchemeName().equals("https") ? 443 : 80;
        }
    }
}
