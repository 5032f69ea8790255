package dev.remit.server.api;

import dev.remit.store.archive.Archive;
import dev.remit.store.upkeep.Vitals;
import java.util.function.Supplier;

/// What the API shows and does of the database's upkeep.
///
/// @param vitals as of the last look
public record StoreParts(Archive archive, Supplier<Vitals.Report> vitals) {}
