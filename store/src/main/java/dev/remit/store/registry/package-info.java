/// The registry: every version of every agent and workflow that was applied.
@NullMarked
package dev.remit.store.registry;

import org.jspecify.annotations.NullMarked;
