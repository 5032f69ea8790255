/// The gateway measured: against nobody in between, a plain proxy, and its peers.
@NullMarked
package dev.remit.bench.gateway;

import org.jspecify.annotations.NullMarked;
