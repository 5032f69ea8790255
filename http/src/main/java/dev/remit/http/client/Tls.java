package dev.remit.http.client;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// Encrypts connections, with servers whose certificate is for the name that was asked for.
record Tls(SSLContext context) {
    /// @throws IOException if the handshake fails; nothing of a request has been sent then
    SSLSocket over(Socket socket, Origin origin) throws IOException {
        var factory = context.getSocketFactory();
        var secure = (SSLSocket) factory.createSocket(socket, origin.name(), origin.port(), true);
        var parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }
}
