package dev.remit.server.settings;

import dev.remit.core.settings.SettingsReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the file may be.
///
/// @param given the only one, if it is named
/// @param folders else the first of these that has one
record Place(@Nullable Path given, List<Path> folders) {
    /// @return nothing if there is none
    @Nullable Path find() {
        if (given != null) {
            return Files.isRegularFile(given) ? given : null;
        }
        for (var folder : folders) {
            var file = folder.resolve(SettingsReader.FILE);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }
}
