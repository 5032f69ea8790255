package dev.remit.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The text files of an agent's or a workflow's folder. Hidden files, links and files that are not
/// text are left out.
final class Folder {
    private static final int MOST_FILES = 2_000;
    private static final long MOST_BYTES_A_FILE = 1 << 20;
    private static final long MOST_BYTES = 16 << 20;
    private static final Set<String> LEFT_OUT = Set.of("target", "node_modules", "__pycache__");

    private Folder() {}

    /// @param named as the user wrote it, for messages
    /// @throws Failure if it is no such folder, or too large
    static Map<String, String> read(Path folder, String named) {
        if (!Files.isDirectory(folder)) {
            throw Failure.usage(
                    Files.exists(folder)
                            ? named + " is a file, not a folder"
                            : "there is no folder " + named,
                    "An agent is a folder with agent.yaml, a workflow one with workflow.yaml; ./remit new makes one.");
        }
        if (!Files.exists(folder.resolve("agent.yaml"))
                && !Files.exists(folder.resolve("workflow.yaml"))) {
            throw Failure.usage(
                    named + " has neither agent.yaml nor workflow.yaml",
                    "Is it the right folder? ./remit new makes one.");
        }
        var files = new TreeMap<String, String>();
        try {
            Files.walkFileTree(folder, new Reader(folder, files));
        } catch (IOException e) {
            throw Failure.usage("cannot read " + named + ": " + e.getMessage());
        }
        return files;
    }

    private static final class Reader extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Map<String, String> files;
        private long bytes;

        Reader(Path root, Map<String, String> files) {
            this.root = root;
            this.files = files;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            var name = folder.getFileName() == null ? "" : folder.getFileName().toString();
            boolean out = !folder.equals(root) && (name.startsWith(".") || LEFT_OUT.contains(name));
            return out ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            if (!attributes.isRegularFile() || file.getFileName().toString().startsWith(".")) {
                return FileVisitResult.CONTINUE;
            }
            if (attributes.size() > MOST_BYTES_A_FILE) {
                throw Failure.usage(
                        file + " is larger than " + (MOST_BYTES_A_FILE >> 20) + " MB",
                        "Keep large data outside of the folder.");
            }
            var text = text(Files.readAllBytes(file));
            if (text != null) {
                bytes += attributes.size();
                files.put(root.relativize(file).toString().replace('\\', '/'), text);
            }
            if (bytes > MOST_BYTES || files.size() > MOST_FILES) {
                throw Failure.usage(
                        "the folder "
                                + root
                                + " holds more than "
                                + MOST_FILES
                                + " files or "
                                + (MOST_BYTES >> 20)
                                + " MB",
                        "Keep large data outside of it.");
            }
            return FileVisitResult.CONTINUE;
        }

        private static @Nullable String text(byte[] bytes) {
            try {
                var text =
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(bytes))
                                .toString();
                return text.indexOf('\0') >= 0 ? null : text;
            } catch (CharacterCodingException notText) {
                return null;
            }
        }
    }
}
