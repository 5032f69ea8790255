/// What the user sees: the live board, plain lines, results laid out for people. Computed by pure
/// functions; only the terminal itself writes.
@NullMarked
package dev.remit.cli.view;

import org.jspecify.annotations.NullMarked;
