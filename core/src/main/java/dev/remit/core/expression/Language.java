package dev.remit.core.expression;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelStandardFunctions;
import dev.remit.core.expression.InvalidExpression.Mistake;
import dev.remit.core.json.Recent;
import dev.remit.core.json.Regex;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// CEL as it is spoken here: the standard, its extensions for texts, lists and numbers, and the
/// functions of [Functions]. Set up when the first expression is compiled, which takes a while.
final class Language {
    private static final CelOptions OPTIONS =
            CelOptions.current()
                    .comprehensionMaxIterations(100_000)
                    .maxExpressionCodePointSize(Expression.MAX_LENGTH)
                    .maxParseRecursionDepth(50)
                    .enableHeterogeneousNumericComparisons(true)
                    .enableQuotedIdentifierSyntax(true)
                    .build();

    private static final Recent<Set<String>, CelCompiler> COMPILERS = new Recent<>(64);

    private static final Set<String> TAKE_A_REGEX =
            Set.of("find", "findAll", "groups", "matches", "replaceAll");

    private static final Pattern UNKNOWN_NAME =
            Pattern.compile("undeclared reference to '([^']*)'.*", Pattern.DOTALL);
    private static final Pattern NO_OVERLOAD =
            Pattern.compile(
                    "found no matching overload for '([^']*)' applied to '([^']*)'.*",
                    Pattern.DOTALL);
    private static final Pattern UNEXPECTED =
            Pattern.compile("(?:input|error at:) '(.{1,40}?)'(?= expecting|$)");
    private static final Pattern OPERATOR = Pattern.compile("[@_]*([^\\w@]+|in)_*");

    /// Loaded on first use; see the initialization-on-demand holder idiom.
    private static final class Loaded {
        static final Cel CEL = load();
    }

    private Language() {}

    static CelRuntime runtime() {
        return Loaded.CEL;
    }

    /// @throws InvalidExpression if the text cannot be understood
    static CelAbstractSyntaxTree compile(String text, SortedSet<String> names) {
        var compiler = COMPILERS.get(Set.copyOf(names), () -> compiler(names));
        try {
            var tree = compiler.compile(text).getAst();
            var mistakes = badRegexes(tree);
            if (!mistakes.isEmpty()) {
                throw new InvalidExpression(mistakes);
            }
            return tree;
        } catch (CelValidationException e) {
            throw new InvalidExpression(
                    e.getErrors().stream()
                            .map(i -> mistake(i, text, names))
                            .distinct()
                            .limit(5)
                            .toList());
        }
    }

    private static CelCompiler compiler(Set<String> names) {
        var builder = Loaded.CEL.toCompilerBuilder();
        names.forEach(name -> builder.addVar(name, SimpleType.DYN));
        return builder.build();
    }

    private static Cel load() {
        return CelFactory.legacyCelBuilder()
                .setOptions(OPTIONS)
                .setStandardEnvironmentEnabled(false)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setStandardDeclarations(
                        CelStandardDeclarations.newBuilder()
                                .excludeFunctions(CelStandardDeclarations.StandardFunction.MATCHES)
                                .build())
                .setStandardFunctions(
                        CelStandardFunctions.newBuilder()
                                .excludeFunctions(CelStandardFunctions.StandardFunction.MATCHES)
                                .build())
                .addCompilerLibraries(
                        CelExtensions.strings(),
                        CelExtensions.lists(),
                        CelExtensions.math(),
                        CelExtensions.bindings())
                .addRuntimeLibraries(
                        CelExtensions.strings(), CelExtensions.lists(), CelExtensions.math())
                .addFunctionDeclarations(Functions.declarations())
                .addFunctionBindings(Functions.bindings())
                .build();
    }

    /// A regular expression written out in the text is checked before it ever runs.
    private static List<Mistake> badRegexes(CelAbstractSyntaxTree tree) {
        var mistakes = new ArrayList<Mistake>();
        CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .map(node -> node.expr())
                .filter(e -> e.getKind() == Kind.CALL)
                .filter(e -> TAKE_A_REGEX.contains(e.call().function()))
                .filter(e -> !e.call().args().isEmpty())
                .map(e -> e.call().args().get(Math.min(1, e.call().args().size() - 1)))
                .filter(e -> e.getKind() == Kind.CONSTANT)
                .filter(e -> e.constant().getKind() == CelConstant.Kind.STRING_VALUE)
                .forEach(e -> {
                    var wrong = Regex.fault(e.constant().stringValue());
                    if (wrong != null) {
                        mistakes.add(at(tree, e, wrong));
                    }
                });
        return mistakes;
    }

