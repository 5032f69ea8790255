/// Requests to servers that are not ours: bounded, cancellable, with streams read as they come.
@NullMarked
package dev.remit.http.client;

import org.jspecify.annotations.NullMarked;
