/// What can be seen of the gateway from outside: figures for Prometheus, spans and metrics for
/// whatever speaks OpenTelemetry.
@NullMarked
package dev.remit.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
