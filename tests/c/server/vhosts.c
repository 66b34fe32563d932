/*
 * Virtual hosts: two on one port, several ports, unix sockets, options and
 * memory of a protocol on each vhost, creation and destruction.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct vhost_data {
	char color[32];
	long number;
};

static atomic_int inits, destroys, open_websockets;
static atomic_bool refuse_init;

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct vhost_data *data;
	const char *color = "-", *number = "-";
	char text[256];

	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		if (atomic_load(&refuse_init))
			return 1;
		atomic_fetch_add(&inits, 1);
		CHECK_INT(len, 0);
		CHECK_PTR(user, NULL);
		CHECK_PTR(lws_protocol_vh_priv_get(lws_get_vhost(wsi), lws_get_protocol(wsi)), NULL);
		data = lws_protocol_vh_priv_zalloc(lws_get_vhost(wsi), lws_get_protocol(wsi), sizeof(*data));
		REQUIRE(data != NULL);
		CHECK_INT(data->number, 0);
		if (in) {
			lws_pvo_get_str(in, "color", &color);
			if (!lws_pvo_get_str(in, "number", &number))
				data->number = atoi(number);
			CHECK(lws_pvo_get_str(in, "absent", &number) != 0);
			CHECK_PTR(lws_pvo_search(in, "absent"), NULL);
		}
		lws_snprintf(data->color, sizeof(data->color), "%s", color);
		return 0;
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		atomic_fetch_add(&destroys, 1);
		data = lws_protocol_vh_priv_get(lws_get_vhost(wsi), lws_get_protocol(wsi));
		CHECK(data != NULL);
		return 0;
	case LWS_CALLBACK_HTTP:
		data = lws_protocol_vh_priv_get(lws_get_vhost(wsi), lws_get_protocol(wsi));
		REQUIRE(data != NULL);
		/* the same by way of the context */
		CHECK_PTR(lws_protocol_vh_priv_get(lws_get_vhost_by_name(lws_get_context(wsi),
				lws_get_vhost_name(lws_get_vhost(wsi))), lws_get_protocol(wsi)), data);
		lws_snprintf(text, sizeof(text), "%s %s %ld %s", lws_get_vhost_name(lws_get_vhost(wsi)), data->color,
			     data->number, (const char *)lws_vhost_user(lws_get_vhost(wsi)));
		return server_reply_text(wsi, text);
	case LWS_CALLBACK_ESTABLISHED:
		atomic_fetch_add(&open_websockets, 1);
		return 0;
	case LWS_CALLBACK_CLOSED:
		atomic_fetch_sub(&open_websockets, 1);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct server server;
static struct client_response response;

static void ask(int port, const char *host, const char *wanted)
{
	struct client client;

	client_tcp(&client, port);
	client_print(&client, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", host);
	client_response_free(&response);
	REQUIRE(client_response(&client, &response, false));
	CHECK_INT(response.status, 200);
	CHECK_STR((char *)response.body, wanted);
	client_close(&client);
}

/* a context without a vhost of its own */
static struct lws_context *empty_context(void)
{
	struct lws_context_creation_info info;

	server_info(&info, NULL);
	info.options |= LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	memset(&server, 0, sizeof(server));
	server.context = lws_create_context(&info);
	REQUIRE(server.context != NULL);

	return server.context;
}

static struct lws_vhost *add(const char *name, int port, const struct lws_protocol_vhost_options *options,
			     const char *user)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.vhost_name = name;
	info.port = port;
	info.pvo = options;
	info.user = (void *)user;

	return lws_create_vhost(server.context, &info);
}

static const struct lws_protocol_vhost_options blue[] = {
	{ &blue[1], NULL, "color", "blue" }, { NULL, NULL, "number", "42" } };
static const struct lws_protocol_vhost_options red[] = { { NULL, NULL, "color", "red" } };
static const struct lws_protocol_vhost_options for_blue = { NULL, blue, "http", "" };
static const struct lws_protocol_vhost_options for_red = { NULL, red, "http", "" };

