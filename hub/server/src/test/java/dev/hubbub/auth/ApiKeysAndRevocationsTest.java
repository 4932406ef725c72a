package dev.hubbub.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.attack.Attack;
import dev.hubbub.config.AuthConfig.ApiKeyConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApiKeysAndRevocationsTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final Duration KEEP = Duration.ofHours(24);

    private static ApiKeyConfig key(String name, String key) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        return new ApiKeyConfig(name, HexFormat.of().formatHex(hash), false, List.of(), List.of());
    }

    private static Identity identity(String subject, Optional<String> tokenId, long issuedAt, long expiresAt) {
        return new Identity(Optional.of(subject), Map.of(), tokenId, issuedAt, expiresAt);
    }

    private static Identity token(String id) {
        return identity("alice", Optional.of(id), NOW, NOW + 60_000);
    }

    @Test
    @Attack("S36")
    void aKeyFindsItsServiceAndNothingElseDoes() throws Exception {
        HashedApiKeys keys = new HashedApiKeys(List.of(key("orders", "k1"), key("mail", "k2")));
        assertThat(keys.find("k1").map(Caller.Service::name)).contains("orders");
        assertThat(keys.find("k2").map(Caller.Service::name)).contains("mail");
        String hash = key("orders", "k1").sha256();
        for (String wrong : List.of("", "k", "k1 ", "K1", "k3", hash, "x".repeat(10_000))) {
            assertThat(keys.find(wrong)).isEmpty();
        }
        assertThat(new HashedApiKeys(List.of()).find("k1")).isEmpty();
    }

    @Test
    void aHashThatIsNoneIsRefused() {
        ApiKeyConfig bad = new ApiKeyConfig("x", "abcd", false, List.of(), List.of());
        assertThatThrownBy(() -> new HashedApiKeys(List.of(bad))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRevokedTokenIsRefusedAndOthersAreNot() {
        Revocations revocations = new Revocations(10, KEEP);
        revocations.revokeToken("t1", NOW);
        assertThat(revocations.isRevoked(token("t1"), NOW)).isTrue();
        assertThat(revocations.isRevoked(token("t2"), NOW)).isFalse();
        assertThat(revocations.isRevoked(Identity.anonymous(), NOW)).isFalse();
        assertThat(revocations.isRevoked(identity("t1", Optional.empty(), NOW, NOW + 1), NOW))
                .as("a subject of the same text")
                .isFalse();
    }

    @Test
    void aRevokedSubjectLosesWhatWasIssuedBefore() {
        Revocations revocations = new Revocations(10, KEEP);
        revocations.revokeSubject("alice", NOW, NOW);
        revocations.revokeSubject("alice", NOW - 5_000, NOW);
        assertThat(revocations.isRevoked(identity("alice", Optional.empty(), NOW - 1, NOW + 1), NOW))
                .isTrue();
        assertThat(revocations.isRevoked(identity("alice", Optional.empty(), 0, NOW + 1), NOW))
                .as("no iat")
                .isTrue();
        assertThat(revocations.isRevoked(identity("alice", Optional.empty(), NOW, NOW + 1), NOW))
                .isFalse();
        assertThat(revocations.isRevoked(identity("bob", Optional.empty(), 0, NOW + 1), NOW))
                .isFalse();
    }

    @Test
    void anEntryEndsByItselfButNotBeforeATokenThatItHit() {
        Revocations revocations = new Revocations(10, KEEP);
        revocations.revokeToken("short", NOW);
        revocations.revokeToken("long", NOW);
        long later = NOW + KEEP.toMillis();
        Identity longLived = identity("a", Optional.of("long"), NOW, later + 3_600_000);
        assertThat(revocations.isRevoked(longLived, NOW)).isTrue();
        assertThat(revocations.isRevoked(longLived, later + 3_599_999)).isTrue();
        assertThat(revocations.isRevoked(token("short"), later - 1)).isTrue();
        assertThat(revocations.isRevoked(token("short"), later)).isFalse();
    }

    @Test
    void anotherNodeLearnsEverythingInPagesAndTellsItBackToNobody() {
        Revocations here = new Revocations(5_000, KEEP);
        for (int i = 0; i < 2_500; i++) {
            here.revokeToken("t" + i, NOW);
        }
        here.revokeSubject("alice", NOW, NOW);
        Revocations there = new Revocations(5_000, KEEP);
        long read = 0;
        int pages = 0;
        Revocations.Page page;
        do {
            page = here.after(read, 1_000);
            assertThat(there.learn(page.known(), NOW).fresh())
                    .isEqualTo(page.known().size());
            read = page.last();
            pages++;
        } while (page.more());
        assertThat(pages).isEqualTo(3);
        assertThat(there.isRevoked(token("t0"), NOW)).isTrue();
        assertThat(there.isRevoked(token("t2499"), NOW)).isTrue();
        assertThat(there.isRevoked(identity("alice", Optional.empty(), NOW - 1, NOW + 1), NOW))
                .isTrue();
        assertThat(here.after(read, 1_000).known()).as("nothing is new").isEmpty();
        assertThat(here.learn(there.after(0, 10_000).known(), NOW).fresh())
                .as("nothing comes back as news")
                .isZero();

        here.revokeToken("late", NOW + 1);
        assertThat(here.after(read, 1_000).known()).hasSize(1);
        assertThat(here.after(here.after(read, 1_000).last(), 1_000).known()).isEmpty();
    }

    @Test
    void whatHasEndedIsNotLearnedAndWhatHasNoPlaceIsTold() {
        Revocations here = new Revocations(10, KEEP);
        here.revokeToken("old", NOW - KEEP.toMillis());
        here.revokeToken("t1", NOW);
        here.revokeToken("t2", NOW);
        Revocations small = new Revocations(1, KEEP);
        assertThat(small.learn(here.after(0, 10).known(), NOW)).isEqualTo(new Revocations.Learned(1, 1));
        assertThat(small.isRevoked(token("t1"), NOW)).isTrue();
    }

    @Test
    void whenFullANewOneIsRefusedAndNoneIsDropped() {
        Revocations revocations = new Revocations(2, KEEP);
        revocations.revokeToken("t1", NOW);
        revocations.revokeToken("t2", NOW + 1);
        revocations.revokeToken("t1", NOW + 1);
        assertThatThrownBy(() -> revocations.revokeToken("t3", NOW + 2))
                .isInstanceOfSatisfying(
                        HubException.class, full -> assertThat(full.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
        assertThat(revocations.isRevoked(token("t1"), NOW + 2)).isTrue();
        assertThat(revocations.isRevoked(token("t2"), NOW + 2)).isTrue();
        revocations.revokeToken("t3", NOW + 1 + KEEP.toMillis());
        assertThat(revocations.size()).isEqualTo(1);
    }
}
