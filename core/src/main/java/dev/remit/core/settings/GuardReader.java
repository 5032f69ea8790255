package dev.remit.core.settings;

import dev.remit.core.json.Regex;
import dev.remit.core.settings.Settings.Guard;
import dev.remit.core.settings.Settings.Guard.Kind;
import dev.remit.core.settings.Settings.Guard.Mode;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Quantities;
import dev.remit.core.text.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads `guards:`.
final class GuardReader {
    private static final List<String> KINDS = List.of("secrets", "deny", "size");
    private static final Set<String> SIDES = Set.of("request", "answer");
    private static final String NOT_AT_ALL = "ignore";
    private static final int LONGEST_WORD = 500;

    private final Fields file;
    private final Source source;
    private final Faults faults;
    private final Set<String> routes;
    private final Set<String> names = new HashSet<>();

    /// On which side a guard looks.
    private record Sides(boolean request, boolean answer) {}

    GuardReader(Fields file, Set<String> routes) {
        this.file = file;
        this.source = file.source();
        this.faults = file.faults();
        this.routes = routes;
    }

    /// The guard of secrets comes first where the file does not mention it.
    List<Guard> read() {
        var guards = new ArrayList<Guard>();
        boolean secrets = false;
        int count = file.list("guards");
        for (int i = 0; i < count; i++) {
            var pointer = Source.child("/guards", i);
            var fields = Fields.at(source, pointer, Keys.GUARD, faults);
            if (fields.isPresent()) {
                secrets |= fields.get().has("secrets");
                guard(fields.get(), pointer).ifPresent(guards::add);
            }
        }
        if (!secrets) {
            guards.addFirst(Defaults.SECRETS);
        }
        return guards;
    }

    private Optional<Guard> guard(Fields fields, String pointer) {
        var kinds = KINDS.stream().filter(fields::has).toList();
        if (kinds.size() != 1) {
            faults.add(
                    source.file(),
                    source.value(pointer),
                    kinds.isEmpty()
                            ? "this guard looks for nothing"
                            : "one guard looks for one thing, not for "
                                    + String.join(" and ", kinds),
                    "one of: secrets, deny, size");
            return Optional.empty();
        }
        if (fields.has("secrets")) {
            return secrets(fields);
        }
        Stream.of("name", "on", "routes")
                .filter(fields::has)
                .forEach(key ->
                        faults.add(
                                source.file(),
                                source.key(fields.pointer(key)),
                                "`" + key + "` stands outside of `" + kinds.getFirst() + "`",
                                "put it into " + kinds.getFirst() + ": { … }"));
        return fields.has("deny")
                ? fields.object("deny", Keys.DENY).map(this::deny)
                : fields.object("size", Keys.SIZE).map(this::size);
    }

    private Optional<Guard> secrets(Fields fields) {
        if (NOT_AT_ALL.equals(
                Optional.ofNullable(fields.get("secrets")).map(n -> n.asString("")).orElse(""))) {
            return Optional.empty();
        }
        var mode = mode(fields, "secrets", Mode.MASK, NOT_AT_ALL);
        var sides = sides(fields, new Sides(true, false));
        return Optional.of(
                new Guard(
                        name(fields, "secrets"),
                        Kind.SECRETS,
                        mode,
                        sides.request(),
                        sides.answer(),
                        List.of(),
                        List.of(),
                        0,
                        routes(fields)));
    }

