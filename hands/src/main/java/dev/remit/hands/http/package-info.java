/// Tools that are one HTTP call.
@NullMarked
package dev.remit.hands.http;

import org.jspecify.annotations.NullMarked;
