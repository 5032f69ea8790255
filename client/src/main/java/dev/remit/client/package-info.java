@NullMarked
package dev.remit.client;

import org.jspecify.annotations.NullMarked;
