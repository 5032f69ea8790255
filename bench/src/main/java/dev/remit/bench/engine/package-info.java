/// The durable engine beside its peers: sessions, recovery, many children, long lives.
@NullMarked
package dev.remit.bench.engine;

import org.jspecify.annotations.NullMarked;
