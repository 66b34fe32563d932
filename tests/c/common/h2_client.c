#include "h2_client.h"
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define DEFAULT_WINDOW 65535

static uint32_t number(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put_number(uint8_t *p, uint32_t n)
{
	p[0] = (uint8_t)(n >> 24);
	p[1] = (uint8_t)(n >> 16);
	p[2] = (uint8_t)(n >> 8);
	p[3] = (uint8_t)n;
}

void h2_send_frame(struct h2_client *h2, int type, int flags, uint32_t stream, const void *payload, size_t length)
{
	uint8_t *frame = malloc(9 + length);

	REQUIRE(frame != NULL);
	put_number(frame, (uint32_t)length << 8);
	frame[3] = (uint8_t)type;
	frame[4] = (uint8_t)flags;
	put_number(frame + 5, stream);
	if (length)
		memcpy(frame + 9, payload, length);
	/* not client_send: a server may close while something is being sent to it */
	client_try_send(&h2->tcp, frame, 9 + length);
	free(frame);
}

void h2_open_window(struct h2_client *h2, uint32_t stream, uint32_t bytes)
{
	uint8_t payload[4];

	put_number(payload, bytes);
	h2_send_frame(h2, H2_WINDOW_UPDATE, 0, stream, payload, 4);
}

void h2_reset(struct h2_stream *stream, uint32_t code)
{
	uint8_t payload[4];

	put_number(payload, code);
	h2_send_frame(stream->h2, H2_RST_STREAM, 0, stream->id, payload, 4);
}

void h2_connect(struct h2_client *h2, int port, const uint32_t *settings)
{
	struct client tcp;

	client_tcp_plain(&tcp, port);
	h2_begin(h2, &tcp, settings);
}

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
#define PREFACE_SIZE (sizeof(preface) - 1)

static void begin(struct h2_client *h2, const struct client *connected)
{
	memset(h2, 0, sizeof(*h2));
	h2->next = 1;
	h2->window = DEFAULT_WINDOW;
	h2->settings[4] = DEFAULT_WINDOW;
	h2->settings[5] = 16384;
	h2->tcp = *connected;
}

static void exchange_settings(struct h2_client *h2, const uint32_t *settings)
{
	uint8_t payload[6 * 16];
	size_t length = 0;

	for (; settings && *settings; settings += 2, length += 6) {
		payload[length] = 0;
		payload[length + 1] = (uint8_t)settings[0];
		put_number(payload + length + 2, settings[1]);
	}
	h2_send_frame(h2, H2_SETTINGS, 0, 0, payload, length);
	while (!h2->settled)
		REQUIRE(h2_pump(h2));
}

void h2_begin(struct h2_client *h2, const struct client *connected, const uint32_t *settings)
{
	begin(h2, connected);
	client_send(&h2->tcp, preface, PREFACE_SIZE);
	exchange_settings(h2, settings);
}

void h2_serve(struct h2_client *h2, const struct client *accepted, const uint32_t *settings)
{
	begin(h2, accepted);
	h2->server = true;
	REQUIRE(client_fill(&h2->tcp, PREFACE_SIZE));
	CHECK_MEM(h2->tcp.buffer, PREFACE_SIZE, preface, PREFACE_SIZE);
	client_take(&h2->tcp, PREFACE_SIZE);
	exchange_settings(h2, settings);
}

static void free_all(struct h2_client *h2)
{
	int i;

	for (i = 0; i < H2_STREAMS && h2->streams[i]; i++) {
		free(h2->streams[i]->body.buffer);
		free(h2->streams[i]->head);
		free(h2->streams[i]);
	}
	free(h2->block);
	hpack_free(&h2->table);
}

void h2_close(struct h2_client *h2)
{
	client_close(&h2->tcp);
	free_all(h2);
}

void h2_abort(struct h2_client *h2)
{
	client_abort(&h2->tcp);
	free_all(h2);
}

static struct h2_stream *stream_of(struct h2_client *h2, uint32_t id)
{
	int i;

	for (i = 0; i < H2_STREAMS && h2->streams[i]; i++)
		if (h2->streams[i]->id == id)
			return h2->streams[i];
	return NULL;
}

/* What the functions of client.h do on the body of a stream */

static bool receive_body(struct client *body, double until)
{
	struct h2_stream *stream = body->carrier;
	size_t before = stream->received;

	while (stream->received == before) {
		if (stream->ended || (!stream->h2->tcp.length && !client_ready(&stream->h2->tcp, until)))
			return false;
		if (!h2_pump(stream->h2)) {
			body->at_end = true;
			return false;
		}
	}
	return true;
}

static bool send_body(struct client *body, const void *bytes, size_t length)
{
	h2_send_data(body->carrier, bytes, length, false);
	return true;
}

static struct h2_stream *add_stream(struct h2_client *h2, uint32_t id)
{
	struct h2_stream *stream = calloc(1, sizeof(*stream));
	int i;

	REQUIRE(stream != NULL);
	for (i = 0; h2->streams[i]; i++)
		REQUIRE(i + 1 < H2_STREAMS);
	h2->streams[i] = stream;
	stream->h2 = h2;
	stream->id = id;
	stream->window = h2->settings[4];
	stream->body.fd = -1;
	stream->body.carrier = stream;
	stream->body.receive = receive_body;
	stream->body.send = send_body;
	return stream;
}

static void send_head(struct h2_stream *stream, const char *fields, bool end)
{
	uint8_t *block = malloc(strlen(fields) * 2 + 64);
	size_t length = 0;

	REQUIRE(block != NULL);
	while (*fields) {
		char name[256], value[8192];
		const char *colon = strchr(fields + 1, ':'), *line_end = strchr(fields, '\n');

		REQUIRE(colon && line_end && colon < line_end);
		snprintf(name, sizeof(name), "%.*s", (int)(colon - fields), fields);
		for (colon++; *colon == ' '; colon++)
			;
		snprintf(value, sizeof(value), "%.*s", (int)(line_end - colon), colon);
		length += hpack_encode(block + length, name, value);
		fields = line_end + 1;
	}
	h2_send_frame(stream->h2, H2_HEADERS, H2_END_HEADERS | (end ? H2_END_STREAM : 0), stream->id, block, length);
	free(block);
}

struct h2_stream *h2_request_of(struct h2_client *h2, const char *fields, bool end)
{
	struct h2_stream *stream = add_stream(h2, h2->next);

	h2->next += 2;
	send_head(stream, fields, end);
	return stream;
}

struct h2_stream *h2_accept(struct h2_client *h2)
{
	struct h2_stream *stream;

	while (!(stream = h2->streams[h2->accepted]) || !stream->head || h2->block_length)
		if (!h2_pump(h2))
			return NULL;
	h2->accepted++;
	return stream;
}

void h2_respond(struct h2_stream *stream, const char *fields, bool end)
{
	send_head(stream, fields, end);
}

void h2_go_away(struct h2_client *h2, uint32_t last, uint32_t error)
{
	uint8_t payload[8];

	put_number(payload, last);
	put_number(payload + 4, error);
	h2_send_frame(h2, H2_GOAWAY, 0, 0, payload, 8);
}

struct h2_stream *h2_request(struct h2_client *h2, const char *method, const char *path, const char *more, bool end)
{
	char fields[16384];

	snprintf(fields, sizeof(fields), ":method: %s\n:scheme: http\n:path: %s\n:authority: localhost\n%s", method, path,
		 more ? more : "");
	return h2_request_of(h2, fields, end);
}

struct h2_stream *h2_ws_request(struct h2_client *h2, const char *path, const char *protocol, const char *more)
{
	char fields[4096];

	snprintf(fields, sizeof(fields),
		 ":method: CONNECT\n:protocol: websocket\n:scheme: http\n:path: %s\n:authority: localhost\n"
		 "sec-websocket-version: 13\norigin: http://localhost\n%s%s%s%s",
		 path, protocol ? "sec-websocket-protocol: " : "", protocol ? protocol : "", protocol ? "\n" : "",
		 more ? more : "");
	return h2_request_of(h2, fields, false);
}

void h2_send_data(struct h2_stream *stream, const void *data, size_t length, bool end)
{
	struct h2_client *h2 = stream->h2;
	const uint8_t *at = data;

	do {
		size_t piece = length;

		while (length && (stream->window <= 0 || h2->window <= 0))
			if (stream->ended || !h2_pump(h2))
				return;
		if (piece > h2->settings[5])
			piece = h2->settings[5];
		if (length && (int64_t)piece > stream->window)
			piece = (size_t)stream->window;
		if (length && (int64_t)piece > h2->window)
			piece = (size_t)h2->window;
		stream->window -= (int64_t)piece;
		h2->window -= (int64_t)piece;
		length -= piece;
		h2_send_frame(h2, H2_DATA, end && !length ? H2_END_STREAM : 0, stream->id, at, piece);
		at += piece;
	} while (length);
}

/* ---- what arrives ---- */

static void take_field(void *to, const char *name, const char *value)
{
	struct h2_stream *stream = to;
	size_t length = stream->head ? strlen(stream->head) : 0, more = strlen(name) + strlen(value) + 4;

	if (!strcmp(name, ":status"))
		stream->status = atoi(value);
	stream->head = realloc(stream->head, length + more);
	REQUIRE(stream->head != NULL);
	snprintf(stream->head + length, more, "%s: %s\n", name, value);
}

static void ignore_field(void *to, const char *name, const char *value)
{
	(void)to;
	(void)name;
	(void)value;
}

static void take_headers(struct h2_client *h2, struct h2_stream *stream, int flags, const uint8_t *p, size_t length)
{
	h2->block = realloc(h2->block, h2->block_length + length + 1);
	REQUIRE(h2->block != NULL);
	memcpy(h2->block + h2->block_length, p, length);
	h2->block_length += length;
	h2->block_flags |= (uint8_t)flags;
	if (!(flags & H2_END_HEADERS))
		return;
	hpack_decode(&h2->table, h2->block, h2->block_length, stream ? take_field : ignore_field, stream);
	if (stream && h2->block_flags & H2_END_STREAM)
		stream->ended = stream->body.at_end = true;
	h2->block_length = 0;
	h2->block_flags = 0;
}

static void take_data(struct h2_client *h2, struct h2_stream *stream, int flags, const uint8_t *p, size_t length)
{
	struct client *body = &stream->body;

	body->buffer = realloc(body->buffer, body->length + length + 1);
	REQUIRE(body->buffer != NULL);
	if (length)
		memcpy(body->buffer + body->length, p, length);
	body->length += length;
	body->buffer[body->length] = '\0';
	stream->received += length;
	if (length && !h2->hold_windows) {
		h2_open_window(h2, 0, (uint32_t)length);
		h2_open_window(h2, stream->id, (uint32_t)length);
	}
	if (flags & H2_END_STREAM)
		stream->ended = body->at_end = true;
}

static void take_settings(struct h2_client *h2, int flags, const uint8_t *p, size_t length)
{
	size_t i;
	int n;

	if (flags & H2_ACK)
		return;
	CHECK_INT(length % 6, 0);
	for (i = 0; i + 6 <= length; i += 6) {
		unsigned id = (unsigned)p[i] << 8 | p[i + 1];
		uint32_t value = number(p + i + 2);

		if (id == 4)
			for (n = 0; n < H2_STREAMS && h2->streams[n]; n++)
				h2->streams[n]->window += (int64_t)value - h2->settings[4];
		if (id < 16)
			h2->settings[id] = value;
	}
	h2->settled = true;
	h2_send_frame(h2, H2_SETTINGS, H2_ACK, 0, NULL, 0);
}

bool h2_pump(struct h2_client *h2)
{
	struct h2_stream *stream;
	uint8_t *payload;
	uint32_t length, id;
	int type, flags;

	if (!client_fill(&h2->tcp, 9))
		return false;
	length = number(h2->tcp.buffer) >> 8;
	if (!client_fill(&h2->tcp, 9 + (size_t)length))
		return false;
	type = h2->tcp.buffer[3];
	flags = h2->tcp.buffer[4];
	id = number(h2->tcp.buffer + 5) & 0x7fffffff;
	stream = stream_of(h2, id);
	if (!stream && h2->server && type == H2_HEADERS)
		stream = add_stream(h2, id);
	CHECK(!id || stream);
	payload = malloc(length + 1);
	REQUIRE(payload != NULL);
	memcpy(payload, h2->tcp.buffer + 9, length);
	client_take(&h2->tcp, 9 + (size_t)length);
	switch (type) {
	case H2_DATA:
		REQUIRE(stream != NULL);
		take_data(h2, stream, flags, payload, length);
		break;
	case H2_HEADERS:
	case H2_CONTINUATION:
		take_headers(h2, stream, flags, payload, length);
		break;
	case H2_RST_STREAM:
		REQUIRE(stream && length == 4);
		stream->was_reset = stream->ended = stream->body.at_end = true;
		stream->error = number(payload);
		break;
	case H2_SETTINGS:
		take_settings(h2, flags, payload, length);
		break;
	case H2_PING:
		if (flags & H2_ACK)
			h2->pongs++;
		else
			h2_send_frame(h2, H2_PING, H2_ACK, 0, payload, length);
		break;
	case H2_GOAWAY:
		REQUIRE(length >= 8);
		h2->goaway = true;
		h2->goaway_last = number(payload) & 0x7fffffff;
		h2->goaway_error = number(payload + 4);
		break;
	case H2_WINDOW_UPDATE:
		REQUIRE(length == 4);
		if (stream)
			stream->window += number(payload);
		else
			h2->window += number(payload);
		break;
	}
	free(payload);
	return true;
}

void h2_pump_for(struct h2_client *h2, int milliseconds)
{
	double until = test_now() + milliseconds / 1000.0;
	int left;

	while ((left = (int)((until - test_now()) * 1000)) > 0)
		if ((h2->tcp.length || !client_silent(&h2->tcp, left)) && !h2_pump(h2))
			return;
}

bool h2_wait_head(struct h2_stream *stream)
{
	while (!stream->status && !stream->ended)
		if (!h2_pump(stream->h2))
			return false;
	return stream->status != 0;
}

bool h2_wait_end(struct h2_stream *stream)
{
	while (!stream->ended)
		if (!h2_pump(stream->h2))
			return false;
	return true;
}

void h2_drain(struct h2_client *h2)
{
	while (h2_pump(h2))
		;
}

void h2_ping(struct h2_client *h2)
{
	int before = h2->pongs;

	h2_send_frame(h2, H2_PING, 0, 0, "12345678", 8);
	while (h2->pongs == before)
		REQUIRE(h2_pump(h2));
}

const char *h2_field(const struct h2_stream *stream, const char *name)
{
	static char value[8192];
	const char *line = stream->head;
	size_t length = strlen(name);

	for (; line && *line; line = strchr(line, '\n') + 1)
		if (!strncmp(line, name, length) && line[length] == ':' && line[length + 1] == ' ') {
			snprintf(value, sizeof(value), "%.*s", (int)strcspn(line + length + 2, "\n"), line + length + 2);
			return value;
		}
	return NULL;
}
