/// What was applied, as definitions: the registry's files, read.
@NullMarked
package dev.remit.server.catalog;

import org.jspecify.annotations.NullMarked;
