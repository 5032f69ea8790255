/// The domain of Remit as values and pure functions, and the few ports that connect it to the
/// world.
@NullMarked
package dev.remit.core;

import org.jspecify.annotations.NullMarked;
