package dev.remit.gateway.relay;

import dev.remit.gateway.guard.Blocked;
import dev.remit.gateway.guard.Finding;
import dev.remit.gateway.guard.Guards;
import dev.remit.gateway.telemetry.Telemetry;
import dev.remit.gateway.wire.BadRequest;
import dev.remit.gateway.wire.Codec;
import dev.remit.gateway.wire.Garbage;
import dev.remit.gateway.wire.GatewayError;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The guards of one call, on its way there and back.
record Guarded(Guards guards, Telemetry telemetry, Call call, String route) {
    private static final Logger LOG = LoggerFactory.getLogger(Guarded.class);

    /// Looks at the request, and puts a masked one into its place if something was found.
    void request() throws Blocked, BadRequest {
        var body = call.body();
        var masked = guards.request(body, route, found("request"));
        if (Arrays.equals(masked, body)) {
            return;
        }
        var own = call.codec() == null;
        call.replace(
                masked, own ? call.language().readRequest(masked, Codec.InPath.NOTHING) : null);
    }

    /// Looks at the answer.
    Result answer(Result result) {
        if (!guards.looksAtAnswers(route)) {
            return result;
        }
        return switch (result) {
            case Result.Whole whole -> whole(whole);
            case Result.Flowing(var flow, var headers) ->
                    new Result.Flowing(
                            new Watched(
                                    flow, guards.stream(route, found("answer")).orElse(null), null),
                            headers);
            case Result.Failed failed -> failed;
        };
    }

    private Result whole(Result.Whole whole) {
        var codec = call.language();
        var body =
                whole.raw() == null ? codec.writeAnswer(whole.answer(), call.facts()) : whole.raw();
        try {
            var masked = guards.answer(body, route, found("answer"));
            return Arrays.equals(masked, body)
                    ? whole
                    : new Result.Whole(codec.readAnswer(masked), masked, whole.headers());
        } catch (Blocked e) {
            return new Result.Failed(
                    GatewayError.of(GatewayError.Kind.BLOCKED, e.why()), null, whole.headers());
        } catch (Garbage e) {
            return new Result.Failed(
                    GatewayError.of(GatewayError.Kind.INTERNAL, e.why()), null, whole.headers());
        }
    }

    private Consumer<Finding> found(String where) {
        return finding -> {
            var mode = finding.mode().name().toLowerCase(Locale.ROOT);
            telemetry.figures().found(finding.guard(), mode);
            LOG.info(
                    "guard {} ({}) found {} in the {} of call {}, at {}",
                    finding.guard(),
                    mode,
                    finding.what(),
                    where,
                    call.id(),
                    finding.where());
        };
    }

    /// What a blocked client is told.
    static GatewayError error(Blocked blocked) {
        return new GatewayError(
                GatewayError.Kind.BLOCKED,
                blocked.why(),
                null,
                false,
                Map.of("guard", blocked.guard()));
    }
}
