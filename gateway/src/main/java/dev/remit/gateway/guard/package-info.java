/// Checks on what goes to models and what comes back, whole or as a stream: secrets, words that are
/// denied, sizes.
@NullMarked
package dev.remit.gateway.guard;

import org.jspecify.annotations.NullMarked;