    private Guard deny(Fields fields) {
        var sides = sides(fields, new Sides(true, true));
        var words = fields.texts("words");
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).length() > LONGEST_WORD) {
                fields.fault(
                        "words", "a word is too long", "at most " + LONGEST_WORD + " characters");
            }
        }
        var patterns = fields.texts("patterns");
        for (int i = 0; i < fields.list("patterns"); i++) {
            pattern(Source.child(fields.pointer("patterns"), i));
        }
        if (!fields.has("words") && !fields.has("patterns")) {
            fields.missing("words", "words: [project-x], or patterns: [\"ACME-[0-9]{6}\"]");
        }
        return new Guard(
                name(fields, "deny"),
                Kind.DENY,
                mode(fields, "mode", Mode.BLOCK, null),
                sides.request(),
                sides.answer(),
                words,
                patterns,
                0,
                routes(fields));
    }

    /// Only expressions that take linear time are taken; so much can be said before any text is
    /// there to match.
    private void pattern(String pointer) {
        var value = source.at(pointer);
        if (!value.isString()) {
            return; // told already
        }
        var wrong = Regex.fault(value.asString());
        if (wrong != null) {
            faults.add(
                    source.file(),
                    source.value(pointer),
                    wrong,
                    "see github.com/google/re2/wiki/Syntax: there are no back-references and no"
                            + " look-around");
        } else if (Regex.compile(value.asString()).matches("")) {
            faults.add(
                    source.file(),
                    source.value(pointer),
                    "the pattern matches the empty text, so it is found everywhere",
                    "demand at least one character, such as + in place of *");
        }
    }

    private Guard size(Fields fields) {
        var sides = sides(fields, new Sides(true, false));
        var mode = mode(fields, "mode", Mode.BLOCK, null);
        if (mode == Mode.MASK) {
            fields.fault("mode", "what is too large cannot be masked", "log or block");
        }
        return new Guard(
                name(fields, "size"),
                Kind.SIZE,
                mode,
                sides.request(),
                sides.answer(),
                List.of(),
                List.of(),
                bytes(fields),
                routes(fields));
    }

    private static long bytes(Fields fields) {
        var given = fields.get("bytes");
        if (given == null) {
            if (fields.has("bytes")) {
                fields.fault("bytes", "`bytes` has no value", Quantities.SIZE);
            } else {
                fields.missing("bytes", Quantities.SIZE);
            }
            return 1;
        }
        if (given.isNumber()) {
            return fields.integer("bytes", 1L, Long.MAX_VALUE, 1L);
        }
        var text = fields.text("bytes");
        var bytes = text == null ? Optional.of(1L) : Quantities.bytes(text);
        if (bytes.isEmpty() || bytes.get() == 0) {
            fields.fault("bytes", "`" + text + "` is no size", Quantities.SIZE);
        }
        return bytes.orElse(1L);
    }

    private Mode mode(Fields fields, String key, Mode otherwise, @Nullable String also) {
        var text = fields.text(key);
        if (text == null) {
            return otherwise;
        }
        var known = new ArrayList<String>();
        for (var mode : Mode.values()) {
            var word = mode.name().toLowerCase(Locale.ROOT);
            if (word.equals(text)) {
                return mode;
            }
            known.add(word);
        }
        if (also != null) {
            known.add(also);
        }
        fields.fault(key, "`" + text + "` is not known here", Nearest.hint(text, known));
        return otherwise;
    }

    /// The names of guards stand in the ledger and in metrics, so they are told apart.
    private String name(Fields fields, String otherwise) {
        var given = fields.text("name");
        if (given != null && !Names.isRoute(given)) {
            fields.fault("name", "`" + given + "` is no name", "letters, digits, `-`, `_` and `.`");
        }
        var name = given == null ? otherwise : given;
        for (int i = 2; !names.add(name); i++) {
            if (given != null) {
                fields.fault(
                        "name", "`" + given + "` names another guard too", "choose another name");
                break;
            }
            name = otherwise + "-" + i;
        }
        return name;
    }

    private Sides sides(Fields fields, Sides otherwise) {
        if (!fields.has("on")) {
            return otherwise;
        }
        var on = fields.texts("on");
        for (int i = 0; i < on.size(); i++) {
            if (!SIDES.contains(on.get(i))) {
                faults.add(
                        source.file(),
                        source.value(Source.child(fields.pointer("on"), i)),
                        "`" + on.get(i) + "` is not known here",
                        Nearest.hint(on.get(i), SIDES));
            }
        }
        if (fields.get("on") != null && fields.get("on").isArray() && on.isEmpty()) {
            fields.fault("on", "this guard looks nowhere", "on: [request, answer]");
        }
        return new Sides(on.contains("request"), on.contains("answer"));
    }

    private List<String> routes(Fields fields) {
        var given = fields.texts("routes");
        for (int i = 0; i < given.size(); i++) {
            // `provider/model` is a route too
            if (!routes.contains(given.get(i)) && !given.get(i).contains("/")) {
                faults.add(
                        source.file(),
                        source.value(Source.child(fields.pointer("routes"), i)),
                        "there is no route `" + given.get(i) + "`",
                        Nearest.hint(given.get(i), routes));
            }
        }
        return given;
    }
}
