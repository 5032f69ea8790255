@NullMarked
package dev.remit.bench;

import org.jspecify.annotations.NullMarked;
