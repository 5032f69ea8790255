package dev.remit.bench.campaign.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A file of JSON lines that only grows. A line is on the disk when [#write] returns.
public final class Journal implements AutoCloseable {
    private final FileChannel file;

    public Journal(Path path) throws IOException {
        file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND);
    }

    /// @param line names and values, alternately
    public void write(@Nullable Object... line) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        map.put("t", System.currentTimeMillis());
        for (int i = 0; i < line.length; i += 2) {
            map.put(String.valueOf(line[i]), line[i + 1]);
        }
        put(map);
    }

    private synchronized void put(Map<String, @Nullable Object> line) {
        try {
            var bytes = ByteBuffer.wrap((Tree.write(line) + "\n").getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("a journal cannot be written: nothing can be known", e);
        }
    }

    /// All whole lines; none if there is no such file.
    public static List<Tree> read(Path path) throws IOException {
        var lines = new ArrayList<Tree>();
        if (!Files.exists(path)) {
            return lines;
        }
        var seen = new HashMap<String, String>();
        try (var file = Files.newBufferedReader(path)) {
            for (var line = file.readLine(); line != null; line = file.readLine()) {
                try {
                    lines.add(Tree.parse(line, seen));
                } catch (IllegalArgumentException halfALine) {
                    // still being written, or its writer died; it did not happen
                }
            }
        }
        lines.trimToSize();
        return lines;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
