/// JSON values, their canonical bytes and their hashes; schemas.
@NullMarked
package dev.remit.core.json;

import org.jspecify.annotations.NullMarked;
