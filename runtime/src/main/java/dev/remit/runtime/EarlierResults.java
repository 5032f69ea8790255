package dev.remit.runtime;

import dev.remit.core.identity.ActionId;
import dev.remit.core.json.Content;
import dev.remit.core.json.Json;
import dev.remit.core.session.SessionLog;
import dev.remit.core.tool.BuiltIn;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Invocation;
import dev.remit.core.tool.Tool;

/// The tool `session.result`: what came of an earlier action, where the prompt says it in short. It
/// reads the log, so it is done here and not by the hands.
record EarlierResults(SessionLog log) {
    private static final int USUAL = 4_000;
    private static final int MOST = 20_000;

    static boolean isMeant(Tool tool) {
        return tool.means() instanceof Tool.Means.Function function
                && function.name().equals(BuiltIn.SESSION_RESULT);
    }

    Ended read(Invocation invocation) {
        var arguments = invocation.arguments().value();
        var action = new ActionId(arguments.path("action").asString(""));
        var end = log.ended(invocation.session(), action);
        if (end.isEmpty()) {
            return new Ended.Failed(
                    true,
                    "no action of this session with the number " + action + " has ended",
                    null);
        }
        var text =
                switch (end.get()) {
                    case Ended.Done done -> plain(done.result());
                    case Ended.Failed failed -> "Failed: " + failed.why();
                    case Ended.Unknown unknown ->
                            "It is not known whether this happened: " + unknown.why();
                };
        int from = Math.min(arguments.path("from").asInt(0), text.length());
        int wanted = Math.min(arguments.path("characters").asInt(USUAL), MOST);
        int to = Math.min(from + wanted, text.length());
        var part =
                Json.object()
                        .put("action", action.value())
                        .put("characters", text.length())
                        .put("from", from)
                        .put("text", text.substring(from, to));
        return new Ended.Done(Content.derived(part));
    }

    private static String plain(Content content) {
        var value = content.value();
        return value.isString() ? value.asString() : Json.write(value);
    }
}
