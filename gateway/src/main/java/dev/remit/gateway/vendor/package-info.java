/// Vendors of models: their wire formats, both ways, and how their failures are read.
@NullMarked
package dev.remit.gateway.vendor;

import org.jspecify.annotations.NullMarked;
