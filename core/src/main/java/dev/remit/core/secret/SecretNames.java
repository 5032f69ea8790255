package dev.remit.core.secret;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tells from the name of a field, a variable, a flag or a header whether its value is a secret.
final class SecretNames {
    /// How much a name alone says: any value of a password is one, while `token` and `secret` are
    /// words that people also write about.
    enum Weight {
        PASSWORD,
        KEY,
        WORD,
        /// `PWD` is also the folder that a process works in.
        PASSWORD_OR_FOLDER,
        /// Only `user:password` in Base64 is one.
        PAIR
    }

    record Named(String kind, Weight weight) {}

    private static final Named PASSWORD = new Named("password", Weight.PASSWORD);

    private static final int LONGEST = 120;
    private static final Pattern WORDS =
            Pattern.compile("\\p{Lu}?\\p{Ll}+|\\p{Lu}+(?!\\p{Ll})|[0-9]+|[\\p{Lo}\\p{Lm}]+");

    private static final Set<String> PASSWORDS =
            words(
                    "password passwd passphrase passcode pw requirepass masterauth passwort"
                            + " kennwort contraseña contrasena senha wachtwoord hasło пароль");

    /// Written without a space before them.
    private static final List<String> JOINED_PASSWORDS = List.of("密码", "密碼", "口令", "パスワード", "비밀번호");

    private static final Set<String> PASS_OWNERS =
            words("db user smtp admin root ftp mysql pg redis proxy database ldap");
    private static final Set<String> TOKEN_OWNERS =
            words(
                    "access refresh id auth api bearer session security bot oauth csrf xsrf user app"
                            + " client secret bootstrap join deploy registration service private"
                            + " personal github gitlab slack npm vault push device reset webhook");
    private static final Set<String> OTHER_TOKENS =
            words(
                    "page next previous prev continuation continue sync stop pad eos bos unk mask"
                            + " unexpected start end resume max min num per last first cursor"
                            + " cancellation input output prompt completion special fencing lease");
    private static final Set<String> KEY_OWNERS =
            words(
                    "api access secret private account shared encryption signing master auth"
                            + " subscription storage consumer app application deploy license licence"
                            + " stripe openai anthropic datadog sendgrid twilio azure aws google github gitlab"
                            + " sentry pagerduty cloudflare algolia mailgun"
                            + " webhook ssh client integration ingest admin service hmac jwt aes");
    private static final Set<String> GLUED_KEYS =
            words(
                    "apikey accesskey secretkey privatekey accountkey sharedkey sharedaccesskey"
                            + " signingkey encryptionkey appkey authkey masterkey secretaccesskey"
                            + " subscriptionkey");
    private static final Set<String> SECRET_OWNERS =
            words("client shared app jwt webhook signing consumer oauth api my the session cookie");

    /// Words behind the name that change nothing: `password2`, `SECRET_KEY_BASE`, `token_prod`.
    private static final Set<String> TAILS =
            words(
                    "value prod production dev staging test live base old new current previous primary"
                            + " secondary backup b 64 base64 plain text plaintext cleartext raw env"
                            + " confirm confirmation encoded header v");

    /// What was found out before: programs send the same few names again and again.
    private static final Map<String, Optional<Named>> ASKED = new ConcurrentHashMap<>();

    private static final int MOST_ASKED = 2000;

    private SecretNames() {}

    /// @return what a value under this name is, or null if the name says nothing
    static @Nullable Named find(String name) {
        if (name.length() > LONGEST) {
            return null;
        }
        var known = ASKED.get(name);
        if (known == null) {
            known = Optional.ofNullable(judge(name));
            if (ASKED.size() >= MOST_ASKED) {
                ASKED.clear();
            }
            ASKED.put(name, known);
        }
        return known.orElse(null);
    }

    private static @Nullable Named judge(String name) {
        var words = WORDS.matcher(name).results().map(m -> Chars.lower(m.group())).toList();
        int end = words.size();
        while (end > 1 && isTail(words.get(end - 1))) {
            end--;
        }
        return end == 0 ? null : find(words.get(end - 1), end > 1 ? words.get(end - 2) : "");
    }

    private static @Nullable Named find(String last, String before) {
        if (isPassword(last, before)) {
            return PASSWORD;
        }
        if (last.equals("pwd")) {
            return new Named("password", Weight.PASSWORD_OR_FOLDER);
        }
        var together = before + last;
        return switch (last) {
            case "pass" -> new Named("password", Weight.WORD);
            case "secret" -> weigh("secret", SECRET_OWNERS.contains(before));
            case "credential", "credentials" -> new Named("secret", Weight.WORD);
            case "token" ->
                    OTHER_TOKENS.contains(before)
                            ? null
                            : weigh("token", TOKEN_OWNERS.contains(before));
            case "key" -> KEY_OWNERS.contains(before) ? key(together) : null;
            case "string", "connectionstring" ->
                    together.endsWith("connectionstring") ? weigh("connection-string", true) : null;
            case "auth" -> new Named("basic", Weight.PAIR);
            case "dockerconfigjson", "dockercfg" -> weigh("secret", true);
            case "authorization" -> weigh("authorization", true);
            case "cookie" -> weigh("cookie", true);
            case "jsessionid", "phpsessid", "sessid", "sid" ->
                    last.length() > 3 || before.equals("connect") ? weigh("session", true) : null;
            case "sig", "sharedaccesssignature" -> weigh("signature", true);
            case "signature" ->
                    before.equals("amz") || before.equals("goog") || before.equals("access")
                            ? weigh("signature", true)
                            : null;
            default -> glued(last);
        };
    }

    /// Names written as one word in one case, such as `clientsecret` or `ACCESSTOKEN`.
    private static @Nullable Named glued(String word) {
        if (word.endsWith("secret")) {
            return weigh("secret", true);
        }
        if (word.endsWith("token")
                && TOKEN_OWNERS.contains(word.substring(0, word.length() - "token".length()))) {
            return weigh("token", true);
        }
        return GLUED_KEYS.contains(word) ? key(word) : null;
    }

    private static boolean isPassword(String last, String before) {
        return PASSWORDS.contains(last)
                || last.endsWith("password")
                || last.endsWith("passwd")
                || (before.equals("de") && last.equals("passe"))
                || JOINED_PASSWORDS.stream().anyMatch(last::endsWith)
                || (before.equals("pass") && (last.equals("word") || last.equals("phrase")))
                || (last.equals("pass") && PASS_OWNERS.contains(before))
                || (last.endsWith("pass")
                        && PASS_OWNERS.contains(
                                last.substring(0, last.length() - "pass".length())));
    }

    private static Named key(String name) {
        return weigh(name.startsWith("private") ? "private-key" : "api-key", true);
    }

    private static Named weigh(String kind, boolean certain) {
        return new Named(kind, certain ? Weight.KEY : Weight.WORD);
    }

    private static boolean isTail(String word) {
        return TAILS.contains(word) || (word.length() <= 3 && Chars.isDigit(word.charAt(0)));
    }

    private static Set<String> words(String list) {
        return Set.of(list.split(" "));
    }
}
