package dev.remit.core.text;

/// Where something stands in a file; both from 1.
public record Place(int line, int column) {
    public static final Place START = new Place(1, 1);
}
