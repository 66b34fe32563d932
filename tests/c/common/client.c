#define _GNU_SOURCE /* memmem */
#include "bridge.h"
#include "check.h"
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void start(struct client *client, int family, const struct sockaddr *address, socklen_t length)
{
	double until = test_now() + test_deadline();
	int one = 1;

	memset(client, 0, sizeof(*client));
	for (;;) {
		client->fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		REQUIRE(client->fd >= 0);
		if (!connect(client->fd, address, length))
			break;
		close(client->fd);
		if (test_now() > until || errno != EAGAIN) {
			FAIL("connect: %s", strerror(errno));
			check_give_up();
		}
		test_sleep_ms(5);
	}
	if (family == AF_INET)
		setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(client->fd, F_SETFL, fcntl(client->fd, F_GETFL) | O_NONBLOCK);
}

void client_tcp(struct client *client, int port)
{
	if (bridge_wanted())
		bridge_connect(client, port);
	else
		client_tcp_plain(client, port);
}

void client_tcp_plain(struct client *client, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	start(client, AF_INET, (struct sockaddr *)&address, sizeof(address));
}

void client_unix(struct client *client, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(path);

	REQUIRE(length < sizeof(address.sun_path));
	memcpy(address.sun_path, path, length + 1);
	if (path[0] == '@') {
		/* abstract name */
		address.sun_path[0] = '\0';
		start(client, AF_UNIX, (struct sockaddr *)&address,
		      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
		return;
	}
	start(client, AF_UNIX, (struct sockaddr *)&address, sizeof(address));
}

void client_close(struct client *client)
{
	if (client->end && client->carrier)
		client->end(client, CLIENT_CLOSE);
	else if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	free(client->buffer);
	client->buffer = NULL;
	client->length = client->capacity = 0;
}

void client_abort(struct client *client)
{
	struct linger linger = { 1, 0 };

	if (client->end && client->carrier)
		client->end(client, CLIENT_ABORT);
	else
		setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	client_close(client);
}

void client_finish(struct client *client)
{
	if (client->end)
		client->end(client, CLIENT_FINISH);
	else
		shutdown(client->fd, SHUT_WR);
}

static bool wait_until(struct client *client, short events, double until)
{
	struct pollfd item = { client->fd, events, 0 };
	double left = until - test_now();

	return left > 0 && poll(&item, 1, (int)(left * 1000) + 1) > 0;
}

/* One read; false when nothing came until then. */
static bool receive(struct client *client, double until)
{
	ssize_t got;

	if (client->at_end)
		return false;
	if (client->receive)
		return client->receive(client, until);
	if (client->capacity - client->length < 65536) {
		client->capacity = client->capacity * 2 + 131072;
		client->buffer = realloc(client->buffer, client->capacity);
		REQUIRE(client->buffer != NULL);
	}
	for (;;) {
		if (!wait_until(client, POLLIN, until))
			return false;
		got = recv(client->fd, client->buffer + client->length,
			   client->capacity - client->length, 0);
		if (got > 0) {
			client->length += (size_t)got;
			return true;
		}
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		client->at_end = true;
		return false;
	}
}

bool client_try_send(struct client *client, const void *bytes, size_t length)
{
	double until = test_now() + test_deadline();
	const char *next = bytes;

	if (client->send)
		return client->send(client, bytes, length);
	while (length) {
		/* take what arrives, so that neither side waits for the other */
		struct pollfd item = { client->fd, POLLOUT | (client->at_end ? 0 : POLLIN), 0 };
		ssize_t sent;

		if (test_now() > until) {
			FAIL("the peer takes no more bytes: %zu left", length);
			check_give_up();
		}
		poll(&item, 1, 1000);
		if (item.revents & POLLIN)
			receive(client, until);
		if (!(item.revents & (POLLOUT | POLLERR | POLLHUP)))
			continue;
		sent = send(client->fd, next, length, MSG_NOSIGNAL);
		if (sent < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (sent < 0)
			return false;
		next += sent;
		length -= (size_t)sent;
	}

	return true;
}

void client_send(struct client *client, const void *bytes, size_t length)
{
	if (!client_try_send(client, bytes, length)) {
		FAIL("send: %s", strerror(errno));
		check_give_up();
	}
}

void client_print(struct client *client, const char *format, ...)
{
	char text[16384];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	REQUIRE(length >= 0 && (size_t)length < sizeof(text));
	client_send(client, text, (size_t)length);
}

bool client_fill(struct client *client, size_t length)
{
	double until = test_now() + test_deadline();

	while (client->length < length)
		if (!receive(client, until)) {
			if (!client->at_end) {
				FAIL("nothing more arrives: %zu of %zu bytes: \"%.*s\"",
				     client->length, length,
				     (int)(client->length < 400 ? client->length : 400),
				     client->buffer ? (char *)client->buffer : "");
				check_give_up();
			}
			return false;
		}

	return true;
}

void client_take(struct client *client, size_t length)
{
	client->length -= length;
	memmove(client->buffer, client->buffer + length, client->length);
}

void client_say(struct client *client, const char *text, const char *answer)
{
	size_t length = strlen(answer);

	client_send(client, text, strlen(text));
	if (!length)
		return;
	REQUIRE(client_fill(client, length));
	CHECK_MEM(client->buffer, length, answer, length);
	client_take(client, length);
}

bool client_silent(struct client *client, int milliseconds)
{
	return !client->length && !receive(client, test_now() + milliseconds / 1000.0) &&
	       !client->at_end;
}

bool client_ready(struct client *client, double until)
{
	return wait_until(client, POLLIN, until);
}

size_t client_drain(struct client *client)
{
	double until = test_now() + test_deadline();

	while (receive(client, until))
		;
	if (!client->at_end) {
		FAIL("the peer did not close; %zu bytes are here", client->length);
		check_give_up();
	}

	return client->length;
}

static const char *find(const void *haystack, size_t length, const char *needle)
{
	return memmem(haystack, length, needle, strlen(needle));
}

static char *copy(const void *from, size_t length)
{
	char *to = malloc(length + 1);

	REQUIRE(to != NULL);
	if (length)
		memcpy(to, from, length);
	to[length] = '\0';

	return to;
}

const char *client_header(const struct client_response *response, const char *name)
{
	static char value[8192];
	size_t length = strlen(name), n;
	const char *line = response->head;

	while (line && (line = strstr(line, "\r\n"))) {
		line += 2;
		if (strncasecmp(line, name, length) || line[length] != ':')
			continue;
		line += length + 1;
		line += strspn(line, " \t");
		n = strcspn(line, "\r\n");
		if (n >= sizeof(value))
			n = sizeof(value) - 1;
		memcpy(value, line, n);
		value[n] = '\0';
		return value;
	}

	return NULL;
}

static bool read_chunks(struct client *client, struct client_response *response)
{
	size_t capacity = 0;

	for (;;) {
		const char *end;
		size_t line, size;

		while (!client->length || !(end = find(client->buffer, client->length, "\r\n")))
			if (!client_fill(client, client->length + 1))
				return false;
		line = (size_t)(end - (const char *)client->buffer) + 2;
		size = strtoul((char *)client->buffer, NULL, 16);
		client_take(client, line);
		if (!client_fill(client, size + 2))
			return false;
		if (response->body_length + size + 1 > capacity) {
			capacity = (response->body_length + size + 1) * 2;
			response->body = realloc(response->body, capacity);
			REQUIRE(response->body != NULL);
		}
		memcpy(response->body + response->body_length, client->buffer, size);
		response->body_length += size;
		response->body[response->body_length] = '\0';
		CHECK_MEM(client->buffer + size, 2, "\r\n", 2);
		client_take(client, size + 2);
		if (!size)
			return true;
	}
}

bool client_response(struct client *client, struct client_response *response, bool to_head_request)
{
	const char *end, *value;
	size_t length;

	memset(response, 0, sizeof(*response));
	while (!client->length || !(end = find(client->buffer, client->length, "\r\n\r\n")))
		if (!client_fill(client, client->length + 1))
			return false;
	length = (size_t)(end - (const char *)client->buffer) + 4;
	response->head = copy(client->buffer, length);
	client_take(client, length);
	if (sscanf(response->head, "%15s %d", response->version, &response->status) != 2 ||
	    strncmp(response->version, "HTTP/1.", 7)) {
		FAIL("no status line: \"%.80s\"", response->head);
		check_give_up();
	}

	value = client_header(response, "transfer-encoding");
	response->chunked = value && !strcasecmp(value, "chunked");
	value = client_header(response, "content-length");
	response->has_length = !!value;
	if (to_head_request || response->status / 100 == 1 || response->status == 204 ||
	    response->status == 304) {
		response->body = (unsigned char *)copy("", 0);
		return true;
	}
	if (response->chunked)
		return read_chunks(client, response);
	if (value) {
		length = strtoull(value, NULL, 10);
		if (!client_fill(client, length))
			return false;
	} else {
		response->until_close = true;
		length = client_drain(client);
	}
	response->body = (unsigned char *)copy(client->buffer, length);
	response->body_length = length;
	client_take(client, length);

	return true;
}

void client_response_free(struct client_response *response)
{
	free(response->head);
	free(response->body);
	memset(response, 0, sizeof(*response));
}

void client_get(int port, const char *path, const char *more_headers, struct client_response *response)
{
	struct client client;

	client_tcp(&client, port);
	client_print(&client, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path,
		     more_headers ? more_headers : "");
	REQUIRE(client_response(&client, response, false));
	client_close(&client);
}

void client_ws_request(struct client *client, const char *path, const char *protocol, const char *more_headers)
{
	client_print(client,
		     "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
		     "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		     "Sec-WebSocket-Version: 13\r\n%s%s%s%s\r\n",
		     path, protocol ? "Sec-WebSocket-Protocol: " : "", protocol ? protocol : "",
		     protocol ? "\r\n" : "", more_headers ? more_headers : "");
}

void client_ws_upgrade(struct client *client, const char *path, const char *protocol, const char *more_headers)
{
	struct client_response response;

	client_ws_request(client, path, protocol, more_headers);
	REQUIRE(client_response(client, &response, false));
	REQUIRE_INT(response.status, 101);
	/* the sample key of RFC 6455 and its answer */
	CHECK_STR(client_header(&response, "sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	client_response_free(&response);
}

void client_ws(struct client *client, int port, const char *path, const char *protocol)
{
	client_tcp(client, port);
	client_ws_upgrade(client, path, protocol, NULL);
}

void client_ws_send(struct client *client, int first_byte, const void *payload, size_t length)
{
	static const unsigned char mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
	unsigned char *frame = malloc(length + 14), *at = frame;
	size_t i;

	REQUIRE(frame != NULL);
	*at++ = (unsigned char)first_byte;
	if (length < 126) {
		*at++ = (unsigned char)(0x80 | length);
	} else if (length < 65536) {
		*at++ = 0x80 | 126;
		*at++ = (unsigned char)(length >> 8);
		*at++ = (unsigned char)length;
	} else {
		*at++ = 0x80 | 127;
		for (i = 0; i < 8; i++)
			*at++ = (unsigned char)((unsigned long long)length >> (56 - 8 * i));
	}
	memcpy(at, mask, 4);
	at += 4;
	for (i = 0; i < length; i++)
		at[i] = ((const unsigned char *)payload)[i] ^ mask[i & 3];
	client_send(client, frame, (size_t)(at - frame) + length);
	free(frame);
}

bool client_ws_frame(struct client *client, struct client_frame *frame)
{
	unsigned long long length;
	size_t head = 2, i;

	memset(frame, 0, sizeof(*frame));
	if (!client_fill(client, 2))
		return false;
	length = client->buffer[1] & 0x7f;
	if (client->buffer[1] & 0x80) {
		FAIL("a frame from the server is masked");
		check_give_up();
	}
	if (length == 126)
		head = 4;
	if (length == 127)
		head = 10;
	if (!client_fill(client, head))
		return false;
	if (head > 2)
		for (length = 0, i = 2; i < head; i++)
			length = length << 8 | client->buffer[i];
	if (!client_fill(client, head + length))
		return false;
	frame->first_byte = client->buffer[0];
	frame->opcode = frame->first_byte & 0xf;
	frame->fin = !!(frame->first_byte & 0x80);
	frame->payload = (unsigned char *)copy(client->buffer + head, length);
	frame->length = length;
	client_take(client, head + length);

	return true;
}

void client_ws_message(struct client *client, struct client_frame *message)
{
	struct client_frame frame;
	bool first = true;

	memset(message, 0, sizeof(*message));
	do {
		if (!client_ws_frame(client, &frame)) {
			FAIL("the stream ended where a message was expected");
			check_give_up();
		}
		if (frame.opcode >= FRAME_CLOSE) {
			FAIL("opcode %d (code %d) where a message was expected", frame.opcode,
			     client_frame_code(&frame));
			check_give_up();
		}
		CHECK_INT(frame.opcode == FRAME_CONTINUATION, !first);
		if (first)
			*message = frame;
		else {
			message->payload = realloc(message->payload, message->length + frame.length + 1);
			REQUIRE(message->payload != NULL);
			memcpy(message->payload + message->length, frame.payload, frame.length + 1);
			message->length += frame.length;
			client_frame_free(&frame);
		}
		first = false;
	} while (!frame.fin);
	message->fin = true;
}

void client_frame_free(struct client_frame *frame)
{
	free(frame->payload);
	frame->payload = NULL;
}

void client_ws_close(struct client *client, int code, const char *reason)
{
	unsigned char payload[125];
	size_t length = reason ? strlen(reason) : 0;

	payload[0] = (unsigned char)(code >> 8);
	payload[1] = (unsigned char)code;
	if (length)
		memcpy(payload + 2, reason, length);
	client_ws_send(client, FRAME_FIN | FRAME_CLOSE, payload, code ? length + 2 : 0);
}

int client_frame_code(const struct client_frame *frame)
{
	return frame->length >= 2 ? frame->payload[0] << 8 | frame->payload[1] : 1005;
}
