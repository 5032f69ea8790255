/// What every benchmark needs: processes that take part, load, and figures.
@NullMarked
package dev.remit.bench.harness;

import org.jspecify.annotations.NullMarked;
