/// The state folder: who may use it, its key, where the server listens, its log.
@NullMarked
package dev.remit.server.home;

import org.jspecify.annotations.NullMarked;
