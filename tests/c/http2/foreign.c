/* HTTP/2 over TLS, chosen by ALPN, and clients that are not ours: openssl(1) under our frames, curl, nghttp. */
#include "check.h"
#include "h2_client.h"
#include "server.h"
#include "tls.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const names[] = { "text" };

struct session {
	struct lws_spa *spa;
	size_t received;
};

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 1024], *at = buffer + LWS_PRE, *end = buffer + sizeof(buffer) - 1;
	struct session *session = user;
	char text[256], authority[64];

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		if (lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) || lws_hdr_total_length(wsi, WSI_TOKEN_PUT_URI))
			return 0;
		if (!strcmp(in, "/moved")) {
			if (lws_http_redirect(wsi, HTTP_STATUS_MOVED_PERMANENTLY, (const unsigned char *)"/there", 6, &at, end) < 0)
				return -1;
			return lws_http_transaction_completed(wsi) ? -1 : 0;
		}
		if (lws_hdr_copy(wsi, authority, sizeof(authority), WSI_TOKEN_HTTP_COLON_AUTHORITY) <= 0)
			lws_snprintf(authority, sizeof(authority), "none");
		lws_snprintf(text, sizeof(text), "%s tls=%d %s %s", (const char *)in, lws_is_ssl(wsi),
			     lws_get_network_wsi(wsi) == wsi ? "connection" : "stream", authority);
		return server_reply_text(wsi, text);
	case LWS_CALLBACK_HTTP_BODY:
		session->received += len;
		if (!session->spa && lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE)) {
			session->spa = lws_spa_create(wsi, names, 1, 1024, NULL, NULL);
			if (!session->spa)
				return -1;
		}
		return session->spa && lws_spa_process(session->spa, in, (int)len) ? -1 : 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		if (session->spa)
			lws_spa_finalize(session->spa);
		lws_snprintf(text, sizeof(text), "%zu %s", session->received,
			     session->spa ? lws_spa_get_string(session->spa, 0) : "no form");
		return server_reply_text(wsi, text);
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
		if (session->spa)
			lws_spa_destroy(session->spa);
		session->spa = NULL;
		return 0;
	case LWS_CALLBACK_ESTABLISHED:
		CHECK(lws_is_ssl(wsi));
		return 0;
	case LWS_CALLBACK_RECEIVE:
		return lws_write(wsi, in, len, LWS_WRITE_TEXT) == (int)len ? 0 : -1;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct server server;

static void begin(bool tls)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	if (tls) {
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		info.ssl_cert_filepath = tls_file("server.pem");
		info.ssl_private_key_filepath = tls_file("server.key");
	}
	server_run(&server, &info);
}

static void chosen_by_alpn(void)
{
	struct client_frame frame;
	struct tls_client tls;
	struct h2_stream *stream, *ws;
	struct h2_client h2;

	begin(true);
	tls_connect(&tls, server.port, "-alpn h2,http/1.1 %s", tls_verifying());
	h2_begin(&h2, &tls.client, NULL);
	stream = h2_request_of(&h2, ":method: GET\n:scheme: https\n:path: /page\n:authority: localhost\n", true);
	REQUIRE(h2_wait_end(stream));
	CHECK_STR((char *)stream->body.buffer, "/page tls=1 stream localhost");
	ws = h2_request_of(&h2, ":method: CONNECT\n:protocol: websocket\n:scheme: https\n:path: /chat\n:authority: localhost\n"
				"sec-websocket-version: 13\n", false);
	client_ws_send(&ws->body, FRAME_FIN | FRAME_TEXT, "hello", 5);
	client_ws_message(&ws->body, &frame);
	CHECK_MEM(frame.payload, frame.length, "hello", 5);
	client_frame_free(&frame);
	tls.client = h2.tcp;
	tls_close(&tls);
	h2.tcp.fd = -1;
	h2.tcp.buffer = NULL;
	h2_close(&h2);

	tls_expect_page(server.port, "-alpn http/1.1", "/ tls=1 connection none");
	tls_expect_page(server.port, "", "/ tls=1 connection none");
	server_destroy(&server);
}

static void expect(const char *got, const char *wanted)
{
	CHECK_STR(got, wanted);
}

static void curl(void)
{
	const char *file = tls_file("server.key");
	char options[600], url[128];
	int tls;

	for (tls = 0; tls < 2; tls++) {
		begin(tls);
		if (tls)
			snprintf(options, sizeof(options), "curl -sS --max-time 60 --http2 --cacert %s", tls_file("ca.pem"));
		else
			snprintf(options, sizeof(options), "curl -sS --max-time 60 --http2-prior-knowledge");
		snprintf(url, sizeof(url), "%s://localhost:%d", tls ? "https" : "http", server.port);
		snprintf(options + strlen(options), sizeof(options) - strlen(options), " --resolve localhost:%d:127.0.0.1",
			 server.port);

		CHECK(strstr(tls_command("%s %s/page", options, url), tls ? "/page tls=1 stream localhost:" :
									    "/page tls=0 stream localhost:"));
		expect(tls_command("%s -o /dev/null -w '%%{http_version} %%{http_code}' %s/page", options, url), "2 200");
		expect(tls_command("%s -o /dev/null -w '%%{http_code} %%{size_download}' -I %s/page", options, url), "200 0");
		/* curl 7.88 cannot use a connection again that it began with prior knowledge, whoever the server is. */
		if (tls)
			CHECK(strstr(tls_command("%s -L %s/moved", options, url), "/there tls=1 stream"));
		CHECK(strstr(tls_command("%s -o /dev/null -w '%%{http_code} %%{redirect_url}' %s/moved", options, url), "/there"));
		expect(tls_command("%s -d text=some+text %s/form", options, url), "14 some text");
		CHECK(strstr(tls_command("%s -F text=more -F file=@%s %s/form", options, file, url), " more"));
		/* a length, and none */
		expect(tls_command("head -c 3000000 /dev/zero | %s -H Content-Type: --data-binary @- %s/body", options, url),
		       "3000000 no form");
		expect(tls_command("head -c 3000000 /dev/zero | %s -T - %s/body", options, url), "3000000 no form");
		/* several at once on one connection */
		if (tls)
			expect(tls_command("%s --parallel --parallel-max 20 -o /dev/null -w '%%{http_version} %%{http_code}\\n' '%s/p[1-50]' "
				   "| sort | uniq -c | tr -s ' '", options, url), " 50 2 200");
		server_destroy(&server);
	}
}

static void nghttp(void)
{
	const char *output;

	begin(false);
	output = tls_command("nghttp -nv http://127.0.0.1:%d/one http://127.0.0.1:%d/two", server.port, server.port);
	CHECK(strstr(output, "SETTINGS_ENABLE_CONNECT_PROTOCOL") || strstr(output, "0x08):1") || strstr(output, "[SETTINGS_"));
	CHECK(strstr(output, ":status: 200") != NULL);
	CHECK_PTR(strstr(output, "RST_STREAM"), NULL);
	server_destroy(&server);
}

TEST_MAIN({ "chosen_by_alpn", chosen_by_alpn }, { "curl", curl }, { "nghttp", nghttp })
