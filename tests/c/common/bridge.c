#define _GNU_SOURCE /* memmem */
#include "bridge.h"
#include "check.h"
#include "h2_client.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum state { HEAD, SIZED, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILER, TUNNEL };

struct request {
	struct h2_stream *stream;
	bool head, close, tunnel, begun;
};

struct bridge {
	struct h2_client h2;
	struct request requests[H2_STREAMS];
	int count, answered;
	enum state state;
	size_t left; /* of the body or chunk that is being sent */
	unsigned char *pending; /* what was written and not sent yet */
	size_t length;
};

bool bridge_wanted(void)
{
	return getenv("TEST_HTTP2") != NULL;
}

/* ---- from HTTP/1 to HTTP/2 ---- */

static struct request *current(struct bridge *bridge)
{
	return &bridge->requests[bridge->count - 1];
}

static bool field_is(const char *line, const char *name, const char **value)
{
	size_t length = strlen(name);

	if (strncasecmp(line, name, length) || line[length] != ':')
		return false;
	*value = line + length + 1 + strspn(line + length + 1, " ");
	return true;
}

static void put(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void put(char *text, size_t size, const char *format, ...)
{
	size_t at = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	at += (size_t)vsnprintf(text + at, size - at, format, arguments);
	va_end(arguments);
	REQUIRE(at < size);
}

/* Takes a request's head, each line of which ends with a NUL in place of CR. */
static void begin_request(struct bridge *bridge, char *lines, char *end)
{
	static char fields[200000], rest[200000];
	char method[32], target[100000], host[512] = "", *line;
	const char *value;
	struct request *request;

	REQUIRE(bridge->count < H2_STREAMS);
	request = &bridge->requests[bridge->count++];
	memset(request, 0, sizeof(*request));
	REQUIRE_INT(sscanf(lines, "%31s %99999s", method, target), 2);
	bridge->state = HEAD;
	request->head = !strcmp(method, "HEAD");
	rest[0] = fields[0] = '\0';
	for (line = lines + strlen(lines) + 2; line < end; line += strlen(line) + 2) {
		size_t i, colon = strcspn(line, ":");

		if (field_is(line, "host", &value)) {
			snprintf(host, sizeof(host), "%s", value);
			continue;
		}
		if (field_is(line, "connection", &value)) {
			request->close = !strcasecmp(value, "close");
			continue;
		}
		if (field_is(line, "upgrade", &value)) {
			request->tunnel = !strcasecmp(value, "websocket");
			continue;
		}
		if (field_is(line, "sec-websocket-key", &value))
			continue;
		if (field_is(line, "transfer-encoding", &value)) {
			bridge->state = CHUNK_SIZE;
			continue;
		}
		if (field_is(line, "content-length", &value) && (bridge->left = strtoull(value, NULL, 10)))
			bridge->state = SIZED;
		for (i = 0; i < colon; i++)
			line[i] = (char)tolower((unsigned char)line[i]);
		value = line + colon + 1 + strspn(line + colon + 1, " \t");
		for (i = strlen(value); i && (value[i - 1] == ' ' || value[i - 1] == '\t'); i--)
			;
		put(rest, sizeof(rest), "%.*s: %.*s\n", (int)colon, line, (int)i, value);
	}
	if (request->tunnel)
		bridge->state = TUNNEL;
	put(fields, sizeof(fields), ":method: %s\n%s:scheme: http\n:path: %s\n:authority: %s\n%s",
	    request->tunnel ? "CONNECT" : method, request->tunnel ? ":protocol: websocket\n" : "", target, host, rest);
	request->stream = h2_request_of(&bridge->h2, fields, bridge->state == HEAD);
}

static bool line_end(struct bridge *bridge, const char *what, size_t *length)
{
	unsigned char *end = bridge->length ? memmem(bridge->pending, bridge->length, what, strlen(what)) : NULL;

	if (end)
		*length = (size_t)(end - bridge->pending) + strlen(what);
	return end != NULL;
}

/* Sends what can be sent of the next bytes; returns how many these are. */
static size_t step(struct bridge *bridge)
{
	size_t n = 0, i;

	switch (bridge->state) {
	case HEAD:
		if (!line_end(bridge, "\r\n\r\n", &n))
			return 0;
		for (i = 0; i + 2 < n; i++)
			if (bridge->pending[i] == '\r')
				bridge->pending[i] = '\0';
		begin_request(bridge, (char *)bridge->pending, (char *)bridge->pending + n - 2);
		return n;
	case CHUNK_SIZE:
		if (!line_end(bridge, "\r\n", &n))
			return 0;
		bridge->left = strtoull((char *)bridge->pending, NULL, 16);
		bridge->state = bridge->left ? CHUNK : TRAILER;
		return n;
	case CHUNK_END:
		bridge->state = CHUNK_SIZE;
		return line_end(bridge, "\r\n", &n) ? n : (bridge->state = CHUNK_END, 0);
	case TRAILER:
		if (!line_end(bridge, "\r\n", &n))
			return 0;
		if (n == 2) {
			h2_send_data(current(bridge)->stream, "", 0, true);
			bridge->state = HEAD;
		}
		return n;
	case TUNNEL:
		n = bridge->length;
		if (n && !current(bridge)->stream->ended)
			h2_send_data(current(bridge)->stream, bridge->pending, n, false);
		return n;
	case SIZED:
	case CHUNK:
		n = bridge->length < bridge->left ? bridge->length : bridge->left;
		if (!n)
			return 0;
		bridge->left -= n;
		if (!current(bridge)->stream->ended)
			h2_send_data(current(bridge)->stream, bridge->pending, n, !bridge->left && bridge->state == SIZED);
		if (!bridge->left)
			bridge->state = bridge->state == SIZED ? HEAD : CHUNK_END;
		return n;
	}
	return 0;
}

static bool send_requests(struct client *client, const void *bytes, size_t length)
{
	struct bridge *bridge = client->carrier;
	size_t n;

	bridge->pending = realloc(bridge->pending, bridge->length + length + 1);
	REQUIRE(bridge->pending != NULL);
	memcpy(bridge->pending + bridge->length, bytes, length);
	bridge->length += length;
	bridge->pending[bridge->length] = '\0';
	while ((n = step(bridge))) {
		bridge->length -= n;
		memmove(bridge->pending, bridge->pending + n, bridge->length + 1);
	}
	return !bridge->h2.tcp.at_end;
}

/* ---- from HTTP/2 to HTTP/1 ---- */

static void append(struct client *client, const void *bytes, size_t length)
{
	if (client->length + length >= client->capacity) {
		client->capacity = (client->length + length) * 2 + 4096;
		client->buffer = realloc(client->buffer, client->capacity);
		REQUIRE(client->buffer != NULL);
	}
	if (length)
		memcpy(client->buffer + client->length, bytes, length);
	client->length += length;
	client->buffer[client->length] = '\0';
}

static void append_text(struct client *client, const char *text)
{
	append(client, text, strlen(text));
}

static void append_head(struct client *client, const struct request *request)
{
	const struct h2_stream *stream = request->stream;
	const char *line, *next;
	char text[64];

	snprintf(text, sizeof(text), "HTTP/1.1 %d -\r\n",
		 request->tunnel && stream->status == 200 ? 101 : stream->status);
	append_text(client, text);
	for (line = stream->head; *line; line = next) {
		next = strchr(line, '\n') + 1;
		if (line[0] == ':')
			continue;
		append(client, line, (size_t)(next - line) - 1);
		append_text(client, "\r\n");
	}
	if (request->tunnel && stream->status == 200)
		append_text(client, "upgrade: websocket\r\nconnection: upgrade\r\n"
				    "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
	else if (!h2_field(stream, "content-length") && stream->status != 204 && stream->status != 304)
		append_text(client, "transfer-encoding: chunked\r\n");
	append_text(client, "\r\n");
}

/* Moves what is there of the next response to the client; returns whether anything was. */
static bool forward(struct client *client, struct bridge *bridge)
{
	struct request *request = &bridge->requests[bridge->answered];
	struct h2_stream *stream = request->stream;
	struct client *body;
	bool chunked;
	char size[32];

	if (bridge->answered == bridge->count)
		return false;
	body = &stream->body;
	if (stream->status && !request->begun) {
		request->begun = true;
		append_head(client, request);
		return true;
	}
	chunked = !(request->tunnel && stream->status == 200) && !request->head && request->begun &&
		  !h2_field(stream, "content-length") && stream->status != 204 && stream->status != 304;
	if (body->length) {
		if (chunked) {
			snprintf(size, sizeof(size), "%zx\r\n", body->length);
			append_text(client, size);
		}
		append(client, body->buffer, body->length);
		if (chunked)
			append_text(client, "\r\n");
		body->length = 0;
		return true;
	}
	if (!stream->ended)
		return false;
	/* A stream that is over too soon is what the end of the connection is for HTTP/1. */
	if (stream->was_reset || request->tunnel || request->close || !request->begun) {
		if (chunked && !stream->was_reset)
			append_text(client, "0\r\n\r\n");
		client->at_end = true;
		return true;
	}
	if (chunked)
		append_text(client, "0\r\n\r\n");
	bridge->answered++;
	return true;
}

static bool receive_responses(struct client *client, double until)
{
	struct bridge *bridge = client->carrier;
	size_t before = client->length;

	for (;;) {
		while (!client->at_end && forward(client, bridge))
			;
		if (client->length > before)
			return true;
		if (client->at_end)
			return false;
		if (bridge->h2.tcp.at_end || (!bridge->h2.tcp.length && !client_ready(&bridge->h2.tcp, until)))
			return false;
		if (!h2_pump(&bridge->h2))
			client->at_end = true;
	}
}

static void end(struct client *client, enum client_end how)
{
	struct bridge *bridge = client->carrier;

	if (how == CLIENT_FINISH) {
		if (bridge->count && bridge->state == TUNNEL)
			h2_send_data(current(bridge)->stream, "", 0, true);
		return;
	}
	if (how == CLIENT_ABORT)
		h2_abort(&bridge->h2);
	else
		h2_close(&bridge->h2);
	free(bridge->pending);
	free(bridge);
	client->carrier = NULL;
	client->fd = -1;
}

void bridge_connect(struct client *client, int port)
{
	struct bridge *bridge = calloc(1, sizeof(*bridge));

	REQUIRE(bridge != NULL);
	h2_connect(&bridge->h2, port, NULL);
	memset(client, 0, sizeof(*client));
	client->fd = bridge->h2.tcp.fd;
	client->carrier = bridge;
	client->receive = receive_responses;
	client->send = send_requests;
	client->end = end;
}
