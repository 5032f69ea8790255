/// Temporal as the dispatcher: a cluster carries wake-ups, timers, retry and placement. It is told
/// ids and times; the sessions themselves stay in the log.
@NullMarked
package dev.remit.engine.temporal;

import org.jspecify.annotations.NullMarked;
