@NullMarked
package dev.remit.hands;

import org.jspecify.annotations.NullMarked;
