package dev.hubbub.permission;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.Fault;
import dev.hubbub.config.SourcePosition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Compiles expressions: parse, type-check, plan.
 *
 * <p>The limits keep the cost of one decision bounded whatever a token holds: a source of
 * {@value #MAX_SOURCE_CODE_POINTS} characters, {@value #MAX_DEPTH} levels, {@value #MAX_ITERATIONS} items looked at in
 * one evaluation (nested loops together). Regular expressions are RE2, linear in their input.
 */
final class ExpressionCompiler {
    /** Items of lists and maps that one evaluation may look at. */
    static final int MAX_ITERATIONS = 10_000;

    private static final int MAX_SOURCE_CODE_POINTS = 2_048;
    private static final int MAX_DEPTH = 32;
    private static final Set<String> CONNECTION_FIELDS = Set.of("ip", "agent");

    private final Consumer<Fault> faults;
    private final CelOptions options = CelOptions.current()
            .maxExpressionCodePointSize(MAX_SOURCE_CODE_POINTS)
            .maxParseRecursionDepth(MAX_DEPTH)
            .comprehensionMaxIterations(MAX_ITERATIONS)
            .enableHeterogeneousNumericComparisons(true)
            .build();

    /** Creates a compiler that hands every fault to {@code faults}. */
    ExpressionCompiler(Consumer<Fault> faults) {
        this.faults = faults;
    }

    /** Compiles one expression that may use {@code names}; empty when it has faults. */
    Optional<RuleExpression> compile(Expression expression, List<String> names) {
        String source = expression.source().strip();
        if (source.equals("true") || source.equals("false")) {
            return Optional.of(new ConstantExpression(source.equals("true"), expression.at()));
        }
        if (source.isEmpty()) {
            faults.accept(new Fault(expression.at(), "the expression is empty; write true, false or a condition"));
            return Optional.empty();
        }
        try {
            return compile(
                    expression, compiler(names).compile(expression.source()).getAst());
        } catch (CelValidationException invalid) {
            report(expression, invalid, names);
        } catch (CelEvaluationException impossible) {
            faults.accept(new Fault(expression.at(), "the expression cannot be evaluated"));
        }
        return Optional.empty();
    }

    private Optional<RuleExpression> compile(Expression expression, CelAbstractSyntaxTree ast)
            throws CelEvaluationException {
        CelType type = ast.getResultType();
        if (type.kind() != CelKind.BOOL && type.kind() != CelKind.DYN) {
            faults.accept(
                    new Fault(expression.at(), "the expression gives " + type.name() + "; it must give true or false"));
            return Optional.empty();
        }
        List<Mention> mentions = Mention.in(ast);
        for (Mention mention : mentions) {
            if (isUnknownConnectionField(mention)) {
                faults.accept(new Fault(
                        placeOf(mention, ast, expression),
                        mention.path() + " does not exist; a connection has ip and agent"));
                return Optional.empty();
            }
        }
        CelRuntime runtime =
                CelRuntimeFactory.plannerRuntimeBuilder().setOptions(options).build();
        return Optional.of(
                new CelExpression(expression.source().strip(), expression.at(), runtime.createProgram(ast), mentions));
    }

    private static boolean isUnknownConnectionField(Mention mention) {
        return mention.root().equals(CelExpression.CONNECTION)
                && !mention.fields().isEmpty()
                && !CONNECTION_FIELDS.contains(mention.fields().get(0));
    }

    private CelCompiler compiler(List<String> names) {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(options)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar(CelExpression.CLAIMS, MapType.create(SimpleType.STRING, SimpleType.DYN))
                .addVar(CelExpression.CONNECTION, MapType.create(SimpleType.STRING, SimpleType.STRING));
        names.forEach(name -> builder.addVar(name, SimpleType.STRING));
        return builder.build();
    }

    private void report(Expression expression, CelValidationException invalid, List<String> names) {
        List<CelIssue> issues = invalid.getErrors();
        if (issues.isEmpty()) {
            faults.accept(new Fault(
                    expression.at(),
                    "the expression is too long; at most " + MAX_SOURCE_CODE_POINTS + " characters are accepted"));
        }
        for (CelIssue issue : issues) {
            faults.accept(new Fault(
                    place(expression.at(), issue.getSourceLocation()), IssueWords.of(issue.getMessage(), names)));
        }
    }

    private static SourcePosition placeOf(Mention mention, CelAbstractSyntaxTree ast, Expression expression) {
        return ast.getSource()
                .getOffsetLocation(ast.getSource().getPositionsMap().getOrDefault(mention.exprId(), 0))
                .map(location -> place(expression.at(), location))
                .orElse(expression.at());
    }

    /** Adds CEL's place (line from 1, column from 0) to the expression's own; later lines start in its column. */
    private static SourcePosition place(SourcePosition start, CelSourceLocation inside) {
        int line = Math.max(inside.getLine(), 1);
        int column = Math.max(inside.getColumn(), 0);
        return new SourcePosition(start.file(), start.line() + line - 1, start.column() + column);
    }
}
