package dev.remit.core.agent;

/// Where something stands in a file; both from 1.
record Place(int line, int column) {
    static final Place START = new Place(1, 1);
}
