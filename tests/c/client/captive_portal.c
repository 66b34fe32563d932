/* Whether the internet can be reached, found out by a request whose answer is known. */
#include "check.h"
#include "peer.h"
#include "server.h"

static struct server server;
static struct peer peer;
static atomic_int asked, told;
static unsigned int status;

static int on_page(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct lws_context *context = lws_get_context(wsi);

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		status = lws_http_client_http_response(wsi);
		lws_system_cpd_set(context, status == 204 ? LWS_CPD_INTERNET_OK : LWS_CPD_CAPTIVE_PORTAL);
		atomic_fetch_add(&told, 1);
		return -1; /* it has said all that is of interest */
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		lws_system_cpd_set(context, LWS_CPD_NO_INTERNET); /* no effect if it is known already */
		atomic_fetch_add(&told, 1);
		break;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "page", on_page, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* What the context calls when it wants to know */
static int detect(struct lws_context *context)
{
	struct lws_client_connect_info client;

	atomic_fetch_add(&asked, 1);
	memset(&client, 0, sizeof(client));
	client.context = context;
	client.address = "127.0.0.1";
	client.port = peer.port;
	client.path = "/generate_204";
	client.method = "GET";
	client.local_protocol_name = "page";
	client.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT;

	return !lws_client_connect_via_info(&client);
}

static const lws_system_ops_t ops = { .captive_portal_detect_request = detect };

static void begin(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.system_ops = &ops;
	server_create(&server, &info);
	CHECK_INT(lws_system_cpd_state_get(server.context), LWS_CPD_UNKNOWN);
	CHECK_INT(lws_system_cpd_start(server.context), 0);
	server_start(&server);
}

static void answer_is(const char *response, unsigned int expected_status, lws_cpd_result_t result)
{
	peer_listen(&peer);
	begin();
	peer_accept(&peer);
	peer_request(&peer);
	CHECK(!strncmp(peer.head, "GET /generate_204 HTTP/1.1\r\n", 28));
	client_print(&peer.client, "%s", response);
	WAIT_FOR(atomic_load(&told) >= 1);
	CHECK_INT(status, expected_status);
	WAIT_FOR(lws_system_cpd_state_get(server.context) == result);
	server_destroy(&server);
	peer_close(&peer);
}

static void internet(void)
{
	answer_is("HTTP/1.1 204 No Content\r\n\r\n", 204, LWS_CPD_INTERNET_OK);
}

static void portal(void)
{
	answer_is("HTTP/1.1 302 Found\r\nLocation: http://portal.invalid/\r\nContent-Length: 0\r\n\r\n", 302,
		  LWS_CPD_CAPTIVE_PORTAL);
}

static void portal_with_a_page(void)
{
	answer_is("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nLogin", 200, LWS_CPD_CAPTIVE_PORTAL);
}

static void nobody(void)
{
	peer_refuse(&peer);
	begin();
	WAIT_FOR(lws_system_cpd_state_get(server.context) == LWS_CPD_NO_INTERNET);
	server_destroy(&server);
	peer_close(&peer);
}

/* What is known becomes unknown with each new question, also one that is asked later. */
static void again(void)
{
	peer_refuse(&peer);
	begin();
	WAIT_FOR(lws_system_cpd_state_get(server.context) == LWS_CPD_NO_INTERNET);
	peer_close(&peer);
	peer_listen(&peer);
	lws_system_cpd_start_defer(server.context, 1000);
	peer_accept(&peer);
	CHECK_INT(lws_system_cpd_state_get(server.context), LWS_CPD_UNKNOWN);
	peer_request(&peer);
	client_print(&peer.client, "HTTP/1.1 204 No Content\r\n\r\n");
	WAIT_FOR(lws_system_cpd_state_get(server.context) == LWS_CPD_INTERNET_OK);
	CHECK_INT(atomic_load(&asked), 2);
	server_destroy(&server);
	peer_close(&peer);
}

TEST_MAIN({ "internet", internet }, { "portal", portal }, { "portal with a page", portal_with_a_page },
	  { "nobody", nobody }, { "again", again })
