/// Closed sessions in compressed files, readable again.
@NullMarked
package dev.remit.store.archive;

import org.jspecify.annotations.NullMarked;
