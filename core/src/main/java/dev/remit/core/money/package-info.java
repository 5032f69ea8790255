/// Amounts, usage and prices.
@NullMarked
package dev.remit.core.money;

import org.jspecify.annotations.NullMarked;
