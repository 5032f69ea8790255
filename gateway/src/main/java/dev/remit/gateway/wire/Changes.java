package dev.remit.gateway.wire;

import org.jspecify.annotations.Nullable;

/// What is changed of a request that is otherwise passed on as it came.
///
/// @param model as the provider names it; ignored by dialects that have it in the path
/// @param maxOutput the cap to set; absent: left as it is
/// @param newCap whether OpenAI's cap is called `max_completion_tokens` there, if the client named
///   none, rather than `max_tokens`
/// @param askUsage whether a stream must tell its usage
public record Changes(
        String model, @Nullable Integer maxOutput, boolean newCap, boolean askUsage) {}
