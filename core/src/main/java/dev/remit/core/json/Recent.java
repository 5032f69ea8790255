package dev.remit.core.json;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Remembers the values that were asked for most recently, and forgets the others. Thread-safe.
public final class Recent<K, V> {
    private final Map<K, V> values;

    public Recent(int most) {
        values =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                        return size() > most;
                    }
                };
    }

    /// Makes the value outside of the lock: two threads may make it twice, none waits for another.
    public V get(K key, Supplier<V> make) {
        synchronized (values) {
            var known = values.get(key);
            if (known != null) {
                return known;
            }
        }
        var made = make.get();
        synchronized (values) {
            values.put(key, made);
        }
        return made;
    }

    public int size() {
        synchronized (values) {
            return values.size();
        }
    }
}
