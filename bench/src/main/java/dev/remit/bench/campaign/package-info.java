/// The fault campaign: real servers and a real PostgreSQL under everything that can happen to them,
/// judged by witnesses that share no code with Remit.
@NullMarked
package dev.remit.bench.campaign;

import org.jspecify.annotations.NullMarked;
