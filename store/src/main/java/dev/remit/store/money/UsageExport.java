package dev.remit.store.money;

import dev.remit.core.money.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a provider says was used: its usage export, or a bill brought into this form. Columns are
/// found by their names, in any order; others are left alone. Amounts are dollars.
///
/// | what | names |
/// |---|---|
/// | day (UTC) | `date`, `day`, `usage_date_utc`, `start_time_iso`, `start_time` (seconds), `timestamp`, `time` |
/// | model | `model`, `model_version`, `snapshot_id`, `line_item` |
/// | input, all of it | `input_tokens`, `n_context_tokens_total`, `prompt_tokens` |
/// | input that was not cached | `usage_input_tokens_no_cache`, `uncached_input_tokens` |
/// | cache reads | `input_cached_tokens`, `cached_tokens`, `usage_input_tokens_cache_read`, `cache_read_input_tokens` |
/// | cache writes | `usage_input_tokens_cache_write_5m`, `usage_input_tokens_cache_write_1h`, `cache_creation_input_tokens`, `cache_write_tokens` |
/// | output | `output_tokens`, `usage_output_tokens`, `n_generated_tokens_total`, `completion_tokens` |
/// | cost | `cost`, `cost_usd`, `amount`, `amount_value`, `cost_in_usd` |
///
/// A plain form of one's own: `date,model,input_tokens,cached_tokens,output_tokens,cost`.
public record UsageExport(List<Line> lines, boolean hasTokens, boolean hasCost) {
    public UsageExport {
        lines = List.copyOf(lines);
    }

    /// @param input all of it, cached or not
    /// @param cached the part of it that was read from the cache
    public record Line(
            LocalDate day, String model, long input, long cached, long output, Money cost) {}

    /// It cannot be read; the message says what was expected.
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;

        Invalid(String message) {
            super(message);
        }
    }

    private enum Column {
        DAY("date", "day", "usage_date_utc", "start_time_iso", "start_time", "timestamp", "time"),
        MODEL("model", "model_version", "snapshot_id", "line_item"),
        INPUT("input_tokens", "n_context_tokens_total", "prompt_tokens"),
        UNCACHED("usage_input_tokens_no_cache", "uncached_input_tokens"),
        CACHED(
                "input_cached_tokens",
                "cached_tokens",
                "usage_input_tokens_cache_read",
                "cache_read_input_tokens"),
        WRITE_SHORT(
                "usage_input_tokens_cache_write_5m",
                "cache_creation_input_tokens",
                "cache_write_tokens"),
        WRITE_LONG("usage_input_tokens_cache_write_1h"),
        OUTPUT(
                "output_tokens",
                "usage_output_tokens",
                "n_generated_tokens_total",
                "completion_tokens"),
        COST("cost", "cost_usd", "amount", "amount_value", "cost_in_usd");

        @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
        private final List<String> names;

        Column(String... names) {
            this.names = List.of(names);
        }
    }

    /// @throws Invalid if it has no day, no model, or neither tokens nor costs; or a field is not
    ///   what its column says
    public static UsageExport parse(String csv) throws Invalid {
        var rows = Csv.parse(csv);
        if (rows.isEmpty()) {
            throw new Invalid("the file is empty; a first line with names of columns was expected");
        }
        var columns = columns(rows.getFirst());
        boolean tokens =
                columns.containsKey(Column.INPUT)
                        || columns.containsKey(Column.UNCACHED)
                        || columns.containsKey(Column.OUTPUT);
        boolean cost = columns.containsKey(Column.COST);
        if (!columns.containsKey(Column.DAY)
                || !columns.containsKey(Column.MODEL)
                || !(tokens || cost)) {
            throw new Invalid(
                    "a day, a model, and tokens or a cost were expected; the columns are "
                            + rows.getFirst()
                            + ". Name them date,model,input_tokens,cached_tokens,output_tokens,cost");
        }
        var lines = new ArrayList<Line>();
        for (int i = 1; i < rows.size(); i++) {
            var line = new Reader(columns, rows.get(i), i + 1).line();
            if (line != null) {
                lines.add(line);
            }
        }
        return new UsageExport(lines, tokens, cost);
    }

    private static Map<Column, Integer> columns(List<String> names) {
        var found = new HashMap<Column, Integer>();
        for (var column : Column.values()) {
            for (var alias : column.names) {
                for (int i = 0; i < names.size(); i++) {
                    var name = names.get(i).toLowerCase(Locale.ROOT).strip().replace(' ', '_');
                    if (name.equals(alias)) {
                        found.putIfAbsent(column, i);
                    }
                }
            }
        }
        return found;
    }

    /// One row.
    private record Reader(Map<Column, Integer> columns, List<String> row, int number) {
        /// @return nothing for a row without a model, such as a line of totals
        @Nullable Line line() throws Invalid {
            var model = text(Column.MODEL);
            if (model.isEmpty()) {
                return null;
            }
            long cached = tokens(Column.CACHED);
            long input =
                    columns.containsKey(Column.UNCACHED)
                            ? tokens(Column.UNCACHED)
                                    + cached
                                    + tokens(Column.WRITE_SHORT)
                                    + tokens(Column.WRITE_LONG)
                            : tokens(Column.INPUT);
            return new Line(day(), model, input, cached, tokens(Column.OUTPUT), cost());
        }

        private String text(Column column) {
            var place = columns.get(column);
            return place == null || place >= row.size() ? "" : row.get(place);
        }

        private LocalDate day() throws Invalid {
            var text = text(Column.DAY);
            try {
                if (text.matches("\\d{9,11}")) {
                    return Instant.ofEpochSecond(Long.parseLong(text))
                            .atOffset(ZoneOffset.UTC)
                            .toLocalDate();
                }
                return LocalDate.parse(text.substring(0, Math.min(10, text.length())));
            } catch (DateTimeException e) {
                throw fault("a day such as 2026-11-21", text);
            }
        }

        private long tokens(Column column) throws Invalid {
            var text = text(column).replace(",", "");
            try {
                return text.isEmpty() ? 0 : new BigDecimal(text).longValueExact();
            } catch (ArithmeticException | NumberFormatException e) {
                throw fault("a number of tokens", text);
            }
        }

        private Money cost() throws Invalid {
            var text = text(Column.COST).replace(",", "").replace("$", "");
            try {
                return text.isEmpty()
                        ? Money.ZERO
                        : new Money(
                                new BigDecimal(text)
                                        .movePointRight(6)
                                        .setScale(0, RoundingMode.HALF_UP)
                                        .longValueExact());
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw fault("an amount of dollars", text);
            }
        }

        private Invalid fault(String expected, String found) {
            return new Invalid("line " + number + ": " + expected + " was expected, not: " + found);
        }
    }
}
