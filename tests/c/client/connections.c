/* Clients and their server in one context: many connections, threads, families, forms, and what the call refuses. */
#include "check.h"
#include "peer.h"
#include "process.h"
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct server server;
static atomic_int established, echoed, closed, failed, destroyed, children_closing;
static char last_error[128], request_body[4096], response_body[256], request_type[256];
static atomic_int completed, response_status;

static struct lws_client_connect_info *from_callback;

struct session {
	int zero;
};

static int on_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 256];
	struct session *session = user;

	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		REQUIRE(len <= 256);
		memcpy(buffer + LWS_PRE, in, len);
		return lws_write(wsi, buffer + LWS_PRE, len, LWS_WRITE_TEXT) < (int)len ? -1 : 0;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		CHECK_INT(session->zero, 0);
		session->zero = 1;
		atomic_fetch_add(&established, 1);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		memcpy(buffer + LWS_PRE, "hello", 5);
		return lws_write(wsi, buffer + LWS_PRE, 5, LWS_WRITE_TEXT) < 5 ? -1 : 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		CHECK_MEM(in, len, "hello", 5);
		CHECK_INT(((char *)in)[len], 0);
		atomic_fetch_add(&echoed, 1);
		if (lws_get_opaque_user_data(wsi) != &server)
			return 0; /* it stays */
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
		return -1;
	case LWS_CALLBACK_CLIENT_CLOSED:
		atomic_fetch_add(&closed, 1);
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		lws_strncpy(last_error, in ? in : "", sizeof(last_error));
		atomic_fetch_add(&failed, 1);
		break;
	case LWS_CALLBACK_CHILD_CLOSING:
		CHECK(lws_get_parent(in) == wsi);
		atomic_fetch_add(&children_closing, 1);
		break;
	default:
		break;
	}

	return 0;
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		if (!from_callback)
			break;
		REQUIRE(lws_client_connect_via_info(from_callback) != NULL);
		from_callback = NULL;
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		if (lws_get_opaque_user_data(wsi))
			atomic_fetch_add(&destroyed, 1);
		break;
	case LWS_CALLBACK_HTTP:
		request_body[0] = '\0';
		if (lws_hdr_copy(wsi, request_type, sizeof(request_type), WSI_TOKEN_HTTP_CONTENT_TYPE) <= 0)
			return server_reply_text(wsi, "got");
		return 0;
	case LWS_CALLBACK_HTTP_BODY:
		lws_snprintf(request_body + strlen(request_body), sizeof(request_body) - strlen(request_body), "%.*s", (int)len,
			     (char *)in);
		return 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return server_reply_text(wsi, "posted");
	default:
		break;
	}

	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static int on_form(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	char buffer[LWS_PRE + 1024], *start = buffer + LWS_PRE, *p = start, *end = buffer + sizeof(buffer);
	int *part = user, n = 1024;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		lws_client_http_body_pending(wsi, 1);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		switch ((*part)++) {
		case 0:
			if (lws_client_http_multipart(wsi, "text", NULL, NULL, &p, end))
				return -1;
			p += lws_snprintf(p, lws_ptr_diff_size_t(end, p), "my text field");
			break;
		case 1:
			if (lws_client_http_multipart(wsi, "file", "a \"name\".txt", "text/plain", &p, end))
				return -1;
			p += lws_snprintf(p, lws_ptr_diff_size_t(end, p), "contents");
			break;
		case 2:
			/* no room, and nothing is written then */
			CHECK(lws_client_http_multipart(wsi, "other", NULL, NULL, &p, p + 20));
			CHECK_PTR(p, start);
			if (lws_client_http_multipart(wsi, NULL, NULL, NULL, &p, end))
				return -1;
			lws_client_http_body_pending(wsi, 0);
			break;
		default:
			return 0;
		}
		if (*part < 3)
			lws_callback_on_writable(wsi);
		return lws_write(wsi, (unsigned char *)start, lws_ptr_diff_size_t(p, start),
				 *part < 3 ? LWS_WRITE_HTTP : LWS_WRITE_HTTP_FINAL) < 0 ? -1 : 0;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		atomic_store(&response_status, (int)lws_http_client_http_response(wsi));
		break;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &p, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		/* What stands before it is the program's. */
		memset((char *)in - LWS_PRE, 0, LWS_PRE);
		lws_snprintf(response_body + strlen(response_body), sizeof(response_body) - strlen(response_body), "%.*s",
			     (int)len, (char *)in);
		break;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		atomic_fetch_add(&completed, 1);
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		lws_strncpy(last_error, in ? in : "", sizeof(last_error));
		atomic_fetch_add(&failed, 1);
		break;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, 0, 0, 0, NULL, 0 },
	{ "echo", on_echo, sizeof(struct session), 0, 0, NULL, 0 },
	{ "form", on_form, sizeof(int), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void begin(struct lws_client_connect_info *client)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	server_run(&server, &info);
	memset(client, 0, sizeof(*client));
	client->context = server.context;
	client->address = "127.0.0.1";
	client->port = server.port;
	client->path = "/";
	client->protocol = "echo";
	client->opaque_user_data = &server;
}

