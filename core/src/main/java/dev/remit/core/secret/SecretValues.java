package dev.remit.core.secret;

import dev.remit.core.secret.SecretNames.Named;
import java.util.Set;
import java.util.regex.Pattern;

/// Tells whether a value that stands under a secret's name is one, or a word about it, a reference,
/// or a placeholder.
final class SecretValues {
    /// How the value is bound to its name, the surest first.
    enum Binding {
        /// A field of an object, or quoted behind a separator.
        FIELD,
        /// `name=value`, `--name value`
        ASSIGNED,
        /// `name: value`, as prose has it too
        COLON,
        /// `name is value`
        PROSE
    }

    /// What is said of a secret, and so is none.
    private static final Set<String> STOP =
            words(
                    "true false null nil none undefined unset empty missing required optional invalid"
                            + " valid expired incorrect wrong correct reset changed rotated updated rotation"
                            + " rejected accepted denied failed failure ok success yes no not must should"
                            + " shall cannot can will was is are has had been being too the a an in on at of"
                            + " for to from with by and or if when which that this it we you your our read"
                            + " write field fields mismatch matches match string number integer boolean"
                            + " object array type unknown unauthorized forbidden refresh refreshed revoked"
                            + " leaked login authentication auth basic bearer enabled disabled default only"
                            + " never always please use set see found bad redacted masked hidden removed"
                            + " secret password token key");

    /// How a sentence about a field begins; other words may begin a passphrase.
    private static final Set<String> SENTENCE =
            words(
                    "must is are was has had should shall cannot can will may does do needs not too"
                            + " required invalid expired missing incorrect mismatch please");

    private static final Pattern PLACEHOLDER =
            Pattern.compile(
                    "(?:(?:Bearer|Basic|token) )?\\$\\{.*|\\$\\(.*|\\$[A-Z_][A-Z0-9_]*|\\{\\{.*|%[sdvq]|%\\(\\w{1,40}\\)s|<[^<>]{1,60}>"
                            + "|[*•·.xX#_?-]+|(?:process\\.env|os\\.environ|System\\.getenv|secretKeyRef)\\b.*"
                            + "|(?:vault|secret|ref|env|file|arn|ssm|op|awskms)://?\\S+|arn:aws\\S*",
                    Pattern.DOTALL);
    private static final Pattern FOLDER = Pattern.compile("[/~]|[A-Za-z]:\\\\");
    private static final Pattern REFERENCE =
            Pattern.compile("[a-z0-9.-]{1,120}/[a-z0-9./-]{1,120}");

    private SecretValues() {}

    static boolean isSecret(Named named, Binding binding, String value) {
        int length = value.length();
        if (length < least(named) || isPlain(value, binding == Binding.FIELD)) {
            return false;
        }
        return switch (named.weight()) {
            case PASSWORD -> binding != Binding.PROSE || isStrong(value, 6);
            case KEY ->
                    switch (binding) {
                        case FIELD -> true;
                        case ASSIGNED -> !named.kind().equals("signature") || length >= 16;
                        case COLON, PROSE -> isStrong(value, 6);
                    };
            case PASSWORD_OR_FOLDER ->
                    binding != Binding.PROSE && !FOLDER.matcher(value).lookingAt();
            case PAIR -> Headers.holdsPair(value);
            case WORD ->
                    switch (binding) {
                        case FIELD -> !REFERENCE.matcher(value).matches();
                        case ASSIGNED ->
                                length >= 6
                                        && !isCount(value)
                                        && !REFERENCE.matcher(value).matches();
                        case COLON, PROSE ->
                                // "PASS: TestLogin2" is how a test reports
                                !named.kind().equals("password")
                                        && !value.startsWith("http")
                                        && isStrong(value, 6)
                                        && !isCount(value);
                    };
        };
    }

    private static int least(Named named) {
        return switch (named.weight()) {
            case PASSWORD, PASSWORD_OR_FOLDER -> 1;
            case KEY, WORD, PAIR -> 4;
        };
    }

    /// A word of ordinary language about a secret, a reference to one, or a placeholder.
    static boolean isPlain(String value) {
        return isPlain(value, false);
    }

    /// @param whole whether it is known where the value ends, so that a sentence can be told from a
    ///   passphrase
    private static boolean isPlain(String value, boolean whole) {
        int end = 0;
        while (end < value.length() && Character.isLetter(value.charAt(end))) {
            end++;
        }
        if (isPlaceholder(value)) {
            return true;
        }
        boolean alone =
                end == value.length()
                        || (end == value.length() - 1 && ".,!?)".indexOf(value.charAt(end)) >= 0);
        boolean first = end < value.length() && Chars.isBlank(value.charAt(end));
        var word = Chars.lower(value.substring(0, end));
        return (alone && STOP.contains(word))
                || (first && (whole ? SENTENCE : STOP).contains(word));
    }

    /// A variable, a template, a reference to where the secret is kept, or a row of asterisks.
    static boolean isPlaceholder(String value) {
        var start = value.length() > 300 ? value.substring(0, 300) : value;
        return PLACEHOLDER.matcher(start).matches();
    }

    /// Not a word: letters together with digits or signs, upper case within, or very long.
    static boolean isStrong(String value, int least) {
        if (value.length() < least || value.indexOf(' ') >= 0) {
            return false;
        }
        boolean letter = false;
        boolean digit = false;
        boolean sign = false;
        boolean upperWithin = false;
        boolean joined = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            digit |= Chars.isDigit(c);
            letter |= Character.isLetter(c);
            upperWithin |= i > 0 && c >= 'A' && c <= 'Z';
            sign |= "!@#$%^&*+=~?".indexOf(c) >= 0 && i < value.length() - 1;
            joined |= c == '-' || c == '.' || c == '/' || c == '_' || c == ':';
        }
        return (letter && (digit || sign))
                || (digit && value.length() >= 8)
                || (upperWithin && value.length() >= 16)
                || (!joined && value.length() >= 20);
    }

    private static Set<String> words(String list) {
        return Set.of(list.split(" ", -1));
    }

    private static boolean isCount(String value) {
        return value.length() < 12
                && value.chars().allMatch(c -> Chars.isDigit((char) c) || c == '.' || c == ',');
    }
}
