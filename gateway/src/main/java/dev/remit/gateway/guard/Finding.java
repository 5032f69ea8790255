package dev.remit.gateway.guard;

import dev.remit.core.settings.Settings.Guard.Mode;

/// Something that a guard found. Holds nothing of what was found but what it was and where.
///
/// @param guard its name
/// @param what such as `api-key` or `word 2`: a kind, or the place of a rule in its list
/// @param where a JSON pointer into a body, or `piece 0` of a stream
public record Finding(String guard, Mode mode, String what, String where) {}