static void opened_and_closed(void)
{
	struct lws_client_connect_info client;
	int round, i, before = 0;

	begin(&client);
	for (round = 0; round < 10; round++) {
		if (round == 1)
			before = process_descriptors();
		for (i = 0; i < 200; i++)
			REQUIRE(lws_client_connect_via_info(&client) != NULL);
		WAIT_FOR(atomic_load(&destroyed) == (round + 1) * 200);
	}
	CHECK_INT(atomic_load(&established), 2000);
	CHECK_INT(atomic_load(&echoed), 2000);
	CHECK_INT(atomic_load(&closed), 2000);
	CHECK_INT(atomic_load(&failed), 0);
	/* The server's ends go a little later. */
	WAIT_FOR(process_descriptors() <= before);
	server_destroy(&server);
}

static void refused_many_times(void)
{
	struct lws_client_connect_info client;
	struct peer peer;
	int i, before;

	begin(&client);
	peer_refuse(&peer);
	client.port = peer.port;
	before = process_descriptors();
	for (i = 0; i < 100; i++)
		if (!lws_client_connect_via_info(&client))
			atomic_fetch_add(&failed, 1);
	WAIT_FOR(atomic_load(&failed) == 100);
	WAIT_FOR(process_descriptors() <= before);
	server_destroy(&server);
}

static void *connect_some(void *argument)
{
	int i;

	for (i = 0; i < 50; i++)
		REQUIRE(lws_client_connect_via_info(argument) != NULL);
	return NULL;
}

/* Any thread may connect. */
static void from_several_threads(void)
{
	struct lws_client_connect_info client;
	pthread_t threads[4];
	int i;

	begin(&client);
	for (i = 0; i < 4; i++)
		REQUIRE_INT(pthread_create(&threads[i], NULL, connect_some, &client), 0);
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	WAIT_FOR(atomic_load(&destroyed) == 200);
	CHECK_INT(atomic_load(&echoed), 200);
	server_destroy(&server);
}

static void in_a_callback(void)
{
	struct lws_client_connect_info client;

	begin(&client);
	from_callback = &client;
	lws_cancel_service(server.context);
	WAIT_FOR(atomic_load(&destroyed) == 1);
	CHECK_INT(atomic_load(&echoed), 1);
	CHECK_PTR(from_callback, NULL);
	server_destroy(&server);
}

struct loop {
	struct lws_context *context;
	int tsi;
	atomic_bool stop;
	pthread_t thread;
};

static void *service(void *argument)
{
	struct loop *loop = argument;

	while (!atomic_load(&loop->stop) && lws_service_tsi(loop->context, 0, loop->tsi) >= 0)
		;
	return NULL;
}

