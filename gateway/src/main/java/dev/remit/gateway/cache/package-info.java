/// Answers that are given again to the very same request, where the operator wants that.
@NullMarked
package dev.remit.gateway.cache;

import org.jspecify.annotations.NullMarked;
