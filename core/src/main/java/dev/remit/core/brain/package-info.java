/// The pure functions that decide a session's next step.
@NullMarked
package dev.remit.core.brain;

import org.jspecify.annotations.NullMarked;