static void with_several_service_threads(void)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct loop loops[2];
	pthread_t threads[2];
	int i;

	server_info(&info, protocols);
	info.count_threads = 2;
	server_create(&server, &info);
	memset(&client, 0, sizeof(client));
	client.context = server.context;
	client.address = "127.0.0.1";
	client.port = server.port;
	client.protocol = "echo";
	client.opaque_user_data = &server;
	for (i = 0; i < 2; i++) {
		loops[i].context = server.context;
		loops[i].tsi = i;
		atomic_store(&loops[i].stop, false);
		REQUIRE_INT(pthread_create(&loops[i].thread, NULL, service, &loops[i]), 0);
	}
	for (i = 0; i < 2; i++)
		REQUIRE_INT(pthread_create(&threads[i], NULL, connect_some, &client), 0);
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	WAIT_FOR(atomic_load(&destroyed) == 100);
	CHECK_INT(atomic_load(&echoed), 100);
	for (i = 0; i < 2; i++) {
		atomic_store(&loops[i].stop, true);
		lws_cancel_service(server.context);
		pthread_join(loops[i].thread, NULL);
	}
	lws_context_destroy(server.context);
}

/* A child goes with its parent, which hears when it loses one. */
static void parent_and_child(void)
{
	struct lws_client_connect_info client;
	struct lws *parent = NULL, *child = NULL, *wsi;
	int other;

	begin(&client);
	client.opaque_user_data = &other;
	client.pwsi = &parent;
	wsi = lws_client_connect_via_info(&client);
	CHECK_PTR(parent, wsi);
	WAIT_FOR(atomic_load(&echoed) == 1);
	client.parent_wsi = parent;
	client.pwsi = &child;
	wsi = lws_client_connect_via_info(&client);
	CHECK_PTR(child, wsi);
	CHECK_PTR(lws_get_parent(child), parent);
	CHECK_PTR(lws_get_child(parent), child);
	WAIT_FOR(atomic_load(&echoed) == 2);
	lws_set_timeout(child, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	WAIT_FOR(atomic_load(&destroyed) == 1);
	CHECK_INT(atomic_load(&children_closing), 1);
	CHECK_PTR(lws_get_child(parent), NULL);
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	WAIT_FOR(atomic_load(&echoed) == 3);
	lws_set_timeout(parent, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	WAIT_FOR(atomic_load(&destroyed) == 3);
	CHECK_INT(atomic_load(&closed), 3);
	CHECK_INT(atomic_load(&children_closing), 2);
	server_destroy(&server);
}

static void over_a_unix_socket(const char *address)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	char iface[256];

	snprintf(iface, sizeof(iface), address[0] == '@' ? "%s-%d" : "%s", address, getpid());
	server_info(&info, protocols);
	info.iface = iface;
	info.options |= LWS_SERVER_OPTION_UNIX_SOCK;
	server_run(&server, &info);
	memset(&client, 0, sizeof(client));
	memmove(iface + 1, iface, strlen(iface) + 1);
	iface[0] = '+';
	client.context = server.context;
	client.address = iface;
	client.protocol = "echo";
	client.opaque_user_data = &server;
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	WAIT_FOR(atomic_load(&destroyed) == 1);
	CHECK_INT(atomic_load(&echoed), 1);
	server_destroy(&server);
}

static void unix_path(void)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/socket", test_directory());
	over_a_unix_socket(path);
}

static void unix_abstract(void)
{
	over_a_unix_socket("@golws-test");
}

static void forms(int flags)
{
	struct lws_client_connect_info client;

	begin(&client);
	client.method = "POST";
	client.protocol = "form";
	client.ssl_connection = flags;
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	WAIT_FOR(atomic_load(&destroyed) == 1);
	CHECK_STR(last_error, "");
	CHECK_INT(atomic_load(&response_status), 200);
	CHECK_INT(atomic_load(&completed), 1);
	CHECK_STR(response_body, "posted");
	server_destroy(&server);
}

