/// Where models are called, and how each vendor wants to be called: addresses, keys, signatures,
/// prices and bounds.
@NullMarked
package dev.remit.gateway.provider;

import org.jspecify.annotations.NullMarked;
