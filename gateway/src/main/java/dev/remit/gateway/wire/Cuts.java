package dev.remit.gateway.wire;

import java.util.ArrayList;
import java.util.List;

/// The members of an object, or the elements of a list, some of which are to be taken out together
/// with their commas.
final class Cuts {
    private record Item(int from, int to, boolean out) {}

    private final List<Item> items = new ArrayList<>();

    /// @param from where it begins, with its name
    /// @param to where it ends, without the comma
    void add(int from, int to, boolean out) {
        items.add(new Item(from, to, out));
    }

    boolean any() {
        return items.stream().anyMatch(Item::out);
    }

    boolean all() {
        return items.stream().allMatch(Item::out);
    }

    /// Where all of them are together.
    Scan.Range whole() {
        return new Scan.Range(items.getFirst().from, items.getLast().to);
    }

    void apply(Splice splice) {
        if (all()) {
            if (!items.isEmpty()) {
                splice.remove(whole());
            }
            return;
        }
        int kept = 0;
        while (items.get(kept).out) {
            kept++;
        }
        if (kept > 0) {
            splice.remove(new Scan.Range(items.getFirst().from, items.get(kept).from));
        }
        for (int i = kept + 1; i < items.size(); i++) {
            if (items.get(i).out) {
                splice.remove(new Scan.Range(items.get(i - 1).to, items.get(i).to));
            }
        }
    }
}
