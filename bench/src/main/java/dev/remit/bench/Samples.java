package dev.remit.bench;

import dev.remit.core.agent.DefinitionRef;
import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.Principal;
import dev.remit.core.json.Content;
import dev.remit.core.json.Hash;
import dev.remit.core.json.Json;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.session.Event;
import dev.remit.core.tool.Ended;
import dev.remit.core.tool.Tier;
import java.time.Duration;
import java.util.List;

/// Events of the size that is measured with: about 1 KB each, no two alike.
final class Samples {
    /// Bytes of an event, with the contents it names.
    static final int EVENT_BYTES = 1024;

    private Samples() {}

    static Event.Opened opened() {
        return new Event.Opened(
                new DefinitionRef("bench", Hash.of("bench")),
                Content.derived(Json.text("bench")),
                List.of(new Principal(Principal.Kind.PERSON, "bench")),
                null,
                ModelChoice.rehearsal(1),
                null,
                null,
                null);
    }

    static Event started(long n) {
        return new Event.ActionStarted(
                new ActionId("a" + n % 4),
                1,
                "bench.tool",
                Tier.READ,
                filler("arguments", n, EVENT_BYTES - 182),
                null,
                "bench:" + n,
                true,
                Duration.ofSeconds(10),
                "may");
    }

    static Event ended(long n) {
        return new Event.ActionEnded(
                new ActionId("a" + n % 4),
                1,
                new Ended.Done(filler("result", n, EVENT_BYTES - 92)),
                null);
    }

    private static Content filler(String what, long n, int size) {
        var text = (what + " " + n + " of the step ").repeat(size / 20 + 1).substring(0, size);
        return Content.derived(Json.text(text));
    }
}
