package dev.remit.core.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.runtime.CelEvaluationListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Counts the work of one evaluation and refuses what is out of bounds. Counts instead of looking
/// at a clock, so that the answer never depends on how fast the machine is.
final class Meter implements CelEvaluationListener {
    /// Largest value, in values and characters within it.
    static final long LARGEST = 4_000_000;

    /// Most work of one evaluation: about one for each value or character that is looked at.
    static final long WORK = 50_000_000;

    /// These look at no more than one level of their arguments.
    private static final Set<String> CHEAP =
            Set.of("_[_]", "_?_:_", "_&&_", "_||_", "!_", "size", "get", "@not_strictly_false");

    private static final Set<String> SEARCHING =
            Set.of("contains", "indexOf", "lastIndexOf", "split", "replace");

    /// These look at each character many times.
    private static final Set<String> DEAR =
            Set.of("matches", "find", "findAll", "groups", "instant");

    /// Most characters compared in a search of one text within another, which takes the product of
    /// their lengths at worst.
    private static final long SEARCH = 1_000_000_000;

    private final Map<Long, Long> searches;
    private final Bindings bindings;
    private final Sizes sizes = new Sizes();
    private final Map<Long, Long> latest = new HashMap<>();
    private long work;
    private @Nullable String refused;

    /// @param searches see [#searches]
    Meter(Bindings bindings, Map<Long, Long> searches) {
        this.bindings = bindings;
        this.searches = searches;
    }

    /// The calls that search one text within another: the id of what is searched in, by the id of
    /// what is searched for, which is evaluated after it and before the search begins.
    static Map<Long, Long> searches(CelAbstractSyntaxTree tree) {
        var searches = new HashMap<Long, Long>();
        CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .map(CelNavigableExpr::expr)
                .filter(e -> e.getKind() == Kind.CALL && SEARCHING.contains(e.call().function()))
                .filter(e -> e.call().target().isPresent() && !e.call().args().isEmpty())
                .forEach(e ->
                        searches.put(
                                e.call().args().getFirst().id(), e.call().target().get().id()));
        return Map.copyOf(searches);
    }

    @Override
    public void callback(CelExpr expression, Object result) {
        check();
        long size = size(result);
        if (size > LARGEST) {
            refused = "it makes a value that is too large (over " + LARGEST + " characters)";
            check();
        }
        latest.put(expression.id(), size);
        var within = searches.get(expression.id());
        if (within != null && size * latest.getOrDefault(within, 0L) > SEARCH) {
            refused = "it searches for a text that is too long in one that is too long";
            check();
        }
        work += 1 + cost(expression);
        if (work > WORK) {
            refused = "it takes too much work; look at less, or ask a simpler question";
            check();
        }
    }

    /// @throws ExpressionFailed if a bound was passed
    void check() {
        if (refused != null) {
            throw new ExpressionFailed(refused);
        }
    }

    private long size(@Nullable Object value) {
        return value != null && bindings.sizes().knows(value)
                ? bindings.sizes().of(value)
                : sizes.of(value);
    }

    private long cost(CelExpr expression) {
        if (expression.getKind() != Kind.CALL || CHEAP.contains(expression.call().function())) {
            return 0;
        }
        var call = expression.call();
        long cost = call.target().map(this::size).orElse(0L);
        for (var argument : call.args()) {
            cost += size(argument);
        }
        return DEAR.contains(call.function()) ? 8 * cost : cost;
    }

    private long size(CelExpr argument) {
        return latest.getOrDefault(argument.id(), 0L);
    }

    /// Refuses a text before it is made.
    ///
    /// @throws ExpressionFailed if it would be too long
    static void allow(long characters) {
        if (characters > LARGEST) {
            throw new ExpressionFailed(
                    "it makes a value that is too large (over " + LARGEST + " characters)");
        }
    }

    /// @throws ExpressionFailed if the texts together would be too long
    static void allow(List<String> texts, int between) {
        long length = 0;
        for (var text : texts) {
            length += text.length() + between;
        }
        allow(length);
    }
}
