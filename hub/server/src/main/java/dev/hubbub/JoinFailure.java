package dev.hubbub;

import dev.hubbub.config.ClusterConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.net.BindException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in plain words why a node could not become a member of its cluster. */
final class JoinFailure {
    private static final Logger log = LoggerFactory.getLogger(JoinFailure.class);

    private JoinFailure() {}

    static HubException inPlainWords(Throwable failure, ClusterConfig cluster) {
        log.debug("joining failed cluster={}", cluster.name(), failure);
        return new HubException(
                ErrorCode.UNAVAILABLE,
                "cannot join the cluster \"" + cluster.name() + "\" on member port " + cluster.port() + " and bus port "
                        + cluster.network().busPort() + ": " + reason(failure));
    }

    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return "a port is taken, or cluster.host is no address of this machine (" + cause.getMessage() + ")";
            }
        }
        return String.valueOf(failure.getMessage());
    }
}
