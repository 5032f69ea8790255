/// What starts sessions by itself: times and events, as people write them down.
@NullMarked
package dev.remit.core.start;

import org.jspecify.annotations.NullMarked;
