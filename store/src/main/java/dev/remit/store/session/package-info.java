/// The log of sessions in PostgreSQL: one writer a session, group commit, leases, mail, snapshots.
@NullMarked
package dev.remit.store.session;

import org.jspecify.annotations.NullMarked;
