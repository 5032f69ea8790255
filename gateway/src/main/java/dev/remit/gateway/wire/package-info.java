/// The vendors' languages: requests, answers, streams and errors, read into one canonical form and
/// written from it. Knows no network and no money.
@NullMarked
package dev.remit.gateway.wire;

import org.jspecify.annotations.NullMarked;
