/// The gateway as programs see it: the vendors' own paths, words and errors.
@NullMarked
package dev.remit.server.gateway;

import org.jspecify.annotations.NullMarked;
