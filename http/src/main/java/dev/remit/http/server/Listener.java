package dev.remit.http.server;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// Accepts connections of our own kind.
final class Listener extends ServerConnector {
    private final HttpServer.Pace pace;
    private final Sweep sweep = new Sweep();

    Listener(Server server, HttpConfiguration protocol, HttpServer.Pace pace) {
        super(server, 1, 1, new HttpConnectionFactory(protocol));
        this.pace = pace;
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(
            SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        var client = new ClientEndPoint(channel, selector, key, getScheduler(), pace, sweep);
        client.setIdleTimeout(getIdleTimeout());
        return client;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        sweep.start();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        sweep.stop();
    }
}
