/*
 * Streams and connections that end while the program is in a callback of one of them. The program hears of each end once,
 * of streams before their connection.
 */
#include "check.h"
#include "h2_client.h"
#include "server.h"

static atomic_int created, destroyed, closed, requests, carrier_destroyed, ended;
static struct lws *first, *carrier;
static struct server server;
static struct h2_client h2;

enum { KILL_CARRIER_SYNC, KILL_CARRIER_ASYNC, KILL_SELF_SYNC, KILL_SELF_ASYNC, KILL_OTHER_SYNC, DESTROY_VHOST,
       DESTROY_CONTEXT };

static int what;

static void act(struct lws *wsi)
{
	switch (what) {
	case KILL_CARRIER_SYNC:
		lws_set_timeout(lws_get_network_wsi(wsi), PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
		break;
	case KILL_CARRIER_ASYNC:
		lws_set_timeout(lws_get_network_wsi(wsi), PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
		break;
	case KILL_SELF_SYNC:
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
		break;
	case KILL_SELF_ASYNC:
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
		break;
	case KILL_OTHER_SYNC:
		lws_set_timeout(first, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
		CHECK_INT(atomic_load(&destroyed), 1);
		break;
	case DESTROY_VHOST:
		lws_vhost_destroy(lws_get_vhost(wsi));
		break;
	case DESTROY_CONTEXT:
		lws_context_destroy(lws_get_context(wsi));
		break;
	}
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
		carrier = wsi;
		break;
	case LWS_CALLBACK_WSI_CREATE:
		atomic_fetch_add(&created, 1);
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		CHECK_INT(atomic_load(&carrier_destroyed), 0);
		if (wsi == carrier)
			atomic_fetch_add(&carrier_destroyed, 1);
		atomic_fetch_add(&destroyed, 1); /* what is waited for comes last */
		break;
	case LWS_CALLBACK_CLOSED_HTTP:
		atomic_fetch_add(&closed, 1);
		break;
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		atomic_fetch_add(&ended, 1);
		break;
	case LWS_CALLBACK_HTTP:
		if (atomic_fetch_add(&requests, 1) == 0)
			first = wsi;
		if (!strcmp(in, "/act"))
			act(wsi);
		break;
	case LWS_CALLBACK_HTTP_BODY:
		act(wsi);
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* where: in which callback the end comes. Two streams are open then. */
static void run(int action, const char *where, bool carrier_ends)
{
	struct lws_context_creation_info info;
	struct h2_stream *stream;

	atomic_store(&created, 0);
	atomic_store(&destroyed, 0);
	atomic_store(&closed, 0);
	atomic_store(&requests, 0);
	atomic_store(&carrier_destroyed, 0);
	atomic_store(&ended, 0);
	what = action;
	server_info(&info, protocols);
	server_run(&server, &info);
	h2_connect(&h2, server.port, NULL);
	h2_request(&h2, "GET", "/wait", NULL, true);
	h2_ping(&h2);
	stream = h2_request(&h2, "POST", !strcmp(where, "http") ? "/act" : "/wait", NULL, false);
	if (!strcmp(where, "body"))
		h2_send_data(stream, "x", 1, false);
	WAIT_FOR(atomic_load(&created) == 3);
	if (carrier_ends) {
		WAIT_FOR(atomic_load(&destroyed) == 3);
		CHECK_INT(atomic_load(&carrier_destroyed), 1);
		CHECK_INT(atomic_load(&closed), 3);
		h2_drain(&h2);
	} else {
		WAIT_FOR(atomic_load(&destroyed) == 1);
		CHECK_INT(atomic_load(&carrier_destroyed), 0);
		CHECK_INT(atomic_load(&closed), 1);
		h2_ping(&h2);
	}
	h2_close(&h2);
	if (!carrier_ends)
		WAIT_FOR(atomic_load(&destroyed) == 3);
	if (action == DESTROY_CONTEXT) {
		WAIT_FOR(!atomic_load(&server.running));
		pthread_join(server.thread, NULL);
		server.thread = 0;
	} else {
		server_destroy(&server);
	}
	CHECK_INT(atomic_load(&created), 3);
	CHECK_INT(atomic_load(&destroyed), 3);
	CHECK_INT(atomic_load(&closed), 3);
	CHECK_INT(atomic_load(&ended), 1);
}

static void each(int action, bool carrier_ends)
{
	run(action, "http", carrier_ends);
	run(action, "body", carrier_ends);
}

static void carrier_at_once(void) { each(KILL_CARRIER_SYNC, true); }
static void carrier_soon(void) { each(KILL_CARRIER_ASYNC, true); }
static void stream_at_once(void) { each(KILL_SELF_SYNC, false); }
static void stream_soon(void) { each(KILL_SELF_ASYNC, false); }
static void other_stream(void) { each(KILL_OTHER_SYNC, false); }
static void vhost(void) { each(DESTROY_VHOST, true); }
static void context(void) { each(DESTROY_CONTEXT, true); }

/* From another thread, while nothing happens. */
static void from_outside(void)
{
	struct lws_context_creation_info info;
	struct h2_stream *stream;

	server_info(&info, protocols);
	server_run(&server, &info);
	h2_connect(&h2, server.port, NULL);
	stream = h2_request(&h2, "GET", "/wait", NULL, true);
	h2_request(&h2, "GET", "/wait", NULL, true);
	WAIT_FOR(atomic_load(&requests) == 2);
	lws_set_timeout(first, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	REQUIRE(h2_wait_end(stream));
	CHECK_INT(stream->was_reset, 1);
	WAIT_FOR(atomic_load(&destroyed) == 1);
	/* the handle is stale now, and said to be */
	lws_set_log_level(0, NULL);
	CHECK_INT(lws_callback_on_writable(first), -1);
	CHECK_PTR(lws_get_network_wsi(first), NULL);
	lws_set_log_level(LLL_ERR, NULL);
	lws_set_timeout(carrier, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	h2_drain(&h2);
	WAIT_FOR(atomic_load(&destroyed) == 3);
	h2_close(&h2);
	server_destroy(&server);
	CHECK_INT(atomic_load(&closed), 3);
}

TEST_MAIN({ "carrier_at_once", carrier_at_once }, { "carrier_soon", carrier_soon }, { "stream_at_once", stream_at_once },
	  { "stream_soon", stream_soon }, { "other_stream", other_stream }, { "vhost", vhost }, { "context", context },
	  { "from_outside", from_outside })
