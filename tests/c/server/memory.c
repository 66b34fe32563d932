/*
 * Session memory: of the right size, zeroed, aligned, at one place for the
 * life of a WebSocket and of an HTTP transaction, fresh for the next.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { SIZE = 5000 };

static atomic_int wrong, sessions;

static void expect_zero(const unsigned char *memory)
{
	size_t i;

	for (i = 0; i < SIZE; i++)
		if (memory[i]) {
			atomic_fetch_add(&wrong, 1);
			return;
		}
	if ((uintptr_t)memory % _Alignof(max_align_t))
		atomic_fetch_add(&wrong, 1);
}

static void fill(unsigned char *memory, const void *with)
{
	size_t i;

	for (i = 0; i + sizeof(with) <= SIZE; i += sizeof(with))
		memcpy(memory + i, &with, sizeof(with));
}

static void expect_filled(const unsigned char *memory, const void *with)
{
	size_t i;

	for (i = 0; i + sizeof(with) <= SIZE; i += sizeof(with))
		if (memcmp(memory + i, &with, sizeof(with))) {
			atomic_fetch_add(&wrong, 1);
			return;
		}
}

static int on_memory(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 4];

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		CHECK_PTR(lws_wsi_user(wsi), user);
		expect_zero(user);
		fill(user, user);
		atomic_fetch_add(&sessions, 1);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		expect_filled(user, user);
		memcpy(buffer + LWS_PRE, "seen", 4);
		return lws_write(wsi, buffer + LWS_PRE, 4, LWS_WRITE_TEXT) < 4 ? -1 : 0;
	case LWS_CALLBACK_CLOSED:
		expect_filled(user, user);
		atomic_fetch_sub(&sessions, 1);
		return 0;
	case LWS_CALLBACK_HTTP:
		CHECK_PTR(lws_wsi_user(wsi), user);
		expect_zero(user);
		fill(user, wsi);
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_HTTP_WRITEABLE:
		expect_filled(user, wsi);
		return server_reply_text(wsi, "written");
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "memory", on_memory, SIZE, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct server server;

static void begin(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	server_run(&server, &info);
}

static void of_websockets(void)
{
	enum { COUNT = 50 };
	static struct client clients[COUNT];
	struct client_frame frame;
	int round, i;

	begin();
	/* many, so that memory is used again */
	for (round = 0; round < 10; round++) {
		for (i = 0; i < COUNT; i++)
			client_ws(&clients[i], server.port, "/", "memory");
		for (i = 0; i < COUNT; i++) {
			client_ws_send(&clients[i], FRAME_FIN | FRAME_TEXT, "look", 4);
			client_ws_message(&clients[i], &frame);
			client_frame_free(&frame);
		}
		for (i = 0; i < COUNT; i++)
			client_close(&clients[i]);
		WAIT_FOR(atomic_load(&sessions) == 0);
	}
	server_destroy(&server);
	CHECK_INT(atomic_load(&wrong), 0);
}

static void of_transactions(void)
{
	struct client_response response;
	struct client client;
	int i;

	begin();
	client_tcp(&client, server.port);
	for (i = 0; i < 100; i++) {
		client_print(&client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
		REQUIRE(client_response(&client, &response, false));
		CHECK_STR((char *)response.body, "written");
		client_response_free(&response);
	}
	/* and a WebSocket on the same connection */
	client_ws_upgrade(&client, "/", "memory", NULL);
	WAIT_FOR(atomic_load(&sessions) == 1);
	client_close(&client);
	server_destroy(&server);
	CHECK_INT(atomic_load(&wrong), 0);
}

/* lws_set_wsi_user: memory of the program's own */
static int own;

static int on_own(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		lws_set_wsi_user(wsi, &own);
		CHECK_PTR(lws_wsi_user(wsi), &own);
		lws_set_opaque_user_data(wsi, &sessions);
		atomic_fetch_add(&sessions, 1);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		CHECK_PTR(user, &own);
		CHECK_PTR(lws_get_opaque_user_data(wsi), &sessions);
		return -1;
	case LWS_CALLBACK_CLOSED:
		CHECK_PTR(user, &own);
		CHECK_PTR(lws_get_opaque_user_data(wsi), &sessions);
		atomic_fetch_sub(&sessions, 1);
		return 0;
	default:
		return 0;
	}
}

static void of_the_program(void)
{
	static const struct lws_protocols of_own[] = {
		{ "own", on_own, 0, 0, 0, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 }
	};
	struct lws_context_creation_info info;
	struct client client;

	server_info(&info, of_own);
	server_run(&server, &info);
	client_ws(&client, server.port, "/", "own");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "look", 4);
	client_drain(&client);
	client_close(&client);
	WAIT_FOR(atomic_load(&sessions) == 0);
	server_destroy(&server);
}

TEST_MAIN({ "of_websockets", of_websockets }, { "of_transactions", of_transactions },
	  { "of_the_program", of_the_program })
