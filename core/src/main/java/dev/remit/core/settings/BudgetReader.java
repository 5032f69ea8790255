package dev.remit.core.settings;

import dev.remit.core.money.BudgetRule;
import dev.remit.core.money.Scope;
import dev.remit.core.settings.Settings.Team;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Formats;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Place;
import dev.remit.core.text.Quantities;
import dev.remit.core.text.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads `teams:` and `budgets:`.
final class BudgetReader {
    private static final String FOR =
            "organisation, or team:, agent:, session:, key: or tool: with a name, such as"
                    + " team:growth";

    /// What a rule does when its limit is reached.
    private enum Mode {
        /// Refuses what does not fit.
        HARD,
        WARN
    }

    private final Fields file;
    private final Source source;
    private final Faults faults;
    private final List<BudgetRule> rules = new ArrayList<>();
    private final Map<String, Place> seen = new HashMap<>();

    BudgetReader(Fields file) {
        this.file = file;
        this.source = file.source();
        this.faults = file.faults();
    }

    /// The teams; their budgets are added to [#budgets].
    Map<String, Team> teams() {
        var teams = new LinkedHashMap<String, Team>();
        file.entries("teams")
                .forEach((name, pointer) -> {
                    if (!Formats.isName(name)) {
                        faults.add(
                                source.file(),
                                source.key(pointer),
                                "`" + name + "` is no name of a team",
                                "lower-case letters, digits and hyphens, such as growth");
                        return;
                    }
                    if (source.at(pointer).isNull()) {
                        teams.put(name, new Team(name, null, 0));
                        return;
                    }
                    Fields.at(source, pointer, Keys.TEAM, faults)
                            .ifPresent(fields -> {
                                teams.put(
                                        name,
                                        new Team(
                                                name,
                                                fields.text("description"),
                                                fields.integer("at_once", 1, 1_000_000, 0)));
                                budgets(new Scope(Scope.Kind.TEAM, name), fields);
                            });
                });
        return teams;
    }

    /// One limit, or a list of them.
    private void budgets(Scope scope, Fields team) {
        var given = team.get("budget");
        if (given == null || !given.isArray()) {
            if (team.has("budget")) {
                teamBudget(scope, team.pointer("budget"));
            }
            return;
        }
        for (int i = 0; i < team.list("budget"); i++) {
            teamBudget(scope, Source.child(team.pointer("budget"), i));
        }
    }

    private void teamBudget(Scope scope, String pointer) {
        var value = source.at(pointer);
        if (value.isObject()) {
            Fields.at(source, pointer, Keys.TEAM_BUDGET, faults)
                    .ifPresent(fields -> rule(scope, fields));
        } else {
            limit(pointer)
                    .ifPresent(limit -> add(scope, limit, true, BudgetRule.THRESHOLDS, pointer));
        }
    }

    /// Every rule; call it after [#teams].
    List<BudgetRule> budgets() {
        int count = file.list("budgets");
        for (int i = 0; i < count; i++) {
            Fields.at(source, Source.child("/budgets", i), Keys.BUDGET, faults)
                    .ifPresent(this::budget);
        }
        return rules;
    }

    private void budget(Fields fields) {
        var text = fields.required("for", FOR);
        var scope = text == null ? null : Scope.parse(text);
        if (text != null && scope == null) {
            fields.fault("for", "`" + text + "` is nothing that has a budget", scopeHint(text));
        }
        // Teams can be made by the API too; a file that lists its teams is taken to list them all.
        if (scope != null && scope.kind() == Scope.Kind.TEAM && file.has("teams")) {
            var known = file.entries("teams").keySet();
            if (!known.contains(scope.name())) {
                fields.fault(
                        "for",
                        "there is no team `" + scope.name() + "`",
                        Nearest.to(scope.name(), known)
                                .map(near -> "did you mean `team:" + near + "`?")
                                .orElse("add it under `teams:`"));
            }
        }
        rule(scope, fields);
    }

    private static String scopeHint(String text) {
        var kinds = new TreeSet<String>();
        for (var kind : Scope.Kind.values()) {
            kinds.add(kind.name().toLowerCase(Locale.ROOT));
        }
        int colon = text.indexOf(':');
        return Nearest.to(colon < 0 ? text : text.substring(0, colon), kinds)
                .filter(near -> !near.equals("organisation") || colon < 0)
                .map(near ->
                        "did you mean `"
                                + near
                                + (near.equals("organisation")
                                        ? ""
                                        : ":" + (colon < 0 ? "name" : text.substring(colon + 1)))
                                + "`?")
                .orElse(FOR);
    }

    private void rule(@Nullable Scope scope, Fields fields) {
        if (!fields.has("limit")) {
            fields.missing("limit", Quantities.LIMIT);
        }
        var limit =
                fields.has("limit")
                        ? limit(fields.pointer("limit"))
                        : Optional.<Quantities.Limit>empty();
        boolean hard = fields.word("mode", Mode.class, Mode.HARD) == Mode.HARD;
        var thresholds = fields.has("notify") ? thresholds(fields) : BudgetRule.THRESHOLDS;
        if (scope != null && limit.isPresent()) {
            add(scope, limit.get(), hard, thresholds, fields.pointer("limit"));
        }
    }

    private Optional<Quantities.Limit> limit(String pointer) {
        var value = source.at(pointer);
        var limit =
                value.isString()
                        ? Quantities.limit(value.asString())
                        : Optional.<Quantities.Limit>empty();
        if (limit.isEmpty()) {
            var amount = value.isString() ? Quantities.money(value.asString()) : Optional.empty();
            faults.add(
                    source.file(),
                    source.value(pointer),
                    amount.isPresent()
                            ? "`" + value.asString() + "` does not say over which time"
                            : value.isString()
                                    ? "`" + value.asString() + "` is no limit on money"
                                    : "this is "
                                            + Fields.describe(value)
                                            + ", not a limit on money",
                    amount.isPresent()
                            ? value.asString().strip() + "/day, or /hour, /week, /month, /total"
                            : Quantities.LIMIT);
        }
        return limit;
    }

    private List<Integer> thresholds(Fields fields) {
        var thresholds = new TreeSet<Integer>();
        int count = fields.list("notify");
        for (int i = 0; i < count; i++) {
            var at = Source.child(fields.pointer("notify"), i);
            var value = source.at(at);
            if (!value.isInt() || value.intValue() < 1 || value.intValue() > 1000) {
                faults.add(
                        source.file(),
                        source.value(at),
                        "this is no share of a limit",
                        "percent, from 1 to 1000, such as [50, 80, 100]");
            } else {
                thresholds.add(value.intValue());
            }
        }
        return List.copyOf(thresholds);
    }

    private void add(
            Scope scope,
            Quantities.Limit limit,
            boolean hard,
            List<Integer> thresholds,
            String pointer) {
        var place = source.value(pointer);
        var first = seen.putIfAbsent(scope + "/" + limit.window(), place);
        if (first != null) {
            faults.add(
                    source.file(),
                    place,
                    "`" + scope + "` has a limit for each " + limit.window() + " already",
                    "it stands on line " + first.line() + "; remove one of them");
            return;
        }
        rules.add(new BudgetRule(scope, limit.window(), limit.amount(), hard, thresholds));
    }
}
