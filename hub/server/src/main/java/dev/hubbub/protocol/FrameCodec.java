package dev.hubbub.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns what clients write into frames, strictly; {@code hub/PROTOCOL.md} is the reference.
 *
 * <p>Never throws for what a client wrote: everything that is not a frame becomes {@link Decoded.Refused}, with the
 * address it is about if one could be read. Stateless and safe for every thread.
 */
public final class FrameCodec {

    /** Most frames in one JSON array of the batch mode. */
    public static final int MAX_BATCH = 1_000;

    /** Most headers of one frame. */
    public static final int MAX_HEADERS = 64;

    /** Longest reply address, in characters. */
    public static final int MAX_REPLY_ADDRESS = 64;

    private static final int NO_BATCH = -1;

    private FrameCodec() {}

    /** Reads one frame from one JSON text. */
    public static Decoded decode(String text) {
        return read(text, NO_BATCH).get(0);
    }

    /**
     * Reads a frame, or a JSON array of frames, from one JSON text of the batch mode.
     *
     * @param limit the largest frame, in bytes of UTF-8
     */
    public static List<Decoded> decodeBatch(String text, int limit) {
        return read(text, limit);
    }

    /**
     * Reads frames out of SockJS framing: a JSON string, or a JSON array of strings, each holding one frame.
     *
     * @param limit the largest inner message, in bytes of UTF-8
     */
    public static List<Decoded> decodeSockJs(String text, int limit) {
        List<Decoded> frames = new ArrayList<>();
        try (JsonParser parser = JsonReader.parser(text)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.VALUE_STRING) {
                frames.add(decodeInner(parser.getText(), limit));
            } else if (first == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.VALUE_STRING && frames.size() < MAX_BATCH) {
                    frames.add(decodeInner(parser.getText(), limit));
                }
                if (parser.currentToken() != JsonToken.END_ARRAY) {
                    frames.add(refused("a SockJS message is a JSON array of at most " + MAX_BATCH + " strings"));
                    return frames;
                }
            } else {
                return List.of(refused("a SockJS message is a JSON string or an array of strings"));
            }
            if (parser.nextToken() != null) {
                frames.add(refused("there is something after the SockJS message"));
            }
        } catch (JsonProcessingException e) {
            frames.add(refused("the SockJS message is not valid JSON"));
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory could not be read", e);
        }
        return frames;
    }

    /** Reads one frame of at most {@code limit} bytes of UTF-8. */
    public static Decoded decodeInner(String text, int limit) {
        return isLonger(text, limit) ? tooLarge(limit) : decode(text);
    }

    /** Returns the refusal of a message of more than {@code limit} bytes. */
    public static Decoded.Refused tooLarge(int limit) {
        return new Decoded.Refused(
                Optional.empty(),
                new HubException(ErrorCode.TOO_LARGE, "a message may have at most " + limit + " bytes"));
    }

    private static boolean isLonger(String text, int limit) {
        if (text.length() > limit) {
            return true;
        }
        return text.length() > limit / 3 && text.getBytes(StandardCharsets.UTF_8).length > limit;
    }

    private static List<Decoded> read(String text, int batchLimit) {
        List<Decoded> frames = new ArrayList<>(1);
        FrameReader reader = new FrameReader(0);
        try (JsonParser parser = JsonReader.parser(text)) {
            if (parser.nextToken() == JsonToken.START_ARRAY && batchLimit != NO_BATCH) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (frames.size() == MAX_BATCH) {
                        frames.add(refused("an array holds at most " + MAX_BATCH + " frames"));
                        return frames;
                    }
                    reader = new FrameReader(1);
                    frames.add(element(text, parser, reader, batchLimit));
                }
                reader = new FrameReader(0);
            } else {
                Decoded only = reader.read(parser);
                if (batchLimit != NO_BATCH && isLonger(text, batchLimit)) {
                    return List.of(tooLarge(batchLimit));
                }
                return parser.nextToken() == null ? List.of(only) : List.of(reader.refusal(trailing()));
            }
            if (parser.nextToken() != null) {
                frames.add(reader.refusal(trailing()));
            }
        } catch (JsonProcessingException e) {
            // Jackson's own words quote the text; a client gets ours.
            frames.add(reader.refusal(bad("the frame is not valid JSON")));
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory could not be read", e);
        }
        return frames;
    }

    private static Decoded element(String text, JsonParser parser, FrameReader reader, int limit) throws IOException {
        int from = (int) parser.currentTokenLocation().getCharOffset();
        Decoded read = reader.read(parser);
        int until = (int) parser.currentLocation().getCharOffset();
        return isLonger(text.substring(from, until), limit) ? tooLarge(limit) : read;
    }

    private static HubException trailing() {
        return bad("there is something after the frame");
    }

    private static Decoded.Refused refused(String message) {
        return new Decoded.Refused(Optional.empty(), bad(message));
    }

    static HubException bad(String message) {
        return new HubException(ErrorCode.BAD_FRAME, message);
    }
}
