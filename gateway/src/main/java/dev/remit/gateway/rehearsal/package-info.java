/// The offline stand-in for a model. It rehearses; it does not pretend to think.
@NullMarked
package dev.remit.gateway.rehearsal;

import org.jspecify.annotations.NullMarked;
