package dev.remit.gateway.wire;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Goes once over a request without taking it apart: what nobody asks for is skipped without being
/// copied. Stands at one value at a time, which the methods ask about; what is left of it when a
/// visitor returns is skipped.
///
/// A name that comes twice in an object that is visited is refused, since two readers could take
/// different ones.
final class Scan {
    /// What to do with a member of an object.
    @FunctionalInterface
    interface Member {
        void take(String name, Scan value) throws BadRequest;
    }

    /// What to do with an element of a list.
    @FunctionalInterface
    interface Element {
        void take(int index, Scan value) throws BadRequest;
    }

    /// A value's place in the body: from the first byte, up to and without the last.
    record Range(int from, int to) {}

    private static final int FEW = 16;

    private final byte[] body;
    private final JsonParser parser;
    private final boolean places;
    private int nameFrom;

    /// Names of the objects around this place, innermost last.
    private final List<String> names = new ArrayList<>();

    private Scan(byte[] body, JsonParser parser, boolean places) {
        this.body = body;
        this.parser = parser;
        this.places = places;
    }

    /// Visits the members of the object that the body is.
    ///
    /// @throws BadRequest also if it is no JSON object in UTF-8
    static void over(byte[] body, Member member) throws BadRequest {
        over(body, false, member);
    }

    /// @param places whether [#nameFrom] is wanted
    static void over(byte[] body, boolean places, Member member) throws BadRequest {
        Strict.check(body);
        try (var parser = Strict.parser(body)) {
            var scan = new Scan(body, parser, places);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadRequest("The body must be a JSON object, not " + scan.kind() + ".");
            }
            scan.members(member);
            if (parser.nextToken() != null) {
                throw new BadRequest("There is something behind the end of the JSON object.");
            }
        } catch (JacksonException e) {
            throw Strict.bad(e);
        }
    }

    /// Visits the members of the object at this place; does nothing if it is none.
    void members(Member member) throws BadRequest {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        var base = names.size();
        Set<String> many = null;
        for (String name; (name = parser.nextName()) != null; ) {
            if (names.size() - base < FEW) {
                for (int i = base; i < names.size(); i++) {
                    if (names.get(i).equals(name)) {
                        throw twice(name);
                    }
                }
                names.add(name);
            } else {
                if (many == null) {
                    many = new HashSet<>(names.subList(base, names.size()));
                }
                if (!many.add(name)) {
                    throw twice(name);
                }
            }
            var from = places ? from() : 0;
            parser.nextToken();
            nameFrom = from;
            member.take(name, this);
            parser.skipChildren();
        }
        names.subList(base, names.size()).clear();
    }

    private static BadRequest twice(String name) {
        return new BadRequest("`" + Words.brief(name) + "` is there twice in one object.");
    }

    /// Visits the elements of the list at this place.
    ///
    /// @return how many there are; 0 if it is no list
    int elements(Element element) throws BadRequest {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return 0;
        }
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            element.take(count++, this);
            parser.skipChildren();
        }
        return count;
    }

    /// How many elements the list at this place has; 0 if it is no list.
    int count() throws BadRequest {
        return elements((_, _) -> {});
    }

    // ---- the value at this place

    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    boolean isText() {
        return parser.currentToken() == JsonToken.VALUE_STRING;
    }

    boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    boolean isList() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    /// A text; absent if null.
    @Nullable String text(String name) throws BadRequest {
        if (isNull()) {
            return null;
        }
        if (!isText()) {
            throw wrong(name, "a text");
        }
        return parser.getString();
    }

    boolean flag(String name) throws BadRequest {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            case null, default -> throw wrong(name, "true or false");
        };
    }

    /// A whole number; absent if null.
    @Nullable Integer whole(String name, int least) throws BadRequest {
        if (isNull()) {
            return null;
        }
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw wrong(name, "a whole number");
        }
        if (parser.getNumberType() != JsonParser.NumberType.INT || parser.getIntValue() < least) {
            throw new BadRequest(
                    "`" + name + "` must be from " + least + " to " + Integer.MAX_VALUE + ".");
        }
        return parser.getIntValue();
    }

    /// The members of an object as words: texts as they are, other single values as JSON has them.
    Map<String, String> words(String name) throws BadRequest {
        if (isNull()) {
            return Map.of();
        }
        if (!isObject()) {
            throw wrong(name, "an object");
        }
        var words = new TreeMap<String, String>();
        members((key, value) -> {
            if (!value.isObject() && !value.isList() && !value.isNull()) {
                words.put(key, parser.getString());
            }
        });
        return words;
    }

    /// Whether the value is a text that begins like that, without copying it.
    boolean startsWith(String ascii) {
        if (!isText()) {
            return false;
        }
        var from = from() + 1;
        for (int i = 0; i < ascii.length(); i++) {
            if (from + i >= body.length || body[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// How many bytes of a text are surely of its base64: what is escaped counts once, whatever a
    /// writer makes of it, and the head of a `data:` URL does not count.
    long base64() {
        if (!isText()) {
            return 0;
        }
        var range = range();
        long count = 0;
        for (int i = range.from() + 1; i < range.to() - 1; i++) {
            if (body[i] == '\\') {
                i += body[i + 1] == 'u' ? 5 : 1;
            } else if (body[i] == ',') {
                count = -1;
            }
            count++;
        }
        return Math.max(0, count);
    }

    /// Where the value begins.
    int from() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /// Where the name of the member just come to begins.
    int nameFrom() {
        return nameFrom;
    }

    /// Where the value is; it is passed over.
    Range range() {
        var from = from();
        return new Range(from, to());
    }

    /// Where the value ends; it is passed over.
    int to() {
        if (isObject() || isList()) {
            parser.skipChildren();
        } else {
            parser.finishToken(); // tokens are lazy: without it, the end is wrong
        }
        return (int) parser.currentLocation().getByteOffset();
    }

    BadRequest wrong(String name, String expected) {
        return new BadRequest("`" + name + "` must be " + expected + ", not " + kind() + ".");
    }

    private String kind() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + number();
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            case null, default -> "nothing";
        };
    }

    private String number() {
        return Words.brief(parser.getString());
    }
}
