#define _GNU_SOURCE /* memmem, accept4 */
#include "peer.h"
#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libwebsockets.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void bound(struct peer *peer)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);

	memset(peer, 0, sizeof(*peer));
	peer->client.fd = -1;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	REQUIRE(peer->listener >= 0);
	REQUIRE_INT(bind(peer->listener, (struct sockaddr *)&address, length), 0);
	REQUIRE_INT(getsockname(peer->listener, (struct sockaddr *)&address, &length), 0);
	peer->port = ntohs(address.sin_port);
}

void peer_refuse(struct peer *peer)
{
	bound(peer);
}

void peer_listen(struct peer *peer)
{
	bound(peer);
	REQUIRE_INT(listen(peer->listener, 256), 0);
}

/* The kernel completes as many connections as fit its queue, and drops what comes then. */
void peer_ignore(struct peer *peer)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct pollfd item;
	int i;

	bound(peer);
	REQUIRE_INT(listen(peer->listener, 0), 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)peer->port);
	for (i = 0; i < 8; i++) {
		/* They stay open until the case ends with its process. */
		item.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		item.events = POLLOUT;
		REQUIRE(item.fd >= 0);
		if (!connect(item.fd, (struct sockaddr *)&address, sizeof(address)))
			continue;
		REQUIRE_INT(errno, EINPROGRESS);
		if (!poll(&item, 1, 200))
			return;
	}
	FAIL("the queue of a listener does not fill");
	check_give_up();
}

void peer_listen_unix(struct peer *peer, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(path);

	memset(peer, 0, sizeof(*peer));
	peer->client.fd = -1;
	REQUIRE(length < sizeof(address.sun_path));
	memcpy(address.sun_path, path, length + 1);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	else
		length++;
	peer->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	REQUIRE(peer->listener >= 0);
	REQUIRE_INT(bind(peer->listener, (struct sockaddr *)&address,
			 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)), 0);
	REQUIRE_INT(listen(peer->listener, 16), 0);
}

void peer_close(struct peer *peer)
{
	if (peer->client.fd >= 0)
		client_close(&peer->client);
	close(peer->listener);
}

void peer_accept(struct peer *peer)
{
	struct pollfd item = { peer->listener, POLLIN, 0 };

	REQUIRE_INT(poll(&item, 1, (int)(test_deadline() * 1000)), 1);
	memset(&peer->client, 0, sizeof(peer->client));
	peer->client.fd = accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	REQUIRE(peer->client.fd >= 0);
}

int peer_accepted(struct client *client)
{
	struct peer peer;
	int fd;

	peer_listen(&peer);
	client_tcp_plain(client, peer.port);
	fd = accept(peer.listener, NULL, NULL);
	REQUIRE(fd >= 0);
	peer_close(&peer);
	return fd;
}

void peer_request(struct peer *peer)
{
	const char *end;
	size_t length;

	while (!peer->client.length ||
	       !(end = memmem(peer->client.buffer, peer->client.length, "\r\n\r\n", 4)))
		REQUIRE(client_fill(&peer->client, peer->client.length + 1));
	length = (size_t)(end - (const char *)peer->client.buffer) + 4;
	REQUIRE(length < sizeof(peer->head));
	memcpy(peer->head, peer->client.buffer, length);
	peer->head[length] = '\0';
	client_take(&peer->client, length);
}

const char *peer_header(const struct peer *peer, const char *name)
{
	static char value[1024];
	size_t length = strlen(name);
	const char *line;

	for (line = strstr(peer->head, "\r\n"); line && line[2] != '\r'; line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, length) || line[2 + length] != ':')
			continue;
		line += 3 + length;
		line += strspn(line, " ");
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(line, "\r"), line);
		return value;
	}

	return NULL;
}

const char *peer_accept_value(const struct peer *peer)
{
	static char value[64];
	unsigned char hash[20];
	const char *key = peer_header(peer, "sec-websocket-key");
	char text[128];
	int n;

	REQUIRE(key != NULL);
	n = snprintf(text, sizeof(text), "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
	lws_SHA1((unsigned char *)text, (size_t)n, hash);
	REQUIRE(lws_b64_encode_string((char *)hash, sizeof(hash), value, sizeof(value)) > 0);

	return value;
}

void peer_upgrade(struct peer *peer, const char *more)
{
	peer_accept(peer);
	peer_request(peer);
	client_print(&peer->client,
		     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		     "Sec-WebSocket-Accept: %s\r\n%s\r\n",
		     peer_accept_value(peer), more ? more : "");
}

void peer_ws_send(struct peer *peer, int first_byte, const void *payload, size_t length)
{
	unsigned char head[10];
	size_t size = 2, i;

	head[0] = (unsigned char)first_byte;
	if (length < 126)
		head[1] = (unsigned char)length;
	else if (length < 65536) {
		head[1] = 126;
		head[2] = (unsigned char)(length >> 8);
		head[3] = (unsigned char)length;
		size = 4;
	} else {
		head[1] = 127;
		for (i = 0; i < 8; i++)
			head[2 + i] = (unsigned char)((unsigned long long)length >> (56 - 8 * i));
		size = 10;
	}
	client_send(&peer->client, head, size);
	if (length)
		client_send(&peer->client, payload, length);
}

bool peer_ws_frame(struct peer *peer, struct client_frame *frame)
{
	struct client *client = &peer->client;
	unsigned long long length;
	const unsigned char *mask;
	size_t head = 6, i;

	memset(frame, 0, sizeof(*frame));
	if (!client_fill(client, 2))
		return false;
	if (!(client->buffer[1] & 0x80)) {
		FAIL("a frame from the client is not masked");
		check_give_up();
	}
	length = client->buffer[1] & 0x7f;
	if (length == 126)
		head = 8;
	if (length == 127)
		head = 14;
	if (!client_fill(client, head))
		return false;
	if (head > 6)
		for (length = 0, i = 2; i < head - 4; i++)
			length = length << 8 | client->buffer[i];
	if (!client_fill(client, head + length))
		return false;
	frame->first_byte = client->buffer[0];
	frame->opcode = frame->first_byte & 0xf;
	frame->fin = !!(frame->first_byte & 0x80);
	frame->payload = malloc(length + 1);
	REQUIRE(frame->payload != NULL);
	mask = client->buffer + head - 4;
	for (i = 0; i < length; i++)
		frame->payload[i] = client->buffer[head + i] ^ mask[i & 3];
	frame->payload[length] = '\0';
	frame->length = length;
	client_take(client, head + length);

	return true;
}
