/// Keeping secrets out of everything that is written or sent.
@NullMarked
package dev.remit.core.secret;

import org.jspecify.annotations.NullMarked;
