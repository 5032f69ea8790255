package dev.remit.hands;

import dev.remit.core.secret.Redactor;
import dev.remit.core.secret.Secrets;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import dev.remit.core.tool.Invoker;
import dev.remit.core.tool.Tool.Means;
import dev.remit.hands.function.Functions;
import dev.remit.hands.http.HttpInvoker;
import java.nio.file.Path;
import java.time.InstantSource;

/// Does tools by whatever means they have. What it gives back holds no secret that the redactor
/// knows, and none that was used in the call.
public final class Hands implements Invoker, AutoCloseable {
    private final Functions functions;
    private final HttpInvoker http;

    /// @param home the state folder
    /// @param secrets where the credentials of tools are found
    /// @param redactor that knows the values of `secrets`
    public Hands(Path home, Secrets secrets, Redactor redactor, InstantSource clock) {
        this.functions = new Functions(home, redactor, clock);
        this.http = new HttpInvoker(secrets, redactor, clock);
    }

    @Override
    public Ended invoke(Invocation invocation) throws InterruptedException {
        return switch (invocation.tool().means()) {
            case Means.Function function -> functions.invoke(invocation);
            case Means.Http call -> http.invoke(invocation);
        };
    }

    @Override
    public void close() {
        http.close();
    }
}
