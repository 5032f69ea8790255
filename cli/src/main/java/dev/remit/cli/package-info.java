/// The `remit` command. Talks to a server through its API only, and starts a local one if none
/// runs.
@NullMarked
package dev.remit.cli;

import org.jspecify.annotations.NullMarked;
