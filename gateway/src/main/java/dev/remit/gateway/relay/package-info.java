/// Carries a model call from a client to whoever answers it: guarded, priced, reserved, tried at
/// one target after the other, streamed, settled and written down.
@NullMarked
package dev.remit.gateway.relay;

import org.jspecify.annotations.NullMarked;
