package dev.hubbub.demo.trading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.demo.trading.BookChange.Side;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

final class MarketTest {
    @Test
    void theSameSeedMakesTheSameMarket() {
        Market one = new Market("ACME", 10_120, 42);
        Market same = new Market("ACME", 10_120, 42);
        Market other = new Market("ACME", 10_120, 43);

        assertThat(steps(one)).isEqualTo(steps(same)).isNotEqualTo(steps(other));
        assertThat(one.tick()).isEqualTo(same.tick());
    }

    @Test
    void bidsStayBelowAsksAndTheBookStaysNarrow() {
        Market market = new Market("ACME", 10_120, 42);
        for (int i = 0; i < 20_000; i++) {
            assertThat(market.step().changes()).isNotEmpty();
            assertThat(market.book().best(Side.BID)).isLessThan(market.book().best(Side.ASK));
            assertThat(market.book().levels(Side.BID)).hasSizeBetween(5, 30);
            assertThat(market.book().levels(Side.ASK)).hasSizeBetween(5, 30);
        }
        assertThat(market.lastPrice()).isBetween(9_500, 10_700);
    }

    @Test
    void whoAppliesEveryDeltaHasTheSameChecksum() {
        Market market = new Market("ACME", 10_120, 42);
        OrderBook copy = new OrderBook();
        copy.apply(levels(market.book()));
        long version = market.book().version();
        for (int i = 0; i < 1_000; i++) {
            MarketStep step = market.step();
            assertThat(step.from()).isEqualTo(version);
            version = step.to();
            copy.apply(step.changes());
            assertThat(copy.checksum()).isEqualTo(market.book().checksum());
        }
    }

    @Test
    void oneDeltaLessIsAnotherChecksum() {
        OrderBook book = new OrderBook();
        book.apply(List.of(new BookChange(Side.BID, 100, 5), new BookChange(Side.ASK, 102, 7)));
        long before = book.checksum();

        book.apply(List.of(new BookChange(Side.BID, 100, 6)));

        assertThat(book.checksum()).isNotEqualTo(before);
        assertThat(before).isEqualTo(crcOf("100:5|102:7"));
    }

    @Test
    void tradesAreNumberedAndCountedInTheVolume() {
        Market market = new Market("ACME", 10_120, 42);
        List<Trade> trades = IntStream.range(0, 500)
                .boxed()
                .flatMap(i -> market.step().trades().stream())
                .toList();

        assertThat(trades).hasSizeGreaterThan(50);
        assertThat(trades.get(trades.size() - 1).number() - trades.get(0).number())
                .isEqualTo(trades.size() - 1);
        assertThat(market.lastPrice()).isEqualTo(trades.get(trades.size() - 1).price());
    }

    private static List<MarketStep> steps(Market market) {
        return Stream.generate(market::step).limit(200).toList();
    }

    private static List<BookChange> levels(OrderBook book) {
        return Stream.of(Side.values())
                .flatMap(side -> book.levels(side).entrySet().stream()
                        .map(level -> new BookChange(side, level.getKey(), level.getValue())))
                .toList();
    }

    private static long crcOf(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }
}
