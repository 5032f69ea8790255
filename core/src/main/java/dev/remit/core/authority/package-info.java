/// Who acts, and whether they may.
@NullMarked
package dev.remit.core.authority;

import org.jspecify.annotations.NullMarked;
