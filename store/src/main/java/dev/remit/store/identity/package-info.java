/// Who may do what: teams, principals, roles and keys, and what each node knows of keys.
@NullMarked
package dev.remit.store.identity;

import org.jspecify.annotations.NullMarked;
