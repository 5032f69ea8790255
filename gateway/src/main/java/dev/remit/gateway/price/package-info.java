/// What models cost, from published facts, exactly.
@NullMarked
package dev.remit.gateway.price;

import org.jspecify.annotations.NullMarked;
