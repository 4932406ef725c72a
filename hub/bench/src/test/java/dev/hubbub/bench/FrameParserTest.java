package dev.hubbub.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameParserTest {

    private static final int FINAL_TEXT = 0x81;

    private final FrameParser parser = new FrameParser();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(200_000);
    private final Heard heard = new Heard();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 100_000})
    void everyLengthIsReadWhole(int length) throws IOException {
        String text = "x".repeat(length);

        read(frame(FINAL_TEXT, text));

        assertThat(heard.messages).containsExactly(text);
    }

    @Test
    void framesCutAtAnyByteAreReadTheSame() throws IOException {
        byte[] stream = join(frame(FINAL_TEXT, "a"), frame(FINAL_TEXT, "b".repeat(300)), frame(0x82, "c"));

        for (int cut = 1; cut < stream.length; cut++) {
            heard.messages.clear();
            read(Arrays.copyOf(stream, cut));
            read(Arrays.copyOfRange(stream, cut, stream.length));
            assertThat(heard.messages).as("cut at %d", cut).containsExactly("a", "b".repeat(300), "c");
        }
    }

    @Test
    void framesThatArriveByteByByteAreReadOnce() throws IOException {
        for (byte b : join(frame(FINAL_TEXT, "y".repeat(126)), frame(FINAL_TEXT, "z".repeat(70_000)))) {
            read(b);
        }

        assertThat(heard.messages).containsExactly("y".repeat(126), "z".repeat(70_000));
    }

    @Test
    void fragmentsAreJoinedAndAPingMayStandBetweenThem() throws IOException {
        read(join(
                frame(0x01, "one "), frame(0x89, "p"), frame(0x00, "two "), frame(0x80, "three"), frame(0x81, "next")));

        assertThat(heard.messages).containsExactly("one two three", "next");
        assertThat(heard.pings).containsExactly("p");
    }

    @Test
    void aContinuationOfNothingIsRefused() {
        assertThatThrownBy(() -> read(frame(0x80, "lost"))).hasMessageContaining("mixed up the fragments");
    }

    @Test
    void aNewMessageInsideAFragmentedOneIsRefused() {
        assertThatThrownBy(() -> read(join(frame(0x01, "one"), frame(0x81, "two"))))
                .hasMessageContaining("mixed up the fragments");
    }

    @Test
    void aCloseTellsItsCodeAndReason() throws IOException {
        read(join(new byte[] {(byte) 0x88, 4, 0x10, (byte) 0xF4}, "no".getBytes(StandardCharsets.UTF_8)));

        assertThat(heard.closes).containsExactly("4340 no");
    }

    @Test
    void aCloseWithoutACodeIs1005() throws IOException {
        read(new byte[] {(byte) 0x88, 0});

        assertThat(heard.closes).containsExactly("1005 ");
    }

    @Test
    void aMaskedFrameFromAServerIsRefused() {
        assertThatThrownBy(() -> read((byte) 0x81, (byte) 0x81, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 'a'))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("masked");
    }

    @Test
    void aFrameLargerThanTheBufferIsRefused() {
        byte[] large = frame(FINAL_TEXT, "x".repeat(300_000));

        assertThatThrownBy(() -> {
                    for (int at = 0; at < large.length; at += 100_000) {
                        read(Arrays.copyOfRange(large, at, Math.min(large.length, at + 100_000)));
                    }
                })
                .hasMessageContaining("larger than the receive buffer");
    }

    @Test
    void whatTheWriterMasksCarriesTheSameText() {
        for (int length : new int[] {0, 5, 125, 126, 65_535, 65_536}) {
            byte[] payload = "abcdefg".repeat(10_000).substring(0, length).getBytes(StandardCharsets.UTF_8);

            ByteBuffer frame = FrameWriter.text(payload);

            assertThat(frame.get()).isEqualTo((byte) FINAL_TEXT);
            assertThat(frame.get()).as("mask bit").isNegative();
            byte[] mask = new byte[4];
            frame.position(length < 126 ? 2 : length < 65_536 ? 4 : 10).get(mask);
            byte[] masked = new byte[frame.remaining()];
            frame.get(masked);
            for (int i = 0; i < masked.length; i++) {
                masked[i] ^= mask[i % 4];
            }
            assertThat(masked).isEqualTo(payload);
        }
    }

    private void read(byte... bytes) throws IOException {
        assertThat(parser.read(Channels.newChannel(new ByteArrayInputStream(bytes)), scratch, heard))
                .isEqualTo(bytes.length);
    }

    private static byte[] frame(int first, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 10).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) payload.length);
        } else if (payload.length < 65_536) {
            frame.put((byte) 126).putShort((short) payload.length);
        } else {
            frame.put((byte) 127).putLong(payload.length);
        }
        frame.put(payload);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer joined = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.array();
    }

    private static final class Heard implements FrameParser.Sink {
        private final List<String> messages = new ArrayList<>();
        private final List<String> pings = new ArrayList<>();
        private final List<String> closes = new ArrayList<>();

        @Override
        public void message(ByteBuffer buffer, int from, int to) {
            byte[] bytes = new byte[to - from];
            buffer.get(from, bytes);
            messages.add(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void ping(byte[] payload) {
            pings.add(new String(payload, StandardCharsets.UTF_8));
        }

        @Override
        public void closed(int code, String reason) {
            closes.add(code + " " + reason);
        }
    }
}
