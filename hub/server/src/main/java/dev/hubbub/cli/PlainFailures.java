package dev.hubbub.cli;

import dev.hubbub.config.ConfigException;
import dev.hubbub.protocol.HubException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says expected failures in plain words; everything else keeps its stack trace, for it is a fault of ours. */
final class PlainFailures implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        PrintWriter err = command.getErr();
        if (failure instanceof ConfigException config) {
            config.faults().forEach(fault -> err.println(fault));
            err.flush();
            return 2;
        }
        if (failure instanceof HubException || failure instanceof IOException || failure instanceof Refusal) {
            err.println(failure.getMessage());
            err.flush();
            return 1;
        }
        throw failure;
    }

    /** A command that cannot do what was asked; the message says why and what to do. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message, null, false, false);
        }
    }
}
