/// Judges a campaign by journals and by what Remit's public API says. Imports nothing of Remit but
/// the witnesses' reader of JSON lines.
@NullMarked
package dev.remit.bench.campaign.check;

import org.jspecify.annotations.NullMarked;
