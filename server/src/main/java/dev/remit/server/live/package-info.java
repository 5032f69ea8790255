/// What readers of sessions are shown while it happens: events as they become durable, and the
/// words of models while they are said, at this node or at another.
@NullMarked
package dev.remit.server.live;

import org.jspecify.annotations.NullMarked;
