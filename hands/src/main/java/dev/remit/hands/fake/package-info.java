/// Stand-ins for the world outside, for tests and drills.
@NullMarked
package dev.remit.hands.fake;

import org.jspecify.annotations.NullMarked;
