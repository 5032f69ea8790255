/// A session as an append-only log: events, the state folded from them, and the port to the log.
@NullMarked
package dev.remit.core.session;

import org.jspecify.annotations.NullMarked;
