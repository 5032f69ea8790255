package dev.remit.core.secret;

import java.util.List;
import java.util.regex.Pattern;

/// Finds passwords in the commands that take them under a letter: `curl -u me:x`, `mysql -px`,
/// `sshpass -p x`, `redis-cli -a x`, `docker login -p x`.
final class CommandLines {
    /// @param option how the option is written, a blank before it
    /// @param value what stands behind it; its group is the password
    private record Command(String name, String option, Pattern value) {}

    private static final int REACH = 150;
    private static final Pattern WORD =
            Pattern.compile(" ?(?:'([^'\\n]{1,100})'|\"([^\"\\n]{1,100})\"|([^\\s'\"]{1,100}+))");
    private static final Pattern GLUED =
            Pattern.compile("(?:'([^'\\n]{1,100})'|\"([^\"\\n]{1,100})\"|([^\\s'\"]{1,100}+))");
    private static final Pattern USER =
            Pattern.compile("[ =]?['\"]?[^\\s:'\"]{1,60}+:([^\\s'\"]{1,100}+)");

    private static final List<Command> COMMANDS =
            List.of(
                    new Command("curl", " -u", USER),
                    new Command("curl", " --user", USER),
                    new Command("curl", " --proxy-user", USER),
                    new Command("mysql", " -p", GLUED),
                    new Command("mariadb", " -p", GLUED),
                    new Command("sshpass", " -p", WORD),
                    new Command("docker login", " -p", WORD),
                    new Command("redis-cli", " -a", WORD));

    /// One of these is in every text that is looked at.
    static final List<String> WORDS = COMMANDS.stream().map(Command::name).distinct().toList();

    private CommandLines() {}

    static void find(String text, Spans spans) {
        for (var command : COMMANDS) {
            if (text.contains(command.name())) {
                find(text, command, spans);
            }
        }
    }

    private static void find(String text, Command command, Spans spans) {
        var matcher = command.value().matcher(text);
        int at = text.indexOf(command.option());
        for (; at >= 0; at = text.indexOf(command.option(), at + 1)) {
            int value = at + command.option().length();
            var before = text.substring(Math.max(0, at - REACH), at);
            boolean named = before.indexOf(command.name(), before.lastIndexOf('\n') + 1) >= 0;
            if (named && matcher.region(value, text.length()).lookingAt()) {
                for (int group = 1; group <= matcher.groupCount(); group++) {
                    int start = matcher.start(group);
                    if (start >= 0 && !SecretValues.isPlaceholder(matcher.group(group))) {
                        spans.add(start, matcher.end(group), "password");
                    }
                }
            }
        }
    }
}
