@NullMarked
package dev.remit.store;

import org.jspecify.annotations.NullMarked;
