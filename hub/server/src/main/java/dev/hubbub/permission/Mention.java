package dev.hubbub.permission;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.navigation.TraversalOrder;
import dev.cel.runtime.CelVariableResolver;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A part of claims or connection that an expression mentions, such as {@code claims.org.id}.
 *
 * @param root the variable
 * @param fields the fields, outermost first; empty when the whole variable is looked at
 * @param exprId which expression of the tree it is; 0 in none
 */
record Mention(String root, List<String> fields, long exprId) {

    Mention {
        fields = List.copyOf(fields);
    }

    /** Returns the text as an expression writes it. */
    String path() {
        return path(fields.size());
    }

    /** Returns the text of the first {@code length} fields. */
    String path(int length) {
        return length == 0 ? root : root + "." + String.join(".", fields.subList(0, length));
    }

    /** Finds its value. */
    Optional<Object> lookUp(CelVariableResolver scope) {
        return lookUp(scope, fields.size());
    }

    /** Finds the value of the first {@code length} fields. */
    Optional<Object> lookUp(CelVariableResolver scope, int length) {
        Optional<Object> value = scope.find(root);
        for (String field : fields.subList(0, length)) {
            value = value.flatMap(
                    object -> object instanceof Map<?, ?> map ? Optional.ofNullable(map.get(field)) : Optional.empty());
        }
        return value;
    }

    /** Finds everything of claims and connection that a checked expression mentions, each once, in its order. */
    static List<Mention> in(CelAbstractSyntaxTree ast) {
        Set<Long> inside = new LinkedHashSet<>();
        List<Mention> found = new ArrayList<>();
        Set<String> paths = new LinkedHashSet<>();
        CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes(TraversalOrder.PRE_ORDER)
                .map(CelNavigableExpr::expr)
                .forEach(expr -> {
                    Optional<Mention> mention = inside.contains(expr.id()) ? Optional.empty() : of(expr);
                    mention.ifPresent(whole -> {
                        markInside(expr, inside);
                        if (paths.add(whole.path())) {
                            found.add(whole);
                        }
                    });
                });
        return found;
    }

    private static void markInside(CelExpr expr, Set<Long> inside) {
        Optional<CelExpr> operand = operand(expr);
        while (operand.isPresent()) {
            inside.add(operand.get().id());
            operand = operand(operand.get());
        }
    }

    private static Optional<Mention> of(CelExpr expr) {
        List<String> fields = new ArrayList<>();
        CelExpr at = expr;
        Optional<CelExpr> operand = operand(at);
        while (operand.isPresent()) {
            fields.add(0, field(at));
            at = operand.get();
            operand = operand(at);
        }
        if (at.getKind() != CelExpr.ExprKind.Kind.IDENT) {
            return Optional.empty();
        }
        String root = at.ident().name();
        return root.equals(CelExpression.CLAIMS) || root.equals(CelExpression.CONNECTION)
                ? Optional.of(new Mention(root, fields, expr.id()))
                : Optional.empty();
    }

    /** Returns what {@code expr} takes a field of: for {@code a.b}, {@code has(a.b)} and {@code a["b"]} it is a. */
    private static Optional<CelExpr> operand(CelExpr expr) {
        if (expr.getKind() == CelExpr.ExprKind.Kind.SELECT) {
            return Optional.of(expr.select().operand());
        }
        return isConstantIndex(expr) ? Optional.of(expr.call().args().get(0)) : Optional.empty();
    }

    private static boolean isConstantIndex(CelExpr expr) {
        return expr.getKind() == CelExpr.ExprKind.Kind.CALL
                && expr.call().function().equals("_[_]")
                && expr.call().args().get(1).getKind() == CelExpr.ExprKind.Kind.CONSTANT
                && expr.call().args().get(1).constant().getKind() == CelConstant.Kind.STRING_VALUE;
    }

    private static String field(CelExpr expr) {
        return expr.getKind() == CelExpr.ExprKind.Kind.SELECT
                ? expr.select().field()
                : expr.call().args().get(1).constant().stringValue();
    }
}
