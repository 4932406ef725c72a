package dev.hubbub.cli;

import dev.hubbub.auth.Caller;
import dev.hubbub.config.AddressRule;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.Decision;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.protocol.Address;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the rules are expected to decide in one case.
 *
 * @param line where it stands in its file, from 1
 * @param name what it is about, in words
 * @param caller who asks
 * @param allowed the expected answer
 * @param rule which rule is expected to decide: its place in the config from 0, its pattern, or {@code none}; empty for
 *     any
 */
record RuleCase(
        int line, String name, Caller caller, Action action, Address address, boolean allowed, Optional<String> rule) {
    static final String NO_RULE = "none";

    /** Lets the rules decide. */
    Result judge(PermissionRules rules, List<AddressRule> all) {
        Decision decision = rules.decide(caller, action, address);
        OptionalInt decided = rules.placeOf(address);
        String fault = "";
        if (decision.allowed() != allowed) {
            fault = "expected " + word(allowed) + ", but the answer is " + word(decision.allowed());
        } else if (rule.isPresent() && !isExpected(rule.get(), decided, all)) {
            fault = "expected that rule " + rule.get() + " decides, but it is " + told(decided, all);
        }
        return new Result(this, decision, decided, fault);
    }

    private static String word(boolean allowed) {
        return allowed ? "allow" : "deny";
    }

    private static boolean isExpected(String rule, OptionalInt decided, List<AddressRule> all) {
        if (decided.isEmpty()) {
            return rule.equals(NO_RULE);
        }
        int place = decided.getAsInt();
        return rule.equals(String.valueOf(place))
                || rule.equals(all.get(place).match().source());
    }

    private static String told(OptionalInt decided, List<AddressRule> all) {
        return decided.isPresent()
                ? "addresses[" + decided.getAsInt() + "] "
                        + all.get(decided.getAsInt()).match().source()
                : NO_RULE;
    }

    /**
     * What came of it.
     *
     * @param decided the place of the rule that matched
     * @param fault what is not as expected; empty for nothing
     */
    record Result(RuleCase of, Decision decision, OptionalInt decided, String fault) {
        boolean passed() {
            return fault.isEmpty();
        }
    }
}