static void multipart(void)
{
	char boundary[64], wanted[1024];

	forms(LCCSCF_HTTP_MULTIPART_MIME);
	REQUIRE(sscanf(request_type, "multipart/form-data; boundary=\"%63[^\"]\"", boundary) == 1);
	snprintf(wanted, sizeof(wanted),
		 "--%s\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nmy text field\r\n"
		 "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a %%22name%%22.txt\"\r\n"
		 "Content-Type: text/plain\r\n\r\ncontents\r\n--%s--\r\n",
		 boundary, boundary, boundary);
	CHECK_STR(request_body, wanted);
}

static void basic_auth(void)
{
	char value[64];

	CHECK_INT(lws_http_basic_auth_gen("Aladdin", "OpenSesame", value, sizeof(value)), 0);
	CHECK_STR(value, "Basic QWxhZGRpbjpPcGVuU2VzYW1l");
	CHECK_INT(lws_http_basic_auth_gen("Aladdin", "OpenSesame", value, 31), 0);
	CHECK_INT(!!lws_http_basic_auth_gen("Aladdin", "OpenSesame", value, 30), 1);
	CHECK_STR(value, "");
	CHECK_INT(!!lws_http_basic_auth_gen("a:b", "c", value, sizeof(value)), 1);
}

static void refused_by_the_call(void)
{
	struct lws_client_connect_info client, bad;
	struct lws *stored = (struct lws *)&client;

	begin(&client);
	lws_set_log_level(0, NULL);
	client.pwsi = &stored;
#define REFUSED(change)                                                                                                \
	do {                                                                                                           \
		bad = client;                                                                                          \
		stored = (struct lws *)&client;                                                                        \
		change;                                                                                                \
		CHECK_PTR(lws_client_connect_via_info(&bad), NULL);                                                    \
		CHECK_PTR(stored, NULL);                                                                               \
	} while (0)
	REFUSED(bad.context = NULL);
	REFUSED(bad.address = NULL);
	REFUSED(bad.method = "UDP");
	REFUSED(bad.method = "MQTT");
	REFUSED(bad.method = "BAD METHOD");
	REFUSED(bad.port = 70000);
	REFUSED(bad.path = "/\r\nX-Injected: 1");
	REFUSED(bad.host = "a\r\nX-Injected: 1");
	REFUSED(bad.iface = "no-such-interface");
	REFUSED(bad.address = "+");
	REFUSED(bad.address = "+/nonexistent/socket");
	REFUSED(bad.vhost = (struct lws_vhost *)&bad);
	REFUSED(bad.parent_wsi = (struct lws *)&bad);
	CHECK_PTR(lws_client_connect_via_info(NULL), NULL);
	CHECK_INT(atomic_load(&failed), 0);
	server_destroy(&server);
}

/* A name that does not exist is told later, wherever the call comes from. */
static void unknown_name(void)
{
	struct lws_client_connect_info client;

	begin(&client);
	client.address = "nowhere.invalid";
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	WAIT_FOR(atomic_load(&failed) == 1);
	CHECK_STR(last_error, "DNS NXDOMAIN");
	WAIT_FOR(atomic_load(&destroyed) == 1);
	server_destroy(&server);
}

TEST_MAIN({ "opened_and_closed", opened_and_closed }, { "refused_many_times", refused_many_times },
	  { "from_several_threads", from_several_threads },
	  { "in_a_callback", in_a_callback }, { "with_several_service_threads", with_several_service_threads },
	  { "parent_and_child", parent_and_child }, { "unix_path", unix_path }, { "unix_abstract", unix_abstract },
	  { "multipart", multipart }, { "basic_auth", basic_auth }, { "refused_by_the_call", refused_by_the_call },
	  { "unknown_name", unknown_name })
