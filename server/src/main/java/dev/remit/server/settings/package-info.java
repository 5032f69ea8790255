/// The file that an operator writes: found, watched, and taken over when it is right.
@NullMarked
package dev.remit.server.settings;

import org.jspecify.annotations.NullMarked;
