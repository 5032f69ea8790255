/// Conditions and mappings in CEL.
@NullMarked
package dev.remit.core.expression;

import org.jspecify.annotations.NullMarked;
