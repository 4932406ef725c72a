package dev.hubbub.checks;

import com.google.errorprone.BugPattern;
import com.google.errorprone.VisitorState;
import com.google.errorprone.bugpatterns.BugChecker;
import com.google.errorprone.matchers.Description;
import com.google.errorprone.util.ASTHelpers;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import java.util.Set;

/**
 * Refuses a Vert.x future that nobody looks at.
 *
 * <p>Error Prone's own {@code FutureReturnValueIgnored} knows {@code java.util.concurrent} futures only. A chain counts
 * as looked at when its last call is {@code onFailure} or {@code onComplete}; anything else has to be returned, stored
 * or handed on. Both statements and lambdas that stand for a {@code void} function are examined.
 */
@BugPattern(
        summary = "A dropped Vert.x Future loses its failure: return it, or end it with onFailure or onComplete",
        severity = BugPattern.SeverityLevel.ERROR)
public final class VertxFutureIgnored extends BugChecker
        implements BugChecker.ExpressionStatementTreeMatcher, BugChecker.LambdaExpressionTreeMatcher {
    private static final long serialVersionUID = 1L;
    private static final String FUTURE = "io.vertx.core.Future";
    private static final Set<String> ENDS = Set.of("onFailure", "onComplete");

    @Override
    public Description matchExpressionStatement(ExpressionStatementTree statement, VisitorState state) {
        ExpressionTree expression = statement.getExpression();
        return leavesFutureUnseen(expression, state) ? describeMatch(statement) : Description.NO_MATCH;
    }

    @Override
    public Description matchLambdaExpression(LambdaExpressionTree lambda, VisitorState state) {
        Tree body = lambda.getBody();
        boolean suspect = body instanceof ExpressionTree && returnsNothing(lambda, state);
        return suspect && leavesFutureUnseen(body, state) ? describeMatch(lambda) : Description.NO_MATCH;
    }

    private static boolean returnsNothing(LambdaExpressionTree lambda, VisitorState state) {
        Type descriptor = state.getTypes().findDescriptorType(ASTHelpers.getType(lambda));
        return descriptor.getReturnType().hasTag(TypeTag.VOID);
    }

    private static boolean leavesFutureUnseen(Tree expression, VisitorState state) {
        if (expression instanceof MethodInvocationTree call) {
            Type future = state.getTypeFromString(FUTURE);
            String method = ASTHelpers.getSymbol(call).getSimpleName().toString();
            return future != null
                    && ASTHelpers.isSubtype(ASTHelpers.getType(call), future, state)
                    && !ENDS.contains(method);
        }
        return false;
    }
}
