/// What is said to a model and what comes back.
@NullMarked
package dev.remit.core.model;

import org.jspecify.annotations.NullMarked;
