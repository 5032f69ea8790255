package dev.remit.core.model;

/// What a route means at this moment: the model that is asked first.
///
/// @param window tokens of prompt and answer together; 0 if nobody knows
public record ModelTarget(String provider, String model, Family family, long window) {
    /// Of a choice about which nothing is known.
    public static ModelTarget unknown(ModelChoice choice, String route) {
        var model = choice.model();
        return new ModelTarget(choice.provider(), model == null ? route : model, Family.GENERIC, 0);
    }
}
