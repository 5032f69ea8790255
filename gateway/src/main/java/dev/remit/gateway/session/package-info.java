/// Remit's own sessions as callers of the gateway.
@NullMarked
package dev.remit.gateway.session;

import org.jspecify.annotations.NullMarked;
