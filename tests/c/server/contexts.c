/*
 * A context destroyed from inside a callback, a vhost too, and what
 * lws_service says then.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

static atomic_int closed, destroyed_protocols;
static struct lws_vhost *victim;

static int on_ws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		if (len == 7 && !memcmp(in, "context", 7))
			lws_context_destroy(lws_get_context(wsi));
		if (len == 5 && !memcmp(in, "vhost", 5))
			lws_vhost_destroy(victim);
		return 0;
	case LWS_CALLBACK_HTTP:
		return server_reply_text(wsi, "http");
	case LWS_CALLBACK_CLOSED:
		atomic_fetch_add(&closed, 1);
		return 0;
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		atomic_fetch_add(&destroyed_protocols, 1);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "ws", on_ws, 8, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static atomic_bool ended;

static void *serve(void *argument)
{
	int n;

	do
		n = lws_service(argument, 0);
	while (n >= 0);
	atomic_store(&ended, true);

	return NULL;
}

static void destroyed_in_a_callback(void)
{
	struct lws_context_creation_info info;
	struct server server;
	struct client asker, other;
	pthread_t thread;

	server_info(&info, protocols);
	server_create(&server, &info);
	REQUIRE_INT(pthread_create(&thread, NULL, serve, server.context), 0);
	client_ws(&other, server.port, "/", "ws");
	client_ws(&asker, server.port, "/", "ws");
	client_ws_send(&asker, FRAME_FIN | FRAME_TEXT, "context", 7);
	client_drain(&asker);
	client_drain(&other);
	WAIT_FOR(atomic_load(&ended));
	pthread_join(thread, NULL);
	CHECK_INT(atomic_load(&closed), 2);
	CHECK_INT(atomic_load(&destroyed_protocols), 1);
	client_close(&asker);
	client_close(&other);
}

static void vhost_destroyed_in_a_callback(bool own)
{
	struct lws_context_creation_info info;
	struct client_response response;
	struct lws_vhost *first, *second;
	struct client asker, other;
	struct server server;
	int first_port;

#if LWS_LIBRARY_VERSION_NUMBER < 4002000
	test_skip("4.1 closes the connections of a destroyed vhost only with the context");
#endif
	server_info(&info, protocols);
	info.options |= LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	server_create(&server, &info);
	info.vhost_name = "first";
	first = lws_create_vhost(server.context, &info);
	info.vhost_name = "second";
	second = lws_create_vhost(server.context, &info);
	REQUIRE(first && second);
	first_port = lws_get_vhost_listen_port(first);
	server_start(&server);
	client_ws(&asker, own ? lws_get_vhost_listen_port(second) : first_port, "/", "ws");
	client_ws(&other, lws_get_vhost_listen_port(second), "/", "ws");
	victim = second;
	client_ws_send(&asker, FRAME_FIN | FRAME_TEXT, "vhost", 5);
	client_drain(&other);
	WAIT_FOR(atomic_load(&closed) >= (own ? 2 : 1));
	if (own)
		client_drain(&asker);
	WAIT_FOR(atomic_load(&destroyed_protocols) == 1);
	/* the other vhost serves on */
	client_get(first_port, "/", "", &response);
	client_response_free(&response);
	client_close(&asker);
	client_close(&other);
	server_destroy(&server);
	CHECK_INT(atomic_load(&closed), 2);
	CHECK_INT(atomic_load(&destroyed_protocols), 2);
}

static void another_vhost_destroyed(void)
{
	vhost_destroyed_in_a_callback(false);
}

static void own_vhost_destroyed(void)
{
	vhost_destroyed_in_a_callback(true);
}

TEST_MAIN({ "destroyed_in_a_callback", destroyed_in_a_callback },
	  { "another_vhost_destroyed", another_vhost_destroyed },
	  { "own_vhost_destroyed", own_vhost_destroyed })
