package dev.remit.core.session;

import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a model is shown: a chain that points at the prompt before it and adds what is new. So
/// adding a turn costs only that turn, in time and in bytes stored.
public final class Prompt {
    private final @Nullable Prompt parent;
    private final List<Content> added;
    private final Hash hash;
    private final int size;
    private final long bytes;

    private Prompt(@Nullable Prompt parent, List<Content> added) {
        this.parent = parent;
        this.added = List.copyOf(added);
        var parts = new ArrayList<Hash>();
        if (parent != null) {
            parts.add(parent.hash);
        }
        added.forEach(message -> parts.add(message.hash()));
        this.hash = Hash.of(parts);
        this.size = (parent == null ? 0 : parent.size) + added.size();
        this.bytes =
                (parent == null ? 0 : parent.bytes) + added.stream().mapToLong(Content::size).sum();
    }

    /// Begins a new chain.
    public static Prompt start(List<Content> messages) {
        return new Prompt(null, messages);
    }

    public Prompt add(List<Content> messages) {
        return new Prompt(this, messages);
    }

    public @Nullable Prompt parent() {
        return parent;
    }

    public List<Content> added() {
        return added;
    }

    public Hash hash() {
        return hash;
    }

    /// How many messages it has.
    public int size() {
        return size;
    }

    /// Bytes of all its messages as canonical JSON.
    public long bytes() {
        return bytes;
    }

    /// The links of the chain, oldest first.
    public List<Prompt> links() {
        var links = new ArrayDeque<Prompt>();
        for (var link = this; link != null; link = link.parent) {
            links.addFirst(link);
        }
        return List.copyOf(links);
    }

    /// Every message as it was stored, oldest first.
    public List<Content> contents() {
        var all = new ArrayList<Content>(size);
        links().forEach(link -> all.addAll(link.added));
        return all;
    }

    public List<Message> messages() {
        return contents().stream()
                .map(c -> Json.mapper().treeToValue(c.value(), Message.class))
                .toList();
    }
}
