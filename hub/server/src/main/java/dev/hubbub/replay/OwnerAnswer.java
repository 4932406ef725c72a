package dev.hubbub.replay;

import java.util.List;
import java.util.Optional;

/** What a {@link ReplayOwner} answers, beside {@link ReadResult}; all of it travels between nodes. */
sealed interface OwnerAnswer {

    /** One result per event, in the order asked. */
    record Results(List<AppendResult> all) implements OwnerAnswer {
        /** Copies the list. */
        public Results {
            all = List.copyOf(all);
        }
    }

    /**
     * The node listens.
     *
     * @param link names the numbering of the batches that will come; another name means that nothing of what the asker
     *     listened to before is known any more
     * @param number the number of the last batch before the question was taken
     * @param answers one per address, in the order asked
     */
    record Listening(String link, long number, List<Heard> answers) implements OwnerAnswer {
        /** Copies the list. */
        public Listening {
            answers = List.copyOf(answers);
        }
    }

    /**
     * The answer for one address.
     *
     * @param attached the head; empty when the node does not listen to it
     * @param reason why not, in plain words; empty text when it does
     */
    record Heard(Optional<Attached> attached, String reason) {}

    /** Counts. */
    record Logs(List<LogInfo> all) implements OwnerAnswer {
        /** Copies the list. */
        public Logs {
            all = List.copyOf(all);
        }
    }

    /** Whether the asked node sees the same members. */
    record View(boolean same) implements OwnerAnswer {}
}
