/// The functions that are built into Remit: knowledge, journal, clock.
@NullMarked
package dev.remit.hands.function;

import org.jspecify.annotations.NullMarked;
