/// Tools, their invocation and how they end.
@NullMarked
package dev.remit.core.tool;

import org.jspecify.annotations.NullMarked;
