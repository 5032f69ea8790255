/// Budgets that hold on every node, and the ledger of what was spent.
@NullMarked
package dev.remit.store.money;

import org.jspecify.annotations.NullMarked;
