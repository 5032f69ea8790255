package dev.remit.hands.function;

import tools.jackson.databind.JsonNode;

/// Reads the arguments of a function. They were checked against the tool's schema before, but that
/// schema may be an author's own.
record Arguments(JsonNode values) {
    String text(String name, int longest) {
        var value = values.path(name);
        if (!value.isString() || value.stringValue().isBlank()) {
            throw new Refused("expected \"" + name + "\", a text");
        }
        return within(name, value.stringValue(), longest);
    }

    String text(String name, String absent, int longest) {
        var value = values.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isString()) {
            throw new Refused("expected \"" + name + "\" to be a text");
        }
        return within(name, value.stringValue(), longest);
    }

    int integer(String name, int absent, int least, int most) {
        var value = values.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new Refused("expected \"" + name + "\" to be a whole number");
        }
        int number = value.intValue();
        if (number < least || number > most) {
            throw new Refused(
                    "expected \""
                            + name
                            + "\" to be from "
                            + least
                            + " to "
                            + most
                            + ", not "
                            + number);
        }
        return number;
    }

    private static String within(String name, String value, int longest) {
        if (value.length() > longest) {
            throw new Refused(
                    "expected \""
                            + name
                            + "\" to have at most "
                            + longest
                            + " characters, not "
                            + value.length());
        }
        return value;
    }
}
