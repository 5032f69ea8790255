/// Credentials: written, used, and never shown again.
@NullMarked
package dev.remit.hands.vault;

import org.jspecify.annotations.NullMarked;
