/// Schedules and event triggers, and what became of each of their fires.
@NullMarked
package dev.remit.store.start;

import org.jspecify.annotations.NullMarked;
