/// The vendors' own clients, tried on Remit's gateway and on the fakes. Only tests; nothing of it
/// ships.
@NullMarked
package dev.remit.clients;

import org.jspecify.annotations.NullMarked;
