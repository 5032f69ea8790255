/// A small HTTP server: routes, one exchange, problem details, server-sent events.
@NullMarked
package dev.remit.http.server;

import org.jspecify.annotations.NullMarked;
