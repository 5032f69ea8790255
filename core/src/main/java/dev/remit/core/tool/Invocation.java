package dev.remit.core.tool;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Content;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// One authorised use of a tool.
///
/// @param attempt from 1
/// @param deadline when the invoker gives up
/// @param idempotencyKey the same for every attempt at this action; passed on to whoever does it
/// @param mayBegin whether it may still begin: no longer once the deadline has passed or the node
///   may have lost the session, for then somebody else may decide what became of it. A hand that
///   had to wait asks again, last of all before it touches anything
/// @param files the agent's own files by path, for tools that read its knowledge
public record Invocation(
        SessionId session,
        ActionId action,
        int attempt,
        Tool tool,
        Content arguments,
        String idempotencyKey,
        Instant deadline,
        BooleanSupplier mayBegin,
        Map<String, String> files) {}
