package dev.remit.core.text;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the file formats have in common.
public final class Formats {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private Formats() {}

    /// `remit: agent/v1` at the head of a file.
    public static void version(Fields fields, String expected) {
        var given = fields.required("remit", "remit: " + expected);
        if (given != null && !given.equals(expected)) {
            fields.fault("remit", "`" + given + "` is not the format of this file", expected);
        }
    }

    /// @param folder what the folder demands; absent: any name
    public static String name(Fields fields, @Nullable String folder) {
        var name = fields.required("name", folder == null ? "such as oncall-triage" : folder);
        if (name == null) {
            return folder == null ? "unnamed" : folder;
        }
        if (!isName(name)) {
            fields.fault(
                    "name",
                    "`" + name + "` is no name",
                    "lower-case letters, digits and hyphens, such as oncall-triage");
        } else if (folder != null && !name.equals(folder)) {
            fields.fault(
                    "name",
                    "the agent is named `" + name + "`, and its folder " + folder,
                    "name: " + folder);
        }
        return name;
    }

    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
