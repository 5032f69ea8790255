package dev.remit.core.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.remit.core.expression.Expression.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the names that an expression uses, with the fields behind them.
final class Paths {
    private final CelAbstractSyntaxTree tree;
    private final Set<String> own = new HashSet<>();

    private Paths(CelAbstractSyntaxTree tree) {
        this.tree = tree;
    }

    static List<Path> of(CelAbstractSyntaxTree tree) {
        return new Paths(tree).find();
    }

    private List<Path> find() {
        var nodes = CelNavigableAst.fromAst(tree).getRoot().allNodes().collect(Collectors.toList());
        for (var node : nodes) {
            if (node.expr().getKind() == Kind.COMPREHENSION) {
                own.add(node.expr().comprehension().iterVar());
                own.add(node.expr().comprehension().iterVar2());
                own.add(node.expr().comprehension().accuVar());
            }
        }
        var paths = new ArrayList<Path>();
        for (var node : nodes) {
            var path = isInner(node) ? null : path(node.expr());
            if (path != null && !own.contains(path.name())) {
                paths.add(path);
            }
        }
        return List.copyOf(paths);
    }

    /// Whether a longer path goes on from here.
    private static boolean isInner(CelNavigableExpr node) {
        return node.parent()
                .map(parent -> operand(parent.expr()))
                .filter(operand -> operand.id() == node.expr().id())
                .isPresent();
    }

    private @Nullable Path path(CelExpr expression) {
        var parts = new ArrayList<String>();
        boolean asked = expression.getKind() == Kind.SELECT && expression.select().testOnly();
        var at = expression;
        while (at.getKind() != Kind.IDENT) {
            var operand = operand(at);
            if (operand == null) {
                return null;
            }
            parts.addFirst(part(at));
            at = operand;
        }
        int offset = tree.getSource().getPositionsMap().getOrDefault(at.id(), 0);
        var place = tree.getSource().getOffsetLocation(offset);
        return new Path(
                at.ident().name(),
                List.copyOf(parts),
                asked,
                offset,
                place.map(p -> p.getLine()).orElse(1),
                place.map(p -> p.getColumn() + 1).orElse(1));
    }

    /// What a field or an element is taken from; absent if this is neither, or which one is only
    /// known when it runs.
    private static @Nullable CelExpr operand(CelExpr expression) {
        if (expression.getKind() == Kind.SELECT) {
            return expression.select().operand();
        }
        if (expression.getKind() == Kind.CALL
                && expression.call().function().equals("_[_]")
                && expression.call().args().getLast().getKind() == Kind.CONSTANT) {
            return expression.call().args().getFirst();
        }
        return null;
    }

    private static String part(CelExpr expression) {
        if (expression.getKind() == Kind.SELECT) {
            return expression.select().field();
        }
        var constant = expression.call().args().getLast().constant();
        return constant.getKind() == CelConstant.Kind.STRING_VALUE
                ? constant.stringValue()
                : constant.getKind() == CelConstant.Kind.INT64_VALUE
                        ? Long.toString(constant.int64Value())
                        : "?";
    }
}
