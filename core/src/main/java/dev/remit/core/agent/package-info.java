/// Agent and workflow definitions, and the reading of their files.
@NullMarked
package dev.remit.core.agent;

import org.jspecify.annotations.NullMarked;
