package dev.remit.core.brain;

import dev.remit.core.brain.Profile.Editing;
import dev.remit.core.brain.Profile.ToolStyle;
import dev.remit.core.model.Family;
import dev.remit.core.model.Mind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Every profile that was ever released. New ones are added, and none is ever changed: the log
/// names them.
public final class Profiles {
    private static final Editing CAREFUL = new Editing(0.8, 0.4, 4, 600, true, true);

    /// Of servers of which nothing is known but their language.
    private static final Editing PLAIN = new Editing(0.75, 0.35, 3, 400, false, true);

    private static final List<Profile> ALL =
            List.of(
                    new Profile(Family.ANTHROPIC, 1, CAREFUL, true, null, true, ToolStyle.AS_IS),
                    new Profile(Family.OPENAI, 1, CAREFUL, false, true, true, ToolStyle.AS_IS),
                    new Profile(
                            Family.GENERIC,
                            1,
                            PLAIN,
                            false,
                            null,
                            true,
                            ToolStyle.ARGUMENTS_IN_WORDS));

    static {
        var names = ALL.stream().map(Profile::name).toList();
        if (!names.equals(Mind.BRAINS)) {
            throw new IllegalStateException(
                    names + " is not what agents may choose: " + Mind.BRAINS);
        }
    }

    private Profiles() {}

    /// By its name, such as `anthropic@1`.
    public static Optional<Profile> find(String name) {
        return ALL.stream().filter(p -> p.name().equals(name)).findFirst();
    }

    /// The newest of a family: what a new session gets.
    public static Profile newest(Family family) {
        return ALL.stream()
                .filter(p -> p.family() == family)
                .max(Comparator.comparingInt(Profile::version))
                .orElseThrow();
    }

    /// Of a session, as its log says.
    ///
    /// @throws UnknownBrain if a newer Remit has given it one that this one does not have
    public static Profile of(@Nullable Mind mind) {
        if (mind == null) {
            return newest(Family.GENERIC);
        }
        return find(mind.brain()).orElseThrow(() -> new UnknownBrain(mind.brain()));
    }
}
