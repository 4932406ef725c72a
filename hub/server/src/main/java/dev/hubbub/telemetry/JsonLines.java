package dev.hubbub.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.event.KeyValuePair;

/**
 * Lines of the log as JSON, one object a line.
 *
 * <p>The house writes a past event and then {@code key=value}: {@code "node stopping clients={}"}. That is taken apart
 * again, into {@code event} and {@code fields}; {@code message} holds the whole as people read it.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};
    private static final Pattern VALUE = Pattern.compile("(?:(\\w+)=)?\\{}");

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent line) {
        JsonObject json = new JsonObject()
                .put("time", Instant.ofEpochMilli(line.getTimeStamp()).toString())
                .put("level", line.getLevel().toString())
                .put("logger", line.getLoggerName())
                .put("thread", line.getThreadName())
                .put("message", line.getFormattedMessage());
        takeApart(line, json);
        Optional.ofNullable(line.getThrowableProxy()).ifPresent(thrown -> json.put("error", error(thrown)));
        return (json.encode() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void takeApart(ILoggingEvent line, JsonObject json) {
        String text = Optional.ofNullable(line.getMessage()).orElse("");
        Object[] values = Optional.ofNullable(line.getArgumentArray()).orElseGet(() -> new Object[0]);
        JsonObject fields = new JsonObject();
        Matcher value = VALUE.matcher(text);
        int end = -1;
        for (int i = 0; i < values.length && value.find(); i++) {
            if (value.group(1) != null) {
                fields.put(value.group(1), plain(values[i]));
                end = end < 0 ? value.start() : end;
            }
        }
        for (KeyValuePair pair : Optional.ofNullable(line.getKeyValuePairs()).orElse(List.of())) {
            fields.put(pair.key, plain(pair.value));
        }
        if (end > 0) {
            json.put("event", text.substring(0, end).strip());
        }
        if (!fields.isEmpty()) {
            json.put("fields", fields);
        }
    }

    private static Object plain(Object value) {
        return value instanceof Number || value instanceof Boolean ? value : String.valueOf(value);
    }

    private static JsonObject error(IThrowableProxy thrown) {
        return new JsonObject()
                .put("type", thrown.getClassName())
                .put("message", thrown.getMessage())
                .put("stack", ThrowableProxyUtil.asString(thrown));
    }
}
