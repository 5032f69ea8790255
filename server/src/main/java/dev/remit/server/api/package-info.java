/// The HTTP API under `/v1`: what comes in is checked, what goes out is a resource.
@NullMarked
package dev.remit.server.api;

import org.jspecify.annotations.NullMarked;
