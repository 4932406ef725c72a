package dev.hubbub.http;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts into plain words why a request does not fit the API's description.
 *
 * <p>Of all that a schema has to say, the fault that lies deepest in the request is told: the others are about schemas
 * that hold it.
 */
final class MisfitMessage {
    private static final Pattern PARAMETER =
            Pattern.compile("(path|query|header) parameter (\\S+?)\\.?(?: is|$| can't)");
    private static final String WHOLE = "body";
    private static final Pattern VAGUE =
            Pattern.compile("sub-?schema|match schema|oneOf|anyOf|additional properties", Pattern.CASE_INSENSITIVE);
    private static final Pattern MISSING = Pattern.compile("does not have required property \"(.+)\"");
    private static final Pattern TYPE = Pattern.compile("Instance type (\\w+) is invalid\\. Expected (.+)");

    private MisfitMessage() {}

    /** Makes the refusal, with the field's name in {@code details.field} where there is one. */
    static HubException refusal(ValidatorException misfit) {
        String text = Optional.ofNullable(misfit.getMessage()).orElse("");
        Matcher parameter = PARAMETER.matcher(text);
        boolean aboutParameter = parameter.find();
        Optional<OutputUnit> fault = Optional.of(misfit)
                .filter(SchemaValidationException.class::isInstance)
                .map(SchemaValidationException.class::cast)
                .flatMap(e -> deepest(e.getOutputUnit().getErrors()));
        if (aboutParameter) {
            String place = parameter.group(1) + " parameter " + parameter.group(2);
            return refusal(
                    place + ": " + fault.map(MisfitMessage::reason).orElse("missing or malformed"), parameter.group(2));
        }
        if (fault.isEmpty()) {
            return refusal("the body is missing, or is not correct JSON", WHOLE);
        }
        String field = field(fault.get().getInstanceLocation());
        Matcher missing = MISSING.matcher(fault.get().getError());
        if (missing.find()) {
            String absent = field.equals(WHOLE) ? missing.group(1) : field + "." + missing.group(1);
            return refusal(absent + ": is missing", absent);
        }
        return refusal(field + ": " + reason(fault.get()), field);
    }

    private static HubException refusal(String message, String field) {
        return new HubException(ErrorCode.BAD_REQUEST, message, new JsonObject().put("field", field));
    }

    private static Optional<OutputUnit> deepest(List<OutputUnit> faults) {
        return faults.stream()
                .filter(fault -> !VAGUE.matcher(fault.getError()).find())
                .max(Comparator.comparingLong(MisfitMessage::depth)
                        // Of a choice, what has the right type but another fault is what was meant.
                        .thenComparing(fault -> !TYPE.matcher(fault.getError()).matches()));
    }

    private static long depth(OutputUnit fault) {
        return fault.getInstanceLocation().chars().filter(c -> c == '/').count();
    }

    /** Turns {@code #/3/address} into {@code [3].address}, and the whole document into {@code body}. */
    private static String field(String location) {
        String path = location.replaceFirst("^#/?", "")
                .replaceAll("(^|/)(\\d+)(?=/|$)", "[$2]")
                .replace('/', '.');
        return path.isEmpty() ? WHOLE : path;
    }

    private static String reason(OutputUnit fault) {
        Matcher type = TYPE.matcher(fault.getError());
        if (type.matches()) {
            return "is of type " + type.group(1) + ", not " + type.group(2).replace(",", " or ");
        }
        return fault.getError().replace("Instance", "it");
    }
}
