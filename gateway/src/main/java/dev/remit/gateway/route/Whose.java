package dev.remit.gateway.route;

/// Who waits: turns go round between teams, and within a team between its keys.
///
/// @param team empty: the organisation
public record Whose(String team, String key) {}
