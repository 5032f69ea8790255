/// The database: the PostgreSQL that comes with Remit, or one that is given by its address.
@NullMarked
package dev.remit.store.database;

import org.jspecify.annotations.NullMarked;
