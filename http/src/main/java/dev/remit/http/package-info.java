@NullMarked
package dev.remit.http;

import org.jspecify.annotations.NullMarked;