static void two_on_one_port(void)
{
	struct lws_vhost *first, *second;
	char host[64];
	int port;

	empty_context();
	first = add("first.example", 0, &for_blue, "one");
	REQUIRE(first != NULL);
	port = lws_get_vhost_listen_port(first);
	REQUIRE(port > 0);
	CHECK_INT(lws_get_vhost_port(first), port);
	second = add("second.example", port, &for_red, "two");
	REQUIRE(second != NULL);
	server_start(&server);

	snprintf(host, sizeof(host), "first.example:%d", port);
	ask(port, host, "first.example blue 42 one");
	snprintf(host, sizeof(host), "second.example:%d", port);
	ask(port, host, "second.example red 0 two");
	/* the port in Host is not needed */
	ask(port, "second.example", "second.example red 0 two");
	/* an unknown name goes to the first */
	ask(port, "third.example", "first.example blue 42 one");
	/* below a name of ours */
	ask(port, "www.second.example", "second.example red 0 two");
	server_destroy(&server);
	CHECK_INT(atomic_load(&inits), 2);
	CHECK_INT(atomic_load(&destroys), 2);
	client_response_free(&response);
}

static void two_ports(void)
{
	struct lws_vhost *first, *second;

	empty_context();
	first = add("first", 0, &for_blue, "one");
	second = add("second", 0, NULL, "two");
	REQUIRE(first && second);
	CHECK(lws_get_vhost_listen_port(first) != lws_get_vhost_listen_port(second));
	CHECK_PTR(lws_get_vhost_by_name(server.context, "second"), second);
	CHECK_PTR(lws_get_vhost_by_name(server.context, "third"), NULL);
	CHECK_STR(lws_get_vhost_name(first), "first");
	CHECK_STR(lws_vhost_name_to_protocol(first, "http")->name, "http");
	CHECK_PTR(lws_vhost_name_to_protocol(first, "absent"), NULL);
	server_start(&server);
	ask(lws_get_vhost_listen_port(first), "second", "first blue 42 one");
	ask(lws_get_vhost_listen_port(second), "first", "second - 0 two");
	server_destroy(&server);
	client_response_free(&response);
}

static void created_while_running(void)
{
#if LWS_LIBRARY_VERSION_NUMBER < 4002000
	test_skip("4.1 closes the connections of a destroyed vhost only with the context");
#endif
	struct lws_vhost *first, *second;
	struct client client;

	empty_context();
	first = add("first", 0, &for_blue, "one");
	REQUIRE(first != NULL);
	server_start(&server);
	ask(lws_get_vhost_listen_port(first), "x", "first blue 42 one");
	server_stop(&server);
	second = add("second", 0, &for_red, "two");
	REQUIRE(second != NULL);
	CHECK_INT(atomic_load(&inits), 2);
	server_start(&server);
	ask(lws_get_vhost_listen_port(second), "x", "second red 0 two");
	client_ws(&client, lws_get_vhost_listen_port(second), "/", "http");
	WAIT_FOR(atomic_load(&open_websockets) == 1);

	/* its connections go with it, the other vhost stays */
	server_stop(&server);
	lws_vhost_destroy(second);
	server_start(&server);
	client_drain(&client);
	client_close(&client);
	WAIT_FOR(atomic_load(&open_websockets) == 0);
	ask(lws_get_vhost_listen_port(first), "x", "first blue 42 one");
	CHECK_PTR(lws_get_vhost_by_name(server.context, "second"), NULL);
	server_destroy(&server);
	CHECK_INT(atomic_load(&destroys), 2);
	client_response_free(&response);
}

static void failing_init(void)
{
#ifndef TEST_GOLWS
	test_skip("upstream keeps the vhost");
#endif
	empty_context();
	REQUIRE(add("first", 0, &for_blue, "one") != NULL);
	server_start(&server);
	WAIT_FOR(atomic_load(&inits) == 1);
	server_stop(&server);
	atomic_store(&refuse_init, true);
	CHECK_PTR(add("second", 0, &for_red, "two"), NULL);
	atomic_store(&refuse_init, false);
	CHECK_PTR(lws_get_vhost_by_name(server.context, "second"), NULL);
	server_start(&server);
	ask(lws_get_vhost_listen_port(lws_get_vhost_by_name(server.context, "first")), "x", "first blue 42 one");
	server_destroy(&server);
	client_response_free(&response);
}

