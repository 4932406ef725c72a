package dev.hubbub.replay;

import dev.hubbub.protocol.Position;
import dev.hubbub.telemetry.EventTrail;
import dev.hubbub.telemetry.EventTrail.Step;
import java.util.ArrayList;
import java.util.List;

/** The events of one append, some of them followed on their way; what they lead to belongs to the same trace. */
record FollowedAppends(List<Append> events, List<Step> steps) {

    /** Begins the step of those that are followed; the others pass as they are. */
    static FollowedAppends of(List<Append> events, EventTrail trail) {
        if (trail.isIdle()) {
            return new FollowedAppends(events, List.of());
        }
        List<Append> followed = new ArrayList<>(events.size());
        List<Step> steps = new ArrayList<>(events.size());
        for (Append wish : events) {
            Step step = trail.appending(wish.address().value(), wish.content().id(), wish.traceparent());
            steps.add(step);
            followed.add(step.traceparent().isEmpty() ? wish : wish.within(step.traceparent()));
        }
        return new FollowedAppends(followed, steps);
    }

    /** Ends every step with what became of its event. */
    void end(List<AppendResult> results) {
        for (int i = 0; i < steps.size(); i++) {
            if (results.get(i) instanceof AppendResult.Appended appended) {
                String position = appended.position().map(Position::toString).orElse("");
                steps.get(i).appended(position, appended.duplicate());
            } else if (results.get(i) instanceof AppendResult.Refused refused) {
                steps.get(i).refused(refused.why().code().snakeCase());
            }
        }
    }

    /** Ends every step: nobody knows what became of the events. */
    void endUnknown() {
        steps.forEach(step -> step.refused("unknown"));
    }
}