    /// Whether its type may be that of truth values.
    static boolean isCondition(CelAbstractSyntaxTree tree) {
        var type = tree.getResultType();
        return type.kind() == CelKind.BOOL || type.kind() == CelKind.DYN;
    }

    /// `name.field` and `name["field"]`, wherever it stands.
    static List<Expression.Field> fields(CelAbstractSyntaxTree tree) {
        var fields = new ArrayList<Expression.Field>();
        CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .map(node -> node.expr())
                .forEach(e -> {
                    if (e.getKind() == Kind.SELECT
                            && e.select().operand().getKind() == Kind.IDENT) {
                        fields.add(field(tree, e.select().operand(), e.select().field()));
                    } else if (e.getKind() == Kind.CALL
                            && e.call().function().equals("_[_]")
                            && e.call().args().getFirst().getKind() == Kind.IDENT
                            && e.call().args().getLast().getKind() == Kind.CONSTANT
                            && e.call().args().getLast().constant().getKind()
                                    == CelConstant.Kind.STRING_VALUE) {
                        fields.add(
                                field(
                                        tree,
                                        e.call().args().getFirst(),
                                        e.call().args().getLast().constant().stringValue()));
                    }
                });
        return List.copyOf(fields);
    }

    private static Expression.Field field(
            CelAbstractSyntaxTree tree, CelExpr operand, String field) {
        var at = at(tree, operand, "");
        return new Expression.Field(operand.ident().name(), field, at.line(), at.column());
    }

    private static Mistake at(CelAbstractSyntaxTree tree, CelExpr expression, String wrong) {
        int offset = tree.getSource().getPositionsMap().getOrDefault(expression.id(), 0);
        return tree.getSource()
                .getOffsetLocation(offset)
                .map(l -> new Mistake(l.getLine(), l.getColumn() + 1, wrong))
                .orElse(new Mistake(1, 1, wrong));
    }

    private static Mistake mistake(CelIssue issue, String text, Set<String> names) {
        var at = issue.getSourceLocation();
        int line = Math.max(1, at.getLine());
        int column = Math.max(1, at.getColumn() + 1);
        var here = text.lines().skip(line - 1L).findFirst().orElse("");
        boolean called = column <= here.length() && here.charAt(column - 1) == '(';
        return new Mistake(line, column, words(issue.getMessage(), called, names));
    }

    private static String words(String message, boolean called, Set<String> names) {
        var unknown = UNKNOWN_NAME.matcher(message);
        if (unknown.matches() && called) {
            return "there is no function `%s`; docs/expressions.md lists them"
                    .formatted(unknown.group(1));
        }
        if (unknown.matches()) {
            return "nothing is named `%s` here; the names are: %s"
                    .formatted(unknown.group(1), String.join(", ", new TreeSet<>(names)));
        }
        var overload = NO_OVERLOAD.matcher(message);
        if (overload.matches()) {
            var operator = OPERATOR.matcher(overload.group(1));
            return "`%s` cannot be used on %s; wrap a value in dyn() to decide when it runs"
                    .formatted(
                            operator.matches() ? operator.group(1) : overload.group(1),
                            overload.group(2));
        }
        if (message.contains("<EOF>")) {
            return "the expression ends too early";
        }
        var unexpected = UNEXPECTED.matcher(message);
        if (unexpected.find()) {
            return "`" + unexpected.group(1) + "` cannot stand here";
        }
        int listing = message.indexOf(" expecting {");
        return plain(listing < 0 ? message : message.substring(0, listing));
    }

    /// The words of an error without the parts that only tell where in the library it arose.
    static String plain(@Nullable String message) {
        if (message == null || message.isBlank()) {
            return "it cannot be evaluated";
        }
        var text = message.replaceFirst("^(evaluation error at <input>:\\d+: )+", "");
        int candidates = text.indexOf(" Overload candidates:");
        text = candidates < 0 ? text : text.substring(0, candidates);
        text = text.replaceAll("\\s+", " ").strip();
        return text.length() > 300
                ? text.substring(0, 300) + "…"
                : text.isEmpty() ? text : decapitalize(text);
    }

    private static String decapitalize(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
