/*
 * The subprotocol golws-echo: every message comes back, in the pieces it arrived in. Pieces wait in a ring of the
 * session; when it fills, nothing more is received until some were sent, so a peer that does not read holds little
 * memory.
 */
#include "demo.h"

#include <string.h>

#define PIECES 32 /* that may wait */
#define ENOUGH 8  /* free places: with fewer receiving stops; the library may have a few more pieces at hand */

struct piece {
	unsigned char *buffer; /* LWS_PRE bytes, then the payload */
	size_t len;
	int flags;
};

struct echo_session {
	struct lws_ring *ring;
	bool stopped;
};

size_t echo_session_size(void)
{
	return sizeof(struct echo_session);
}

static void free_piece(void *element)
{
	free(((struct piece *)element)->buffer);
}

static int join(struct echo_session *session)
{
	session->ring = lws_ring_create(sizeof(struct piece), PIECES, free_piece);

	return session->ring ? 0 : -1;
}

static int leave(struct echo_session *session)
{
	if (session->ring)
		lws_ring_destroy(session->ring);
	session->ring = NULL;

	return 0;
}

static int receive(struct lws *wsi, struct echo_session *session, const void *in, size_t len)
{
	struct piece piece = { .buffer = malloc(LWS_PRE + len + 1), .len = len };

	if (!piece.buffer)
		return -1;
	if (len)
		memcpy(piece.buffer + LWS_PRE, in, len);
	piece.flags = lws_write_ws_flags(lws_frame_is_binary(wsi) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT,
					 lws_is_first_fragment(wsi), lws_is_final_fragment(wsi));
	if (!lws_ring_insert(session->ring, &piece, 1)) {
		free_piece(&piece);
		return -1;
	}
	figures_count_message(len);
	lws_callback_on_writable(wsi);
	if (!session->stopped && lws_ring_get_count_free_elements(session->ring) < ENOUGH) {
		session->stopped = true;
		lws_rx_flow_control(wsi, 0);
	}

	return 0;
}

static int send_next(struct lws *wsi, struct echo_session *session)
{
	const struct piece *piece = lws_ring_get_element(session->ring, NULL);

	if (!piece)
		return 0;
	if (lws_write(wsi, piece->buffer + LWS_PRE, piece->len, piece->flags) < (int)piece->len)
		return -1;
	figures_count_message(piece->len);
	lws_ring_consume(session->ring, NULL, NULL, 1);
	if (session->stopped && lws_ring_get_count_free_elements(session->ring) >= 2 * ENOUGH) {
		session->stopped = false;
		lws_rx_flow_control(wsi, 1);
	}
	if (lws_ring_get_element(session->ring, NULL))
		lws_callback_on_writable(wsi);

	return 0;
}

int echo_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return !origin_is_ours(wsi);
	case LWS_CALLBACK_ESTABLISHED:
		return join(user);
	case LWS_CALLBACK_CLOSED:
		return leave(user);
	case LWS_CALLBACK_RECEIVE:
		return receive(wsi, user, in, len);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return send_next(wsi, user);
	default:
		return 0;
	}
}
