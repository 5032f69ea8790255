/// Sessions that are started by times and events.
@NullMarked
package dev.remit.server.start;

import org.jspecify.annotations.NullMarked;
