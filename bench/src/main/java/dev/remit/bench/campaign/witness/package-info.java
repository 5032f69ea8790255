/// Those who saw it: a model provider and an effect server with books of their own, and what they
/// are made of. Plain JDK: nothing here knows Remit's code, or could share a fault with it.
@NullMarked
package dev.remit.bench.campaign.witness;

import org.jspecify.annotations.NullMarked;