static void port_in_use(void)
{
#if !defined(TEST_GOLWS) && LWS_LIBRARY_VERSION_NUMBER >= 4002000
	test_skip("upstream 4.2 crashes");
#endif
	struct lws_context_creation_info info;
	struct lws_context *other;
	struct lws_vhost *first;

	empty_context();
	first = add("first", 0, NULL, "one");
	REQUIRE(first != NULL);
	server_info(&info, protocols);
	info.port = lws_get_vhost_listen_port(first);
	info.options |= LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
	lws_set_log_level(0, NULL);
	other = lws_create_context(&info);
	CHECK_PTR(other, NULL);
	server_destroy(&server);
}

static void unix_socket_named(const char *path)
{
	struct lws_context_creation_info info;
	struct client client;
	struct client_frame frame;
	struct stat status;

	server_info(&info, protocols);
	info.options |= LWS_SERVER_OPTION_UNIX_SOCK;
	info.iface = path;
	info.user = (void *)"unix";
	server_run(&server, &info);

	client_unix(&client, path);
	client_print(&client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	CHECK_INT(response.status, 200);
	CHECK_STR((char *)response.body, "default - 0 unix");
	client_response_free(&response);
	client_close(&client);

	client_unix(&client, path);
	client_ws_upgrade(&client, "/", "http", NULL);
	client_ws_close(&client, 1000, NULL);
	REQUIRE(client_ws_frame(&client, &frame));
	CHECK_INT(frame.opcode, FRAME_CLOSE);
	client_frame_free(&frame);
	client_close(&client);
	if (path[0] != '@')
		CHECK(!stat(path, &status) && S_ISSOCK(status.st_mode));
	server_destroy(&server);
}

static void unix_socket(void)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/socket", test_directory());
	unix_socket_named(path);
	/* what a killed server left behind is no obstacle */
	unix_socket_named(path);
}

static void abstract_unix_socket(void)
{
	char path[64];

	snprintf(path, sizeof(path), "@golws-test-%d", (int)getpid());
	unix_socket_named(path);
}

static void default_by_option(void)
{
	static const struct lws_protocol_vhost_options is_default = { NULL, NULL, "default", "1" };
	static const struct lws_protocol_vhost_options for_second = { NULL, &is_default, "second", "" };
	static const struct lws_protocol_vhost_options for_http = { &for_second, NULL, "http", "" };
	static const struct lws_protocols two[] = {
		{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
		{ "second", on_http, 0, 0, 0, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 }
	};
	struct lws_context_creation_info info;
	struct client client;

	server_info(&info, two);
	info.pvo = &for_http;
	server_run(&server, &info);
	WAIT_FOR(atomic_load(&inits) == 1);
	/* a WebSocket without a subprotocol goes to the default one */
	client_ws(&client, server.port, "/", NULL);
	WAIT_FOR(atomic_load(&open_websockets) == 1);
	client_close(&client);
	WAIT_FOR(atomic_load(&open_websockets) == 0);
	server_destroy(&server);
}

static void no_listener(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	server_create(&server, &info);
	CHECK(server.port <= 0);
	server_start(&server);
	WAIT_FOR(atomic_load(&inits) == 1);
	server_destroy(&server);
	CHECK_INT(atomic_load(&destroys), 1);
}

static void many_contexts(void)
{
	struct lws_context_creation_info info;
	static struct server servers[10];
	int i;

	for (i = 0; i < 10; i++) {
		server_info(&info, protocols);
		info.user = (void *)"many";
		server_run(&servers[i], &info);
	}
	for (i = 0; i < 10; i++)
		ask(servers[i].port, "x", "default - 0 many");
	for (i = 9; i >= 0; i--)
		server_destroy(&servers[i]);
	client_response_free(&response);
}

TEST_MAIN({ "two_on_one_port", two_on_one_port }, { "two_ports", two_ports },
	  { "created_while_running", created_while_running }, { "failing_init", failing_init },
	  { "port_in_use", port_in_use }, { "unix_socket", unix_socket },
	  { "abstract_unix_socket", abstract_unix_socket }, { "default_by_option", default_by_option },
	  { "no_listener", no_listener }, { "many_contexts", many_contexts })
