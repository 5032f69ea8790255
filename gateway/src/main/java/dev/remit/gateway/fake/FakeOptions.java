package dev.remit.gateway.fake;

import dev.remit.core.text.Quantities;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/// What `remit fake-provider` was told.
///
/// @param port 0: the first free one
record FakeOptions(int port, Drill drill) {
    static final String USAGE =
            """
            Usage: ./remit fake-provider [--port N] [--latency 50ms] [--tokens-per-second N]
                                         [--script FILE] [--seed N]
            ./remit fake-provider --help tells more.
            """;

    /// What cannot be followed; the message says why.
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String why) {
            super(why);
        }
    }

    static FakeOptions parse(List<String> arguments) throws Wrong {
        var reading = new Reading();
        for (var words = arguments.iterator(); words.hasNext(); ) {
            var word = words.next();
            int equal = word.indexOf('=');
            var value = equal < 0 ? value(word, words) : word.substring(equal + 1);
            reading.take(equal < 0 ? word : word.substring(0, equal), value);
        }
        return reading.options();
    }

    private static String value(String option, Iterator<String> words) throws Wrong {
        if (!option.startsWith("--")) {
            throw new Wrong("one argument too many: " + option);
        }
        if (!words.hasNext()) {
            throw new Wrong(option + " needs a value");
        }
        return words.next();
    }

    /// Options hold over the script, wherever they stand.
    private static final class Reading {
        private Drill drill = Drill.CALM;
        private int port;
        private long seed = Long.MIN_VALUE;
        private int pace;
        private Duration latency = Duration.ofSeconds(-1);

        void take(String option, String value) throws Wrong {
            switch (option) {
                case "--port" -> port = number(option, value, 65_535);
                case "--seed" -> seed = number(option, value, Integer.MAX_VALUE);
                case "--tokens-per-second" -> pace = number(option, value, 1_000_000);
                case "--latency" -> latency = duration(value);
                case "--script" -> drill = script(Path.of(value));
                default -> throw new Wrong("there is no option " + option);
            }
        }

        FakeOptions options() {
            var wanted = seed == Long.MIN_VALUE ? drill : drill.seeded(seed);
            wanted = latency.isNegative() ? wanted : wanted.slow(latency);
            return new FakeOptions(port, pace == 0 ? wanted : wanted.paced(pace));
        }

        private static int number(String option, String value, int most) throws Wrong {
            try {
                int number = Integer.parseInt(value);
                if (number >= 0 && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // told below
            }
            throw new Wrong(option + " " + value + ": a number from 0 to " + most + " is needed");
        }

        private static Duration duration(String value) throws Wrong {
            if (value.matches("0(ms|s)?")) {
                return Duration.ZERO;
            }
            return Quantities.duration(value)
                    .orElseThrow(() ->
                            new Wrong("--latency " + value + ": such as 50ms or 1s is needed"));
        }

        private static Drill script(Path file) throws Wrong {
            try {
                var text = Files.readString(file, StandardCharsets.UTF_8);
                return DrillFile.read(file.toString(), text);
            } catch (IOException e) {
                throw new Wrong(file + " cannot be read");
            } catch (InvalidDrill e) {
                throw new Wrong("the script cannot be followed\n" + e.getMessage());
            }
        }
    }
}
