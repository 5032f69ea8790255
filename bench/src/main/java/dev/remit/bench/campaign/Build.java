package dev.remit.bench.campaign;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A server as it was built once.
///
/// @param name what its nodes say that they run
/// @param classPath all of it
record Build(String name, String classPath) {
    private static final String BUILDS = ".remit-build";
    private static final String COMPLETE = "complete";
    private static final String PARTS = "server.jars";

    /// The one that this process is of.
    static Build present() {
        return new Build("campaign", System.getProperty("java.class.path"));
    }

    /// Another one.
    ///
    /// @param folder a checkout in which `./remit` built once, one of the builds that the launcher
    ///   keeps, or a folder of jars
    /// @return absent if it is none of them
    static Optional<Build> in(Path folder) throws IOException {
        var builds = folder.resolve(BUILDS);
        if (Files.isDirectory(builds)) {
            try (var all = Files.list(builds)) {
                var newest =
                        all.filter(build -> Files.exists(build.resolve(COMPLETE)))
                                .max(Comparator.comparing(Build::made));
                return newest.isPresent() ? in(newest.get()) : Optional.empty();
            }
        }
        var list = folder.resolve(PARTS);
        var jars =
                Files.exists(list)
                        ? Files.readAllLines(list).stream()
                                .map(jar -> folder.resolve("lib").resolve(jar))
                                .toList()
                        : jars(folder);
        return jars.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Build(
                                String.valueOf(folder.getFileName()),
                                jars.stream()
                                        .map(Path::toString)
                                        .collect(Collectors.joining(File.pathSeparator))));
    }

    private static FileTime made(Path build) {
        try {
            return Files.getLastModifiedTime(build.resolve(COMPLETE));
        } catch (IOException e) {
            return FileTime.fromMillis(0); // the launcher has just cleaned it away
        }
    }

    private static List<Path> jars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }
}
