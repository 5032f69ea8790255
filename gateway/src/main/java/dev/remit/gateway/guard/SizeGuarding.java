package dev.remit.gateway.guard;

import java.util.List;

/// Finds what is larger than allowed: a body, or the text of a stream.
final class SizeGuarding implements Guarding {
    private final long bytes;

    SizeGuarding(long bytes) {
        this.bytes = bytes;
    }

    @Override
    public boolean isClean(String raw, boolean escaped) {
        return true;
    }

    @Override
    public List<Found> find(String field, String text) {
        return List.of();
    }

    @Override
    public int open(String text, int from) {
        return text.length();
    }

    @Override
    public boolean isTooMuch(long size) {
        return size > bytes;
    }
}
