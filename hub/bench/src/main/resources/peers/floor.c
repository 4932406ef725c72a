/*
 * The floor: what fan-out over WebSockets costs when nothing else is done. One thread, epoll, text frames.
 *
 *   floor PORT each    one system call for each delivery
 *   floor PORT turn    the events of a turn leave in one system call for each subscriber
 *
 * A client says "s ADDRESS" to subscribe and "p ADDRESS BODY" to publish; subscribers get BODY. Loopback only. It trusts
 * its clients, which are the benchmark's: frames are short and whole, and nothing is bounded but what is kept for a
 * subscriber that does not read (UNSENT_MOST bytes, beyond which it is closed).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define MOST_SOCKETS 65536
#define MOST_TOPICS 32768
#define READ_BYTES 65536
#define UNSENT_MOST (64 << 20)

struct client {
  int open, upgraded;
  char *kept;
  size_t kept_length;
  char *unsent;
  size_t unsent_length;
};

struct topic {
  char *name;
  int *sockets;
  int count, room;
  char *turn;
  size_t turn_length, turn_room;
};

static struct client clients[MOST_SOCKETS];
static struct topic topics[MOST_TOPICS];
static struct topic *dirty[MOST_TOPICS];
static int dirty_count, poller, coalesce;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void *grown(void *old, size_t size) {
  void *new = realloc(old, size);
  if (!new) fail("realloc");
  return new;
}

/* SHA-1 of a short message (RFC 3174), for the handshake. */
static void sha1(const uint8_t *message, size_t length, uint8_t out[20]) {
  uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  size_t padded = (length + 8) / 64 * 64 + 64;
  uint8_t *block = calloc(1, padded);
  if (!block) fail("calloc");
  memcpy(block, message, length);
  block[length] = 0x80;
  for (int i = 0; i < 8; i++) block[padded - 1 - i] = (uint8_t)((uint64_t)length * 8 >> (8 * i));
  for (size_t at = 0; at < padded; at += 64) {
    uint32_t w[80], v[5];
    for (int i = 0; i < 16; i++) {
      uint8_t *p = block + at + 4 * i;
      w[i] = (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
    }
    for (int i = 16; i < 80; i++) {
      uint32_t x = w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16];
      w[i] = x << 1 | x >> 31;
    }
    memcpy(v, h, sizeof v);
    for (int i = 0; i < 80; i++) {
      uint32_t f = i < 20 ? (v[1] & v[2]) | (~v[1] & v[3])
                 : i < 40 || i >= 60 ? v[1] ^ v[2] ^ v[3]
                 : (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3]);
      uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
      uint32_t next = (v[0] << 5 | v[0] >> 27) + f + v[4] + k + w[i];
      v[4] = v[3], v[3] = v[2], v[2] = v[1] << 30 | v[1] >> 2, v[1] = v[0], v[0] = next;
    }
    for (int i = 0; i < 5; i++) h[i] += v[i];
  }
  free(block);
  for (int i = 0; i < 20; i++) out[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}

static void base64_of_20(const uint8_t in[20], char out[29]) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (int i = 0; i < 7; i++) {
    uint32_t three = (uint32_t)in[3 * i] << 16 | in[3 * i + 1] << 8 | (i < 6 ? in[3 * i + 2] : 0);
    for (int j = 0; j < 4; j++) out[4 * i + j] = digits[three >> (18 - 6 * j) & 63];
  }
  out[27] = '=', out[28] = 0;
}

static struct topic *topic_of(const char *name, size_t length) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ (uint8_t)name[i]) * 16777619u;
  for (uint32_t at = hash;; at++) {
    struct topic *found = &topics[at % MOST_TOPICS];
    if (!found->name) {
      found->name = strndup(name, length);
      return found;
    }
    if (strlen(found->name) == length && !memcmp(found->name, name, length)) return found;
  }
}

static void watch(int socket, int change, uint32_t events) {
  struct epoll_event event = {.events = events, .data.fd = socket};
  if (epoll_ctl(poller, change, socket, &event)) fail("epoll_ctl");
}

static void end(int socket) {
  struct client *client = &clients[socket];
  if (!client->open) return;
  close(socket);
  free(client->kept);
  free(client->unsent);
  memset(client, 0, sizeof *client);
  for (int i = 0; i < MOST_TOPICS; i++) {
    struct topic *topic = &topics[i];
    for (int j = 0; j < topic->count; j++) {
      if (topic->sockets[j] == socket) topic->sockets[j--] = topic->sockets[--topic->count];
    }
  }
}

