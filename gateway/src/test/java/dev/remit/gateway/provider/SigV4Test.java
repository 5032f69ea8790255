package dev.remit.gateway.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// AWS's published signing test suite, by the names its cases have there.
class SigV4Test {
    private static final Instant THEN = Instant.parse("2015-08-30T12:36:00Z");
    private static final AwsCredentials WHO =
            new AwsCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
    private static final String UNRESERVED =
            "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static String sign(
            AwsCredentials who, String method, String target, String header, String body) {
        var headers = new TreeMap<String, String>();
        headers.put("host", "example.amazonaws.com");
        if (!header.isEmpty()) {
            for (var one : header.split("\\|")) {
                headers.put(one.split(":")[0], one.split(":")[1]);
            }
        }
        var question = target.indexOf('?');
        var path = question < 0 ? target : target.substring(0, question);
        var query = question < 0 ? "" : target.substring(question + 1);
        var signed =
                new SigV4("us-east-1", "service")
                        .sign(
                                who,
                                new SigV4.Unsigned(
                                        method, path, query, headers, body.getBytes(UTF_8)),
                                THEN);
        assertThat(signed).containsEntry("x-amz-date", "20150830T123600Z");
        var authorization = signed.get("authorization");
        assertThat(authorization)
                .startsWith(
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                                + " SignedHeaders=");
        return authorization.substring(authorization.lastIndexOf('=') + 1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '`',
            textBlock =
                    """
                    get-vanilla, GET, /, ``, ``, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
                    post-vanilla, POST, /, ``, ``, 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b
                    get-header-value-trim, GET, /, `my-header1: value1|my-header2: "a   b   c"`, ``, acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736
                    get-relative-normalized, GET, /example/.., ``, ``, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
                    get-relative-relative-normalized, GET, /example1/example2/../.., ``, ``, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
                    get-slash-dot-slash-normalized, GET, /./, ``, ``, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
                    get-slash-normalized, GET, //, ``, ``, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
                    get-slash-pointless-dot-normalized, GET, /./example, ``, ``, ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5
                    get-slashes-normalized, GET, //example//, ``, ``, 9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84
                    get-space-normalized, GET, /example space/, ``, ``, 652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741
                    get-utf8, GET, /ሴ, ``, ``, 8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85
                    get-vanilla-empty-query-key, GET, /?Param1=value1, ``, ``, a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb
                    get-vanilla-query-order-encoded, GET, /?Param-3=Value3&Param=Value2&%E1%88%B4=Value1, ``, ``, 371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac
                    get-vanilla-query-order-key-case, GET, /?Param2=value2&Param1=value1, ``, ``, b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500
                    get-vanilla-utf8-query, GET, /?ሴ=bar, ``, ``, 2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04
                    post-header-key-sort, POST, /, my-header1:value1, ``, c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c
                    post-header-value-case, POST, /, my-header1:VALUE1, ``, cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d
                    post-vanilla-query, POST, /?Param1=value1, ``, ``, 28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11
                    """)
    void signs_as_aws_does(
            String name,
            String method,
            String target,
            String header,
            String body,
            String expected) {
        assertThat(sign(WHO, method, target, header, body)).isEqualTo(expected);
    }

    @Test
    void get_unreserved_in_path_and_query() {
        assertThat(sign(WHO, "GET", "/" + UNRESERVED, "", ""))
                .isEqualTo("07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f");
        assertThat(sign(WHO, "GET", "/?" + UNRESERVED + "=" + UNRESERVED, "", ""))
                .isEqualTo("9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197");
    }

    @Test
    void post_x_www_form_urlencoded_signs_the_body() {
        assertThat(
                        sign(
                                WHO,
                                "POST",
                                "/",
                                "content-type:application/x-www-form-urlencoded|content-length:13"
                                        + "|x-amz-content-sha256:9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
                                "Param1=value1"))
                .isEqualTo("d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b");
    }

    @Test
    void get_vanilla_with_session_token() {
        var who =
                new AwsCredentials(
                        WHO.accessKey(),
                        WHO.secretKey(),
                        "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267");
        assertThat(sign(who, "GET", "/", "", ""))
                .isEqualTo("07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8");
    }

    @Test
    void a_model_in_the_path_is_encoded_twice() {
        assertThat(SigV4.encode("anthropic.claude-v1:0")).isEqualTo("anthropic.claude-v1%3A0");
        assertThat(SigV4.path("/model/anthropic.claude-v1%3A0/converse"))
                .isEqualTo("/model/anthropic.claude-v1%253A0/converse");
    }
}
