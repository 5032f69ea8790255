package dev.remit.store.identity;

import dev.remit.core.identity.Role;
import org.jspecify.annotations.Nullable;

/// A role that a principal has.
///
/// @param team over which; absent: the organisation
public record HeldRole(Role role, @Nullable String team) {}
