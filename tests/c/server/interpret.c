/*
 * Pages with variables: files of a suffix that the mount's interpret list
 * names pass through a protocol, piece by piece, with
 * LWS_CALLBACK_PROCESS_HTML and lws_chunked_html_process.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

struct session {
	struct lws_process_html_state state;
	int calls;
};

static const char *const names[] = { "$name", "$count", "$empty" };

static const char *replace(void *data, int index)
{
	struct session *session = data;
	static char number[16];

	switch (index) {
	case 0:
		return "golws & friends";
	case 1:
		snprintf(number, sizeof(number), "%d", ++session->calls);
		return number;
	default:
		return "";
	}
}

static int on_page(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct session *session = user;

	switch (reason) {
	case LWS_CALLBACK_PROCESS_HTML:
		session->state.vars = names;
		session->state.count_vars = 3;
		session->state.replace = replace;
		session->state.data = session;
		return lws_chunked_html_process(in, &session->state) ? -1 : 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ "page", on_page, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static const struct lws_protocol_vhost_options types = { NULL, NULL, ".page", "text/html" };
static const struct lws_protocol_vhost_options interpreted = { NULL, NULL, ".page", "page" };
static struct lws_http_mount mount = { .mountpoint = "/", .mountpoint_len = 1, .origin_protocol = LWSMPRO_FILE,
				       .extra_mimetypes = &types, .interpret = &interpreted };

/* upstream loses a name on the border of two pieces */
#ifdef TEST_GOLWS
#define LINES 3000
#else
#define LINES 10
#endif

static struct server server;

static void variables(void)
{
	struct lws_context_creation_info info;
	struct client_response response;
	struct client client;
	char path[512], *wanted, *at;
	FILE *file;
	int i;

	snprintf(path, sizeof(path), "%s/a.page", test_directory());
	file = fopen(path, "w");
	REQUIRE(file != NULL);
	at = wanted = malloc(4000000);
	REQUIRE(wanted != NULL);
	/* large enough to come in many pieces; names fall on their borders */
	for (i = 1; i <= LINES; i++) {
		fprintf(file, "<p>%.*sHello $name, this is $count.$empty</p>$unknown $nam\n", i % 37, "-------------------------------------");
		at += sprintf(at, "<p>%.*sHello golws & friends, this is %d.</p>$unknown $nam\n", i % 37,
			      "-------------------------------------", i);
	}
	fclose(file);
	mount.origin = test_directory();
	server_info(&info, protocols);
	info.mounts = &mount;
	server_run(&server, &info);
	client_tcp(&client, server.port);
	for (i = 0; i < 2; i++) {
		client_print(&client, "GET /a.page HTTP/1.1\r\nHost: a\r\n\r\n");
		REQUIRE(client_response(&client, &response, false));
		CHECK_INT(response.status, 200);
		CHECK(response.chunked);
		CHECK_STR(client_header(&response, "content-type"), "text/html");
		CHECK_MEM(response.body, response.body_length, wanted, (size_t)(at - wanted));
		client_response_free(&response);
	}
	client_close(&client);
	server_destroy(&server);
	free(wanted);
}

TEST_MAIN({ "variables", variables })
