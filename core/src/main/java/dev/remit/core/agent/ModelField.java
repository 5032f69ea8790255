package dev.remit.core.agent;

import dev.remit.core.model.Mind;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Nearest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `model:` of an agent: a route, or a route and a brain as a unit.
///
/// @param brain absent: the newest one for the family of the model
record ModelField(String route, @Nullable String brain) {
    private static final ModelField USUAL = new ModelField("capable", null);

    static ModelField read(Fields agent, Faults faults) {
        var given = agent.get("model");
        if (given == null || !given.isObject()) {
            return new ModelField(
                    Objects.requireNonNullElse(agent.text("model"), USUAL.route), null);
        }
        return agent.object("model", Keys.MODEL).map(ModelField::read).orElse(USUAL);
    }

    private static ModelField read(Fields model) {
        var route = model.required("use", "a route or a model, such as capable");
        var brain = model.text("brain");
        if (brain != null && !Mind.BRAINS.contains(brain)) {
            model.fault(
                    "brain",
                    "there is no brain `" + brain + "`",
                    Nearest.to(brain, Mind.BRAINS)
                            .map(near -> "did you mean `" + near + "`?")
                            .orElse("there are " + String.join(", ", Mind.BRAINS)));
        }
        return new ModelField(Objects.requireNonNullElse(route, USUAL.route), brain);
    }
}
