package dev.remit.http.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;

/// Listens for TLS and knows several application protocols.
final class AlpnSockets extends ServerSocketFactory {
    private final ServerSocketFactory secure;
    private final String[] protocols;

    AlpnSockets(ServerSocketFactory secure, String... protocols) {
        this.secure = secure;
        this.protocols = protocols;
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return createServerSocket(port, 50);
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return createServerSocket(port, backlog, InetAddress.getLoopbackAddress());
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
            throws IOException {
        var socket = (SSLServerSocket) secure.createServerSocket(port, backlog, address);
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        return socket;
    }
}
