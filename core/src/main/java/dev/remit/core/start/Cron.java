package dev.remit.core.start;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A cron expression of five fields: minute, hour, day of the month, month, day of the week. If
/// both days are restricted, either will do. It speaks of wall clocks and knows no time zone.
///
/// Source: crontab(5).
public final class Cron {
    private static final CronParser PARSER =
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    private static final Pattern FIELD = Pattern.compile("\\S+");
    private static final int LONGEST = 200;

    private static final Map<String, String> NICKNAMES =
            Map.of(
                    "@hourly", "0 * * * *",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@weekly", "0 0 * * 0",
                    "@monthly", "0 0 1 * *",
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *");

    private static final List<String> FIELDS =
            List.of("minute", "hour", "day of the month", "month", "day of the week");
    private static final List<String> RIGHT =
            List.of(
                    "0 to 59, such as 30, 0,30 or */15",
                    "0 to 23, such as 8, 9-17 or */2",
                    "1 to 31, such as 1, 1,15 or *",
                    "1 to 12 or JAN to DEC, such as * or 1-6",
                    "0 to 7 or MON to SUN, such as * or MON-FRI");

    private final String text;
    private final com.cronutils.model.Cron parsed;
    private final ExecutionTime times;
    private final boolean everyHour;

    private Cron(String text, com.cronutils.model.Cron parsed, boolean everyHour) {
        this.text = text;
        this.parsed = parsed;
        this.times = ExecutionTime.forCron(parsed);
        this.everyHour = everyHour;
    }

    /// @throws InvalidCron that says where, what is wrong and what would be right
    public static Cron parse(String text) {
        if (text.length() > LONGEST) {
            throw new InvalidCron(
                    1, "the expression has " + text.length() + " characters", "at most " + LONGEST);
        }
        var written = text.strip().startsWith("@") ? nickname(text.strip()) : text;
        var found = FIELD.matcher(written).results().toList();
        if (found.size() != FIELDS.size()) {
            throw new InvalidCron(
                    1,
                    "a cron expression has five fields, and this has " + found.size(),
                    "minute, hour, day of the month, month, day of the week: \"30 8 * * MON-FRI\"");
        }
        for (int i = 0; i < found.size(); i++) {
            check(found.get(i).group(), i, found.get(i).start() + 1);
        }
        var parsed = PARSER.parse(String.join(" ", found.stream().map(f -> f.group()).toList()));
        var hour = found.get(1).group();
        var cron = new Cron(text.strip(), parsed, hour.equals("*") || hour.equals("*/1"));
        if (cron.next(LocalDateTime.of(2000, 1, 1, 0, 0)).isEmpty()) {
            throw new InvalidCron(
                    found.get(2).start() + 1,
                    "there is no such day, ever",
                    "a day that the month has");
        }
        return cron;
    }

    private static String nickname(String text) {
        var written = NICKNAMES.get(text.toLowerCase(Locale.ROOT));
        if (written == null) {
            throw new InvalidCron(
                    1, "there is no " + text, "@hourly, @daily, @weekly, @monthly or @yearly");
        }
        return written;
    }

    /// Each field by itself, so that the one that is wrong can be named.
    private static void check(String field, int index, int column) {
        var alone = new String[] {"*", "*", "*", "*", "*"};
        alone[index] = field;
        try {
            PARSER.parse(String.join(" ", alone)).validate();
        } catch (IllegalArgumentException e) {
            throw new InvalidCron(
                    column,
                    "`" + field + "` is no " + FIELDS.get(index) + " of a cron expression",
                    RIGHT.get(index));
        }
    }

    /// The next time on the wall, later than the given one; absent if there is none.
    Optional<LocalDateTime> next(LocalDateTime after) {
        return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(t -> t.toLocalDateTime());
    }

    /// Whether it names no hours: then it goes by the time that passes, not by what clocks show.
    boolean isEveryHour() {
        return everyHour;
    }

    /// In English words.
    public String inWords() {
        return CronDescriptor.instance(Locale.UK).describe(parsed);
    }

    @Override
    public String toString() {
        return text;
    }
}
