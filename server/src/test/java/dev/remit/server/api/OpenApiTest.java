package dev.remit.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The description of the API says what the API does.
class OpenApiTest {
    @SuppressWarnings("DataFlowIssue")
    private static TreeSet<String> routes() {
        var served = new TreeSet<String>();
        for (var route : new Api(null).routes().list()) {
            served.add(route.method() + " " + route.template());
        }
        return served;
    }

    @Test
    void every_route_is_described_and_everything_described_is_a_route() throws Exception {
        var described = new TreeSet<String>();
        for (var path : OpenApi.document().path("paths").properties()) {
            for (var method : path.getValue().propertyNames()) {
                described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
            }
        }
        assertThat(described).isEqualTo(routes());
    }

    @Test
    void every_parameter_of_a_path_is_described() throws Exception {
        var braces = Pattern.compile("\\{([A-Za-z]+)}");
        for (var path : OpenApi.document().path("paths").properties()) {
            var expected = new TreeSet<String>();
            braces.matcher(path.getKey()).results().forEach(r -> expected.add(r.group(1)));
            for (var operation : path.getValue()) {
                var found = new TreeSet<String>();
                for (var parameter : operation.path("parameters")) {
                    if (parameter.path("in").asString("").equals("path")) {
                        found.add(parameter.path("name").asString(""));
                    }
                }
                assertThat(found).as(path.getKey()).isEqualTo(expected);
            }
        }
    }

    @Test
    void every_reference_leads_somewhere() throws Exception {
        var document = OpenApi.document();
        var broken = new ArrayList<String>();
        collect(document, document, broken);
        assertThat(broken).isEmpty();
    }

    private static void collect(JsonNode document, JsonNode node, ArrayList<String> broken) {
        var reference = node.path("$ref").asString("");
        if (!reference.isEmpty() && document.at(reference.substring(1)).isMissingNode()) {
            broken.add(reference);
        }
        node.forEach(child -> collect(document, child, broken));
    }
}
