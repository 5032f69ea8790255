package dev.remit.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.http.server.Reply;
import dev.remit.http.server.Routes;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Who may use which route is said in one table, and nothing is served without it.
class AccessTest {
    @Test
    @SuppressWarnings("DataFlowIssue")
    void the_table_names_every_route_but_the_open_ones_and_no_other() {
        var served = new TreeSet<String>();
        for (var route : new Api(null).routes().list()) {
            if (!Access.isOpen(route.template())) {
                served.add(route.method() + " " + route.template());
            }
        }
        assertThat(new TreeSet<>(Access.demands().keySet())).isEqualTo(served);
    }

    @Test
    void a_route_that_nobody_gave_a_permission_cannot_be_served() {
        var routes = new Routes().get("/v1/forgotten", exchange -> new Reply.Empty(204));
        assertThatThrownBy(() -> Access.guarded(routes))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("GET /v1/forgotten");
    }

    @Test
    void whatever_changes_something_demands_a_permission() {
        Access.demands()
                .forEach((route, demand) -> {
                    if (!route.startsWith("GET ")) {
                        assertThat(demand.anyOf()).as(route).isNotEmpty();
                    }
                });
    }
}
