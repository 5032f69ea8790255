package dev.remit.gateway.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes a request of Chat Completions: the model, the cap, whether usage is told; and takes out
/// what Remit put into earlier answers of other vendors for their sake. All else stays byte for
/// byte.
final class ChatSplice {
    private static final String USAGE = "\"include_usage\":true";

    private final byte[] body;
    private final Changes changes;
    private final Splice splice;
    private final boolean sealed;
    private boolean hasModel;
    private boolean streams;

    /// Caps that are there, and those of them that are null.
    private final List<Scan.Range> caps = new ArrayList<>();

    private Scan.@Nullable Range noOldCap;
    private Scan.@Nullable Range noNewCap;

    /// How usage would be asked for, as far as the body has a place for it.
    private @Nullable Runnable ask;

    private ChatSplice(byte[] body, Changes changes) {
        this.body = body;
        this.changes = changes;
        this.splice = new Splice(body);
        this.sealed = Seal.isIn(body);
    }

    static byte[] splice(byte[] body, Changes changes) throws BadRequest {
        var chat = new ChatSplice(body, changes);
        Scan.over(body, chat.sealed, chat::take);
        return chat.done();
    }

    private void take(String name, Scan value) throws BadRequest {
        switch (name) {
            case "model" -> {
                hasModel = true;
                splice.replace(value.range(), Splice.quoted(changes.model()));
            }
            case "stream" -> streams = value.flag(name);
            case "stream_options" -> options(value);
            case "max_tokens", "max_completion_tokens" -> cap(name, value);
            case "messages" -> {
                if (sealed) {
                    value.elements((_, message) -> message(message));
                }
            }
            default -> {}
        }
    }

    private void cap(String name, Scan value) {
        var absent = value.isNull();
        var range = value.range();
        if (!absent) {
            caps.add(range);
        } else if (name.equals("max_tokens")) {
            noOldCap = range;
        } else {
            noNewCap = range;
        }
    }

    private void options(Scan value) throws BadRequest {
        if (!value.isObject()) {
            var range = value.range();
            ask = () -> splice.replace(range, "{" + USAGE + "}");
            return;
        }
        var from = value.from();
        var flags = new ArrayList<Scan.Range>();
        var members = new int[1];
        value.members((name, option) -> {
            members[0]++;
            if (name.equals("include_usage")) {
                flags.add(option.range());
            }
        });
        var whole = new Scan.Range(from, value.to());
        if (!flags.isEmpty()) {
            ask = () -> splice.replace(flags.getFirst(), "true");
        } else if (members[0] == 0) {
            ask = () -> splice.replace(whole, "{" + USAGE + "}");
        } else {
            ask = () -> splice.insert(from, USAGE);
        }
    }

    private byte[] done() throws BadRequest {
        if (!hasModel) {
            throw new BadRequest("`model` is missing: name a route, or provider/model.");
        }
        var cap = changes.maxOutput();
        if (cap != null) {
            setCap(cap.toString());
        }
        if (changes.askUsage() && streams) {
            if (ask == null) {
                splice.insert("\"stream_options\":{" + USAGE + "}");
            } else {
                ask.run();
            }
        }
        return splice.done();
    }

    private void setCap(String cap) {
        if (!caps.isEmpty()) {
            caps.forEach(range -> splice.replace(range, cap));
            return;
        }
        var absent = changes.newCap() ? noNewCap : noOldCap;
        if (absent != null) {
            splice.replace(absent, cap);
        } else {
            var name = changes.newCap() ? "max_completion_tokens" : "max_tokens";
            splice.insert("\"" + name + "\":" + cap);
        }
    }

    // ---- what other vendors' signatures are sealed in

    private void message(Scan message) throws BadRequest {
        var cuts = new Cuts();
        var withWords = new Cuts(); // the plain words of sealed thoughts go, too
        var thoughts = new boolean[1];
        message.members((name, value) -> {
            var from = value.nameFrom();
            var begin = value.from();
            if (name.equals("tool_calls")) {
                value.elements((_, call) -> call(call));
            }
            var to = value.to();
            var out = name.equals("reasoning_details") && Seal.isIn(body, begin, to);
            thoughts[0] |= out;
            cuts.add(from, to, out);
            withWords.add(from, to, out || name.equals("reasoning_content"));
        });
        (thoughts[0] ? withWords : cuts).apply(splice);
    }

    private void call(Scan call) throws BadRequest {
        var cuts = new Cuts();
        call.members((name, value) -> {
            var from = value.nameFrom();
            var begin = value.from();
            var to = value.to();
            var out = name.equals("extra_content") && Seal.isIn(body, begin, to);
            cuts.add(from, to, out);
        });
        cuts.apply(splice);
    }
}
