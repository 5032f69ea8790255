package dev.remit.gateway.relay;

import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Target;
import dev.remit.gateway.route.Plan;
import dev.remit.gateway.wire.GatewayError;
import java.util.Map;

/// Which targets a call may go to, in which order, and leave to go there.
interface Targets {
    Plan plan(Route route, Call call);

    /// Waits for its turn, where targets, providers and keys have limits.
    ///
    /// @param last whether there is no other target, so that it is worth to wait
    /// @throws InterruptedException if the call was cancelled while it waited
    Turn begin(Route route, Target target, Call call, boolean last) throws InterruptedException;

    /// Its turn, or why it has none.
    sealed interface Turn {
        record Yours(Trial trial) implements Turn {}

        record Full(GatewayError error) implements Turn {}
    }

    /// Admits a call by the limits of its key, before any target is looked at.
    Admission admit(Call call) throws InterruptedException;

    /// Let in, or not.
    sealed interface Admission {
        /// @param headers what is left of the key's limits, as vendors tell it
        record Admitted(Map<String, String> headers) implements Admission {
            public Admitted {
                headers = Map.copyOf(headers);
            }
        }

        record Refused(GatewayError error) implements Admission {}
    }
}