static void send_bytes(int socket, const char *bytes, size_t length) {
  struct client *client = &clients[socket];
  if (!client->unsent_length) {
    ssize_t sent = write(socket, bytes, length);
    if (sent < 0 && errno != EAGAIN) return;
    if (sent > 0) bytes += sent, length -= (size_t)sent;
    if (!length) return;
    watch(socket, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
  }
  if (client->unsent_length + length > UNSENT_MOST) {
    shutdown(socket, SHUT_RDWR);
    return;
  }
  client->unsent = grown(client->unsent, client->unsent_length + length);
  memcpy(client->unsent + client->unsent_length, bytes, length);
  client->unsent_length += length;
}

static void send_rest(int socket) {
  struct client *client = &clients[socket];
  ssize_t sent = write(socket, client->unsent, client->unsent_length);
  if (sent <= 0) return;
  client->unsent_length -= (size_t)sent;
  memmove(client->unsent, client->unsent + sent, client->unsent_length);
  if (!client->unsent_length) {
    free(client->unsent);
    client->unsent = NULL;
    watch(socket, EPOLL_CTL_MOD, EPOLLIN);
  }
}

static size_t frame_of(char *out, const char *body, size_t length) {
  size_t header = length < 126 ? 2 : 4;
  out[0] = (char)0x81;
  out[1] = length < 126 ? (char)length : 126;
  if (header == 4) out[2] = (char)(length >> 8), out[3] = (char)length;
  memcpy(out + header, body, length);
  return header + length;
}

static void publish(struct topic *topic, const char *body, size_t length) {
  if (coalesce) {
    if (!topic->turn_length) dirty[dirty_count++] = topic;
    if (topic->turn_length + length + 4 > topic->turn_room) {
      topic->turn_room = 2 * topic->turn_room + length + 4;
      topic->turn = grown(topic->turn, topic->turn_room);
    }
    topic->turn_length += frame_of(topic->turn + topic->turn_length, body, length);
    return;
  }
  char frame[READ_BYTES + 4];
  size_t total = frame_of(frame, body, length);
  for (int i = 0; i < topic->count; i++) send_bytes(topic->sockets[i], frame, total);
}

static void end_turn(void) {
  for (int i = 0; i < dirty_count; i++) {
    struct topic *topic = dirty[i];
    for (int j = 0; j < topic->count; j++) send_bytes(topic->sockets[j], topic->turn, topic->turn_length);
    topic->turn_length = 0;
  }
  dirty_count = 0;
}

static void message(int socket, char *text, size_t length) {
  if (length < 3) return;
  char *name = text + 2, *space = memchr(name, ' ', length - 2);
  if (text[0] == 's') {
    struct topic *topic = topic_of(name, length - 2);
    if (topic->count == topic->room) {
      topic->room = topic->room ? 2 * topic->room : 16;
      topic->sockets = grown(topic->sockets, sizeof(int) * (size_t)topic->room);
    }
    topic->sockets[topic->count++] = socket;
  } else if (text[0] == 'p' && space) {
    publish(topic_of(name, (size_t)(space - name)), space + 1, length - (size_t)(space + 1 - text));
  }
}

/* Takes what is whole from the front of what came in; returns how many bytes that was. */
static size_t take(int socket, char *bytes, size_t length) {
  struct client *client = &clients[socket];
  size_t at = 0;
  if (!client->upgraded) {
    char *stop = memmem(bytes, length, "\r\n\r\n", 4);
    if (!stop) return 0;
    *stop = 0;
    char *key = strcasestr(bytes, "sec-websocket-key:"), answer[256], accept[29];
    if (!key) {
      send_bytes(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 38);
      return length;
    }
    key += 18;
    key += strspn(key, " ");
    char joined[128];
    uint8_t digest[20];
    int size = snprintf(joined, sizeof joined, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)strcspn(key, " \r\n"), key);
    sha1((uint8_t *)joined, (size_t)size, digest);
    base64_of_20(digest, accept);
    size = snprintf(answer, sizeof answer,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
    send_bytes(socket, answer, (size_t)size);
    client->upgraded = 1;
    at = (size_t)(stop + 4 - bytes);
  }
  while (length - at >= 6) {
    uint8_t *head = (uint8_t *)bytes + at;
    size_t payload = head[1] & 127, header = 2;
    if (payload == 126) payload = (size_t)head[2] << 8 | head[3], header = 4;
    if (length - at < header + 4 + payload) break;
    char *text = bytes + at + header + 4;
    for (size_t i = 0; i < payload; i++) text[i] ^= (char)head[header + (i & 3)];
    if ((head[0] & 15) == 8) shutdown(socket, SHUT_RDWR);
    if ((head[0] & 15) == 1) message(socket, text, payload);
    at += header + 4 + payload;
  }
  return at;
}

static void read_from(int socket) {
  static char bytes[2 * READ_BYTES];
  struct client *client = &clients[socket];
  size_t kept = client->kept_length;
  if (kept) memcpy(bytes, client->kept, kept);
  ssize_t got = read(socket, bytes + kept, sizeof bytes - kept - 1);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    end(socket);
    return;
  }
  size_t length = kept + (size_t)got, taken = take(socket, bytes, length);
  free(client->kept);
  client->kept = NULL;
  client->kept_length = length - taken;
  if (client->kept_length) {
    client->kept = grown(NULL, client->kept_length);
    memcpy(client->kept, bytes + taken, client->kept_length);
  }
}

static void accept_all(int listener) {
  int socket, on = 1;
  while ((socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    if (socket >= MOST_SOCKETS) {
      close(socket);
      continue;
    }
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    clients[socket].open = 1;
    watch(socket, EPOLL_CTL_ADD, EPOLLIN);
  }
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "floor PORT each|turn\n");
    return 2;
  }
  coalesce = !strcmp(arguments[2], "turn");
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files)) fail("getrlimit");
  files.rlim_cur = files.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &files)) fail("setrlimit");
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1])),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (listener < 0 || bind(listener, (struct sockaddr *)&here, sizeof here) || listen(listener, 10000)) fail("listen");
  poller = epoll_create1(0);
  watch(listener, EPOLL_CTL_ADD, EPOLLIN);
  for (;;) {
    struct epoll_event events[512];
    int ready = epoll_wait(poller, events, 512, -1);
    for (int i = 0; i < ready; i++) {
      int socket = events[i].data.fd;
      if (socket == listener) {
        accept_all(listener);
        continue;
      }
      if (events[i].events & EPOLLOUT && clients[socket].open) send_rest(socket);
      if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR) && clients[socket].open) read_from(socket);
    }
    end_turn();
  }
}
