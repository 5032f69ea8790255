package dev.remit.gateway.fake;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/// `remit fake-provider`: a fake vendor in the foreground, until it is told to stop.
public final class Main {
    private static final int GOOD = 0;
    private static final int USAGE = 2;
    private static final int TROUBLE = 6;

    private Main() {}

    public static void main(String[] arguments) {
        Logger.getLogger("").setLevel(Level.WARNING); // the web server has much to tell
        var stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(stop::countDown, "stop"));
        System.exit(run(List.of(arguments), System.out, System.err, stop));
    }

    /// @param stop ends it
    /// @return the exit code
    static int run(List<String> arguments, PrintStream out, PrintStream err, CountDownLatch stop) {
        try {
            var options = FakeOptions.parse(arguments);
            try (var fake =
                    options.port() == 0 ? FakeVendor.start() : FakeVendor.start(options.port())) {
                fake.follows(options.drill());
                out.print(greeting(fake.uri().toString()));
                out.flush();
                stop.await();
            }
            return GOOD;
        } catch (FakeOptions.Wrong e) {
            err.println("remit: " + e.getMessage());
            err.print(FakeOptions.USAGE);
            return USAGE;
        } catch (IOException e) {
            err.println("remit: the fake provider cannot listen: " + e.getMessage());
            return TROUBLE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return TROUBLE;
        }
    }

    private static String greeting(String url) {
        return """
        remit: a fake of OpenAI, Anthropic, Gemini, Azure OpenAI and Bedrock, at %1$s

          export OPENAI_BASE_URL=%1$s/v1
          export ANTHROPIC_BASE_URL=%1$s
          export GOOGLE_GEMINI_BASE_URL=%1$s
          export AZURE_OPENAI_ENDPOINT=%1$s
          export AWS_ENDPOINT_URL_BEDROCK_RUNTIME=%1$s

        What it billed is at %1$s/_fake/invoice, what it was asked at %1$s/_fake/requests.
        Another script: curl --data-binary @drill.yaml %1$s/_fake/script
        Ctrl-C ends it.
        """
                .formatted(url);
    }
}
