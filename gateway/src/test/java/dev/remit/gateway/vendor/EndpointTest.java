package dev.remit.gateway.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointTest {
    private static final URI VENDOR = URI.create("https://api.openai.com");

    private static Endpoint endpoint(String named) throws CallFailed {
        return Endpoint.of(VENDOR, named);
    }

    @Test
    void an_address_gets_its_version_if_it_has_none() throws Exception {
        var bases =
                Map.of(
                        "http://127.0.0.1:11434", "http://127.0.0.1:11434/v1",
                        "http://127.0.0.1:11434/", "http://127.0.0.1:11434/v1",
                        "http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1",
                        "http://127.0.0.1/v1/chat/completions", "http://127.0.0.1/v1",
                        "https://openrouter.ai/api", "https://openrouter.ai/api/v1",
                        "https://api.groq.com/openai/v1", "https://api.groq.com/openai/v1",
                        "https://example.org/api/v3/", "https://example.org/api/v3",
                        "https://g.example.org/v1beta/openai/",
                                "https://g.example.org/v1beta/openai");
        for (var base : bases.entrySet()) {
            assertThat(endpoint(base.getKey()).base()).hasToString(base.getValue());
        }
        assertThat(endpoint("").base()).hasToString("https://api.openai.com/v1");
    }

    @Test
    void the_vendors_own_address_is_the_vendor_however_it_is_written() throws Exception {
        assertThat(endpoint("https://api.openai.com/v1").vendor()).isTrue();
        assertThat(endpoint("https://example.org/v1").vendor()).isFalse();
    }

    @Test
    void only_private_addresses_are_the_users_own_hardware() throws Exception {
        for (var own :
                new String[] {
                    "127.0.0.1",
                    "localhost",
                    "[::1]",
                    "10.1.2.3",
                    "172.16.0.1",
                    "192.168.1.9",
                    "169.254.1.1",
                    "100.64.0.1",
                    "[fd00::1]",
                    "[fe80::1]"
                }) {
            assertThat(endpoint("http://" + own + "/v1").local()).as(own).isTrue();
        }
        for (var other :
                new String[] {
                    "93.184.216.34",
                    "172.32.0.1",
                    "100.128.0.1",
                    "11.0.0.1",
                    "[2606:4700::1]",
                    "no.such.host.invalid"
                }) {
            assertThat(endpoint("https://" + other + "/v1").local()).as(other).isFalse();
        }
    }
}
