package dev.remit.core.agent;

import dev.remit.core.json.Hash;
import dev.remit.core.model.Rehearsal;
import dev.remit.core.money.Money;
import dev.remit.core.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One version of an agent, as read from its folder.
///
/// @param model a route, such as `capable`
/// @param instructions the text that people who know the work edit
/// @param input JSON Schema of what it is given; absent: anything
/// @param answer JSON Schema of its answer; absent: free text
/// @param may the tools it may use, each with its condition
/// @param never globs over tool names that win over `may`
/// @param checks CEL over `answer` and `input`, each with its words for people
/// @param goodWhen rubric in plain words; kept, and judged once reviews are built
/// @param tools the entries of its `tools/` folder and the built-in ones it names
/// @param files every text file of its folder by path, for `knowledge.*`
/// @param brain pinned together with the model, such as `anthropic@1`; absent: the newest one for
///   the family of the model that the route resolves to
public record AgentDefinition(
        String name,
        Hash version,
        String description,
        @Nullable String owner,
        @Nullable String supervisor,
        @Nullable String affects,
        String model,
        String instructions,
        @Nullable JsonNode input,
        @Nullable JsonNode answer,
        List<Grant> may,
        List<String> never,
        OnTrouble onTrouble,
        @Nullable Money sessionBudget,
        Limits limits,
        List<Check> checks,
        @Nullable String goodWhen,
        @Nullable String value,
        Map<String, Tool> tools,
        Map<String, String> files,
        @Nullable Rehearsal rehearsal,
        @Nullable String brain)
        implements Definition {

    /// With the newest brain for its model.
    public AgentDefinition(
            String name,
            Hash version,
            String description,
            @Nullable String owner,
            @Nullable String supervisor,
            @Nullable String affects,
            String model,
            String instructions,
            @Nullable JsonNode input,
            @Nullable JsonNode answer,
            List<Grant> may,
            List<String> never,
            OnTrouble onTrouble,
            @Nullable Money sessionBudget,
            Limits limits,
            List<Check> checks,
            @Nullable String goodWhen,
            @Nullable String value,
            Map<String, Tool> tools,
            Map<String, String> files,
            @Nullable Rehearsal rehearsal) {
        this(
                name,
                version,
                description,
                owner,
                supervisor,
                affects,
                model,
                instructions,
                input,
                answer,
                may,
                never,
                onTrouble,
                sessionBudget,
                limits,
                checks,
                goodWhen,
                value,
                tools,
                files,
                rehearsal,
                null);
    }

    /// The same agent with other instructions.
    public AgentDefinition withInstructions(String text) {
        return new AgentDefinition(
                name,
                version,
                description,
                owner,
                supervisor,
                affects,
                model,
                text,
                input,
                answer,
                may,
                never,
                onTrouble,
                sessionBudget,
                limits,
                checks,
                goodWhen,
                value,
                tools,
                files,
                rehearsal,
                brain);
    }

    /// A tool the mandate names.
    ///
    /// @param only the values an argument may have; checked exactly
    /// @param when CEL over `args`, `agent`, `session`, `principal`, `now`; must be true
    public record Grant(String tool, Map<String, JsonNode> only, @Nullable String when) {
        /// The names that `when` may use.
        public static final Set<String> NAMES =
                Set.of("args", "agent", "session", "principal", "now");
    }

    /// @param when CEL; must be true for a good outcome
    /// @param says what is told when it is not
    public record Check(String when, String says) {
        /// The names that `when` may use.
        public static final Set<String> NAMES = Set.of("answer", "input");
    }

    /// What happens when a session cannot go on by itself.
    public enum OnTrouble {
        ESCALATE,
        STOP
    }

    /// @param sameCall how often one tool may be called with the same arguments in a row of turns
    /// @param atOnce how many sessions of this agent may be under way at the same time, on all
    ///   nodes together; 0: any number
    /// @param repairs how often a failed check is shown to the model for another try
    /// @param outputTokens cap on the tokens of one answer
    /// @param contextTokens the prompt is kept below this estimate
    public record Limits(
            int turns,
            Duration time,
            int sameCall,
            int atOnce,
            int repairs,
            int outputTokens,
            int contextTokens) {
        public static final Limits DEFAULT =
                new Limits(50, Duration.ofMinutes(30), 3, 0, 2, 8192, 100_000);
    }
}
