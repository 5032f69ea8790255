package dev.remit.core.expression;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// How large values are when written out: one for each value within, and one for each character.
///
/// Lists and maps are remembered by identity, so that a value which holds the same list a million
/// times is measured without walking it.
final class Sizes {
    private final IdentityHashMap<Object, Long> known = new IdentityHashMap<>();

    long of(@Nullable Object value) {
        return switch (value) {
            case String text -> 1L + text.length();
            // CEL's list that grows while a `map` or `filter` runs; measured when it is complete.
            case List<?> list when !(list instanceof RandomAccess) -> 1;
            case List<?> list -> ofList(list);
            case Map<?, ?> map -> ofMap(map);
            case null, default -> 1;
        };
    }

    boolean knows(Object value) {
        return known.containsKey(value);
    }

    private long ofList(List<?> list) {
        var before = known.get(list);
        if (before != null) {
            return before;
        }
        long size = 1;
        for (var element : list) {
            size = plus(size, of(element));
        }
        known.put(list, size);
        return size;
    }

    private long ofMap(Map<?, ?> map) {
        var before = known.get(map);
        if (before != null) {
            return before;
        }
        long size = 1;
        for (var entry : map.entrySet()) {
            size = plus(size, plus(of(entry.getKey()), of(entry.getValue())));
        }
        known.put(map, size);
        return size;
    }

    private static long plus(long a, long b) {
        return Math.min(a + b, Long.MAX_VALUE / 4);
    }
}
