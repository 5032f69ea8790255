package dev.remit.gateway.price;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The price list in force: the one that came with this Remit, or a newer one that was put in its
/// place and is kept in the state folder. Thread-safe.
public final class PriceBook {
    private static final String FILE = "prices.json";
    private final @Nullable Path folder;
    private volatile Prices prices;

    private PriceBook(@Nullable Path folder, Prices prices) {
        this.folder = folder;
        this.prices = prices;
    }

    /// Knows what came with this Remit, and keeps nothing.
    public static PriceBook bundled() {
        return of(Prices.bundled());
    }

    /// Knows these, and keeps nothing.
    public static PriceBook of(Prices prices) {
        return new PriceBook(null, prices);
    }

    /// @param folder where a newer list is kept
    /// @throws InvalidPrices if the list that is kept there is damaged; guessing would cost money
    public static PriceBook open(Path folder) throws IOException, InvalidPrices {
        var file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return new PriceBook(folder, Prices.bundled());
        }
        Prices kept;
        try {
            kept = Prices.read(Files.readAllBytes(file));
        } catch (InvalidPrices e) {
            throw new InvalidPrices(
                    file + " is damaged (" + e.why() + "): delete it, or put a good list there");
        }
        var own = Prices.bundled();
        var holds =
                kept.asOf().compareTo(own.asOf()) >= 0
                        || kept.forcedOver().compareTo(own.asOf()) >= 0;
        return new PriceBook(folder, holds ? kept : own);
    }

    /// The list in force. Whoever reckons a call by it keeps it until the call is over.
    public Prices now() {
        return prices;
    }

    /// What a new list changes, as `seller/model`.
    ///
    /// @param from date of the list before
    /// @param to date of the list now in force
    public record Update(
            String from,
            String to,
            List<String> added,
            List<String> changed,
            List<String> removed) {}

    /// Puts another list in the place of the present one. It is checked as a whole first; the file
    /// is replaced in one step.
    ///
    /// @param force also if it is older than the one in force
    /// @throws InvalidPrices if it is not taken; then nothing has changed
    /// @throws IOException if it cannot be kept; then nothing has changed
    public synchronized Update update(byte[] file, boolean force)
            throws InvalidPrices, IOException {
        var before = prices;
        var after = Prices.read(file);
        var older = after.asOf().compareTo(before.asOf()) < 0;
        if (older && !force) {
            throw new InvalidPrices(
                    "the list is of "
                            + after.asOf()
                            + ", older than the one in force, which is of "
                            + before.asOf()
                            + ": use --force if that is meant");
        }
        if (folder != null) {
            keep(folder, older ? forced(file, before.asOf()) : file);
        }
        prices = after;
        return difference(before, after);
    }

    private static byte[] forced(byte[] file, String over) throws InvalidPrices {
        var tree = (ObjectNode) PriceFile.tree(file);
        tree.put("forced_over", over);
        return tree.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void keep(Path folder, byte[] file) throws IOException {
        Files.createDirectories(folder);
        var fresh = Files.createTempFile(folder, "prices", ".new");
        try {
            try (var out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(file);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(
                    fresh,
                    folder.resolve(FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static Update difference(Prices before, Prices after) {
        var old = byName(before);
        var young = byName(after);
        var added = new ArrayList<String>();
        var changed = new ArrayList<String>();
        young.forEach((name, model) -> {
            var was = old.get(name);
            if (was == null) {
                added.add(name);
            } else if (!isSame(was, model)) {
                changed.add(name);
            }
        });
        var removed = old.keySet().stream().filter(name -> !young.containsKey(name)).toList();
        return new Update(
                before.asOf(), after.asOf(), List.copyOf(added), List.copyOf(changed), removed);
    }

    private static boolean isSame(Model a, Model b) {
        var price = a.price();
        return price == null ? b.price() == null : price.isSame(b.price());
    }

    private static Map<String, Model> byName(Prices prices) {
        var models = new TreeMap<String, Model>();
        prices.models().forEach(model -> models.put(model.toString(), model));
        return models;
    }
}
