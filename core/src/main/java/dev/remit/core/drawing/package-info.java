/// Workflows as pictures: text for a terminal, and SVG. Pure: a definition in, a text out.
@NullMarked
package dev.remit.core.drawing;

import org.jspecify.annotations.NullMarked;
