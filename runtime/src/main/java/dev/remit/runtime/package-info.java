@NullMarked
package dev.remit.runtime;

import org.jspecify.annotations.NullMarked;
