/// Keeping the database in shape: partitions, and a look at what holds vacuum up.
@NullMarked
package dev.remit.store.upkeep;

import org.jspecify.annotations.NullMarked;
