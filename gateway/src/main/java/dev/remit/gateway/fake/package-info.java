/// Vendors that are none: their wire formats over a real socket, for tests and trials offline.
@NullMarked
package dev.remit.gateway.fake;

import org.jspecify.annotations.NullMarked;
