/// What carries sessions forward: claims them, asks their brain, does what it says, writes it down.
///
/// Uses ports alone, so that the whole of it runs in a simulated world under test.
@NullMarked
package dev.remit.runtime;

import org.jspecify.annotations.NullMarked;
