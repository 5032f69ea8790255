/// Files that people write: YAML and JSON in which every value knows its place, so that a fault can
/// name its line and say what would be right.
@NullMarked
package dev.remit.core.text;

import org.jspecify.annotations.NullMarked;
