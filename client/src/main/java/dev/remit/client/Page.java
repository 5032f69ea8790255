package dev.remit.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of a list.
///
/// @param next cursor of the following page; absent: this is the last
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        items = List.copyOf(items);
    }
}
