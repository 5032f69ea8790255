package dev.remit.gateway.fake;

import dev.remit.core.json.Json;
import dev.remit.core.model.Message.Part;
import dev.remit.core.money.Usage;
import dev.remit.gateway.rehearsal.Sample;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A drill that is under way. What is left to chance depends on the seed and on the number of the
/// call alone.
final class DrillRun {
    private final Drill drill;
    private final RateLimit limit;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLongArray met;
    private final List<Pattern> models = new ArrayList<>();

    DrillRun(Drill drill, InstantSource time) {
        this.drill = drill;
        this.limit = new RateLimit(drill.requestsPerMinute(), time);
        this.met = new AtomicLongArray(drill.troubles().size());
        for (var trouble : drill.troubles()) {
            var model = trouble.model() == null ? "*" : trouble.model();
            models.add(Pattern.compile("\\Q" + model.replace("*", "\\E.*\\Q") + "\\E"));
        }
    }

    Drill drill() {
        return drill;
    }

    /// Takes one request out of a key's allowance.
    ///
    /// @return absent if there is no limit
    @Nullable Allowance take(String key) {
        return drill.requestsPerMinute() == 0 ? null : limit.take(key);
    }

    FakeReply reply(Wire wire, FakeRequest request) {
        var asked = wire.asked(request);
        long number = calls.incrementAndGet();
        var random = new SplittableRandom(drill.seed() * 0x9E3779B97F4A7C15L + number);
        var latency = drill.latency().draw(random);
        var first = drill.firstToken().draw(random);
        var pace = drill.tokensPerSecond();
        var gap = pace == 0 ? Duration.ZERO : Duration.ofSeconds(1).dividedBy(pace);
        var harm = harm(wire, request, random);
        boolean wrong = harm instanceof Drill.Harm.WrongSchema;
        var reply = words(asked, request, number, wrong).slow(latency, gap);
        return switch (harm) {
            case Drill.Harm.Fault(var fault) -> reply.beginningAfter(first).with(fault);
            case Drill.Harm.SlowStart(var delay) -> reply.beginningAfter(first.plus(delay));
            case Drill.Harm.WrongSchema w -> reply.beginningAfter(first);
            case null -> reply.beginningAfter(first);
        };
    }

    /// The first trouble that befalls the call. All count it, whichever it is.
    private Drill.@Nullable Harm harm(Wire wire, FakeRequest request, SplittableRandom random) {
        Drill.Harm harm = null;
        for (int i = 0; i < met.length(); i++) {
            var trouble = drill.troubles().get(i);
            double chance = random.nextDouble();
            var provider = trouble.provider();
            if ((provider != null && !provider.equals(wire.vendor()))
                    || !models.get(i).matcher(request.model()).matches()) {
                continue;
            }
            long nth = met.incrementAndGet(i);
            boolean befalls =
                    trouble.calls().contains((int) nth)
                            || (trouble.every() > 0 && nth % trouble.every() == 0)
                            || chance < trouble.probability();
            if (befalls && harm == null) {
                harm = trouble.harm();
            }
        }
        return harm;
    }

    private FakeReply words(Asked asked, FakeRequest request, long number, boolean wrong) {
        var parts = new ArrayList<Part>();
        var words = drill.words();
        var thought = words.reasoning();
        if (thought != null) {
            parts.add(new Part.Reasoning(thought, sealed(thought)));
        }
        var calls = calls(asked, number, wrong);
        var schema = asked.schema();
        if (!calls.isEmpty()) {
            parts.addAll(calls);
            return FakeReply.of(parts.toArray(Part[]::new));
        }
        if (schema != null) {
            parts.add(new Part.Text(Json.write(wrong ? misfit() : Sample.of(schema))));
        } else {
            parts.add(new Part.Text(text(words, asked, request)));
        }
        return FakeReply.of(parts.toArray(Part[]::new));
    }

    /// A signature that is Base64, as every vendor's is.
    private static String sealed(String thought) {
        return Base64.getEncoder()
                .encodeToString(("sealed " + thought).getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode misfit() {
        return Json.object().put("this_is_not", "what the schema asks for");
    }

    private List<Part.ToolUse> calls(Asked asked, long number, boolean wrong) {
        var choice = asked.call();
        var mode = drill.words().calls();
        boolean wanted = choice.must() || (mode != Drill.Calls.FORCED && !asked.afterResults());
        if (!wanted || !choice.may()) {
            return List.of();
        }
        var uses = new ArrayList<Part.ToolUse>();
        for (var tool : asked.tools()) {
            if (choice.name() == null || tool.name().equals(choice.name())) {
                var id = "call_" + number + "_" + uses.size();
                var arguments = wrong ? misfit() : Sample.of(tool.schema());
                uses.add(new Part.ToolUse(id, tool.name(), objects(arguments)));
                if (mode != Drill.Calls.ALL) {
                    break;
                }
            }
        }
        return uses;
    }

    private static JsonNode objects(JsonNode arguments) {
        return arguments.isObject() ? arguments : Json.object();
    }

    private static String text(Drill.Words words, Asked asked, FakeRequest request) {
        var text =
                switch (words.echo()) {
                    case NOTHING -> words.text();
                    case LAST -> asked.text();
                    case REQUEST -> Json.write(request.body());
                };
        if (words.tokens() == 0) {
            return text;
        }
        // a token is four bytes here
        var word = text.isEmpty() ? "word" : text;
        return (word + " ")
                .repeat(words.tokens() * 4 / (word.length() + 1) + 1)
                .substring(0, words.tokens() * 4);
    }

    /// What is billed for a call, given what a fair vendor would bill.
    Usage bill(Asked asked, Usage fair) {
        var bill = drill.bill();
        var each = asked.cap();
        var cap = each == null ? null : Long.valueOf(each * asked.choices());
        long cached = (long) (fair.input() * bill.cached());
        long output = fair.output() + bill.reasoning();
        if (cap != null && output > cap) {
            output = cap;
        }
        if (bill.beyondCap() > 0) {
            output = (cap == null ? output : cap) + bill.beyondCap();
        }
        return new Usage(
                fair.input() - cached,
                fair.cacheRead() + cached,
                fair.cacheWrite(),
                output,
                Math.min(output, fair.reasoning() + bill.reasoning()));
    }
}
