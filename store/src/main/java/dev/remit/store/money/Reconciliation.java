package dev.remit.store.money;

import dev.remit.core.money.Money;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The ledger beside what a provider says, by day (UTC) and model.
///
/// @param entries by day, then model
/// @param days on which the provider has more, and what dead nodes could explain of it
public record Reconciliation(List<Entry> entries, List<Day> days) {
    /// What rounding may do: a cent, or a hundredth of the amount.
    private static final long CENT = 10_000;

    public Reconciliation {
        entries = List.copyOf(entries);
        days = List.copyOf(days);
    }

    /// What the comparison comes to.
    public enum Verdict {
        MATCHED,
        DIFFERS,
        /// The provider has it, the ledger does not.
        MISSING_HERE,
        /// The ledger has it, the provider does not.
        MISSING_THERE
    }

    /// @param input all of it, cached or not
    /// @param cached the part of it that was read from the provider's cache
    public record Side(long input, long cached, long output, Money cost) {
        static final Side NOTHING = new Side(0, 0, 0, Money.ZERO);

        Side plus(Side other) {
            return new Side(
                    input + other.input,
                    cached + other.cached,
                    output + other.output,
                    cost.plus(other.cost));
        }
    }

    public record Entry(LocalDate day, String model, Verdict verdict, Side here, Side there) {
        /// Input and output that the provider has and the ledger has not; below zero: the other
        /// way.
        public long tokens() {
            return there.input + there.output - here.input - here.output;
        }

        /// In millionths, likewise.
        public long micros() {
            return there.cost.micros() - here.cost.micros();
        }
    }

    /// @param more what the provider has more than the ledger on this day, in all
    /// @param unattributed what dead nodes held on this day: at most so much of it is theirs
    public record Day(LocalDate day, Money more, Money unattributed) {
        public Money explained() {
            return more.isMoreThan(unattributed) ? unattributed : more;
        }
    }

    /// Rows of the ledger of one day.
    ///
    /// @param model as it was asked for
    /// @param answered as the provider named it; empty: it did not
    record Here(LocalDate day, String model, String answered, Side side) {}

    private record Key(LocalDate day, String model) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int days = day.compareTo(other.day);
            return days != 0 ? days : model.compareTo(other.model);
        }
    }

    /// @param unattributed by day
    static Reconciliation of(
            UsageExport export, List<Here> rows, Map<LocalDate, Money> unattributed) {
        var there = new TreeMap<Key, Side>();
        for (var line : export.lines()) {
            there.merge(
                    new Key(line.day(), line.model()),
                    new Side(line.input(), line.cached(), line.output(), line.cost()),
                    Side::plus);
        }
        var here = new TreeMap<Key, Side>();
        for (var row : rows) {
            here.merge(key(row, there), row.side(), Side::plus);
        }
        var entries = new ArrayList<Entry>();
        var keys = new TreeMap<Key, Side>(here);
        keys.putAll(there);
        for (var key : keys.keySet()) {
            entries.add(entry(export, key, here.get(key), there.get(key)));
        }
        return new Reconciliation(entries, days(entries, unattributed));
    }

    /// The provider may bill by the name that was asked for, or by the one that answered.
    private static Key key(Here row, TreeMap<Key, Side> there) {
        var answered = new Key(row.day(), row.answered());
        var asked = new Key(row.day(), row.model());
        if (there.containsKey(answered)) {
            return answered;
        }
        return there.containsKey(asked) || row.answered().isEmpty() ? asked : answered;
    }

    private static Entry entry(
            UsageExport export, Key key, @Nullable Side here, @Nullable Side there) {
        var ours = here == null ? Side.NOTHING : here;
        var theirs = there == null ? Side.NOTHING : there;
        var verdict =
                here == null
                        ? Verdict.MISSING_HERE
                        : there == null
                                ? Verdict.MISSING_THERE
                                : isSame(export, ours, theirs) ? Verdict.MATCHED : Verdict.DIFFERS;
        return new Entry(key.day(), key.model(), verdict, ours, theirs);
    }

    private static boolean isSame(UsageExport export, Side here, Side there) {
        boolean tokens =
                !export.hasTokens() || (here.input == there.input && here.output == there.output);
        long apart = Math.abs(here.cost.micros() - there.cost.micros());
        boolean cost = !export.hasCost() || apart <= Math.max(CENT, there.cost.micros() / 100);
        return tokens && cost;
    }

    private static List<Day> days(List<Entry> entries, Map<LocalDate, Money> unattributed) {
        var more = new TreeMap<LocalDate, Long>();
        unattributed.forEach((day, money) -> more.put(day, 0L));
        for (var entry : entries) {
            if (entry.verdict() != Verdict.MATCHED && entry.micros() > 0) {
                more.merge(entry.day(), entry.micros(), Long::sum);
            }
        }
        var days = new ArrayList<Day>();
        more.forEach((day, micros) ->
                days.add(
                        new Day(
                                day,
                                new Money(micros),
                                unattributed.getOrDefault(day, Money.ZERO))));
        return days;
    }

    static Map<LocalDate, Money> byDay(List<LedgerSum> sums) {
        var days = new HashMap<LocalDate, Money>();
        for (var sum : sums) {
            if (sum.unattributed().micros() > 0) {
                days.put(LocalDate.parse(sum.by().getFirst().orElseThrow()), sum.unattributed());
            }
        }
        return days;
    }
}
