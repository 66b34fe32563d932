/*
 * TLS of the connections that a program makes, to servers that others wrote: openssl s_server, nginx,
 * python3-websockets; and to some that only pretend. A case is skipped where its server is not installed.
 *
 * usage: clients DIRECTORY-OF-SERVERS.PY [case...]
 */
#include "check.h"
#include "lines.h"
#include "server.h"
#include "tls.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *scripts;

/* Starts servers.py with its arguments, separated by blanks; the port */
static int serve(const char *arguments)
{
	int input[2], output[2];
	char command[2048], line[32] = "";
	size_t length = 0;
	ssize_t got;
	pid_t pid;

	snprintf(command, sizeof(command), "exec /usr/bin/python3 %s/servers.py %s %s", scripts, tls_file(""), arguments);
	REQUIRE_INT(pipe(input), 0);
	REQUIRE_INT(pipe(output), 0);
	/* A server ends with this process, whose end closes its input, and no other server keeps that open. */
	fcntl(input[1], F_SETFD, FD_CLOEXEC);
	fcntl(output[0], F_SETFD, FD_CLOEXEC);
	pid = fork();
	REQUIRE(pid >= 0);
	if (!pid) {
		dup2(input[0], 0);
		dup2(output[1], 1);
		close(input[0]);
		close(output[1]);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(input[0]);
	close(output[1]);
	while (!strchr(line, '\n')) {
		got = read(output[0], line + length, sizeof(line) - 1 - length);
		REQUIRE(got > 0);
		length += (size_t)got;
	}
	close(output[0]);
	if (!atoi(line))
		test_skip("the server is not installed");
	return atoi(line);
}

static struct {
	int established, closed, destroyed, failed, completed, status, verified, extra, reused, infos, ssl;
	long valid; /* len of the verification; -1: it was not called */
	size_t received;
	char error[128], body[256], certificate[64], problem[256];
} seen;

static struct lws *current;

static struct {
	bool refuse, accept;
	const char *trust; /* in LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS */
} program;

static int on_client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	char buffer[LWS_PRE + 1024], *p = buffer + LWS_PRE;
	union lws_tls_cert_info_results info;
	int n = 1024;
	size_t length;
	void *bytes;

	switch (reason) {
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS:
		seen.extra++;
		if (program.trust) {
			bytes = tls_read(program.trust, &length);
			CHECK_INT(lws_tls_client_vhost_extra_cert_mem(lws_get_vhost(wsi), bytes, length), 0);
			free(bytes);
		}
		break;
	case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
		seen.verified++;
		seen.valid = (long)len;
		CHECK(lws_is_ssl(wsi));
		CHECK_INT(lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_COMMON_NAME, &info, sizeof(info.ns.name)), 0);
		lws_strncpy(seen.certificate, info.ns.name, sizeof(seen.certificate));
		n = lws_tls_peer_cert_error(wsi, seen.problem, sizeof(seen.problem));
		CHECK_INT(n, strlen(seen.problem));
		CHECK_INT(!n, len);
		if (program.accept)
			CHECK_INT(lws_tls_accept_peer_cert(wsi), 0);
		return program.refuse;
	case LWS_CALLBACK_SSL_INFO:
		seen.infos |= ((struct lws_ssl_info *)in)->where;
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		seen.established++;
		seen.ssl = lws_is_ssl(wsi);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		memset(p, 'x', 1000);
		return lws_write(wsi, (unsigned char *)p, 1000, LWS_WRITE_BINARY) == 1000 ? 0 : -1;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		seen.received += len;
		if (seen.received < 1000)
			break;
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
		return -1;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		seen.status = (int)lws_http_client_http_response(wsi);
		seen.reused = lws_tls_session_is_reused(wsi);
		seen.ssl = lws_is_ssl(wsi);
		if (!lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_VERIFIED, &info, 0))
			seen.verified = (int)info.verified;
		break;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &p, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		if (!seen.received)
			lws_strnncpy(seen.body, in, len, sizeof(seen.body));
		seen.received += len;
		break;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		seen.completed++;
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		seen.failed++;
		lws_strncpy(seen.error, in ? in : "", sizeof(seen.error));
		break;
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
		seen.closed++;
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		if (wsi == current) /* and not what carries it, with HTTP/2 */
			seen.destroyed++;
		break;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "echo", on_client, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* A context whose connections trust that authority (NULL: none but the system's, which have none of the tests'). */
static void client_info(struct lws_context_creation_info *info, const char *authority)
{
	server_info(info, protocols);
	info->port = CONTEXT_PORT_NO_LISTEN;
	info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info->client_ssl_ca_filepath = authority ? tls_file(authority) : NULL;
}

static struct lws_context *create(struct lws_context_creation_info *info)
{
	struct lws_context *context = lws_create_context(info);

	REQUIRE(context != NULL);
	return context;
}

static void connect_info(struct lws_client_connect_info *client, struct lws_context *context, int port, int flags)
{
	memset(client, 0, sizeof(*client));
	client->context = context;
	client->address = "127.0.0.1";
	client->host = "localhost";
	client->port = port;
	client->path = "/";
	client->method = "GET";
	client->alpn = "http/1.1";
	client->local_protocol_name = "echo";
	client->pwsi = &current;
	client->ssl_connection = LCCSCF_USE_SSL | flags;
}

/* One connection from its beginning to its end, of which there is exactly one. */
static void go(const struct lws_client_connect_info *client)
{
	double until = test_now() + test_deadline();
	int extra = seen.extra;

	memset(&seen, 0, sizeof(seen));
	seen.extra = extra;
	seen.valid = -1;
	REQUIRE(lws_client_connect_via_info(client) != NULL);
	while (!seen.destroyed && test_now() < until)
		lws_service(client->context, 0);
	REQUIRE_INT(seen.destroyed, 1);
	CHECK_INT(seen.failed + seen.closed, 1);
}

static void get(struct lws_context *context, int port, int flags)
{
	struct lws_client_connect_info client;

	connect_info(&client, context, port, flags);
	go(&client);
}

static void answered(void)
{
	CHECK_STR(seen.error, "");
	CHECK_INT(seen.status, 200);
	CHECK_INT(seen.completed, 1);
	CHECK_INT(seen.ssl, 1);
}

/* One connection in a context of its own. */
static void get_once(struct lws_context_creation_info *info, int port, int flags)
{
	struct lws_context *context = create(info);

	get(context, port, flags);
	lws_context_destroy(context);
}

static void authorities(void)
{
	int port = serve("openssl -www -cert chain.pem -key chain.key -cert_chain intermediate.pem");
	struct lws_context_creation_info info;
	struct lws_context *context;
	size_t length;
	void *bytes;

	client_info(&info, "ca.pem");
	get_once(&info, port, 0);
	answered();
	CHECK_INT(seen.extra, 1);
	CHECK_INT(seen.valid, 1);
	CHECK_INT(seen.verified, 1);
	CHECK_STR(seen.certificate, "localhost");

	/* The members of a server are good for a vhost that serves no TLS. */
	client_info(&info, NULL);
	info.ssl_ca_filepath = tls_file("ca.pem");
	get_once(&info, port, 0);
	answered();

	bytes = tls_read("ca.pem", &length);
	client_info(&info, NULL);
	info.client_ssl_ca_mem = bytes;
	info.client_ssl_ca_mem_len = (unsigned int)length;
	get_once(&info, port, 0);
	answered();
	free(bytes);

	client_info(&info, NULL);
	program.trust = "ca.pem";
	get_once(&info, port, 0);
	answered();
	program.trust = NULL;

	client_info(&info, "other-ca.pem");
	context = create(&info);
	get(context, port, 0);
	CHECK_STR(seen.error, "tls: unable to get local issuer certificate");
	CHECK_INT(seen.valid, 0);
	bytes = tls_read("ca.pem", &length);
	lines_keep();
	CHECK_INT(lws_tls_client_vhost_extra_cert_mem(lws_get_vhost_by_name(context, "default"), bytes, 10), 1);
	CHECK(lines_have(LLL_ERR, "lws_tls_client_vhost_extra_cert_mem", ""));
	lines_end();
	CHECK_INT(lws_tls_client_vhost_extra_cert_mem(lws_get_vhost_by_name(context, "default"), bytes, length), 0);
	free(bytes);
	get(context, port, 0);
	answered();
	lws_context_destroy(context);
}

/* What the system trusts is trusted without a word, unless the program does not want it. */
static void system_trust(void)
{
	int port = serve("openssl -www -cert server.pem -key server.key");
	struct lws_context_creation_info info;

	setenv("SSL_CERT_FILE", tls_file("ca.pem"), 1);
	client_info(&info, NULL);
	get_once(&info, port, 0);
	answered();
	info.client_ssl_ca_filepath = tls_file("other-ca.pem"); /* beside it */
	get_once(&info, port, 0);
	answered();
	info.options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
	get_once(&info, port, 0);
	CHECK_STR(seen.error, "tls: unable to get local issuer certificate");
}

/* Each thing that can be wrong with a certificate, and the flags that excuse it. */
static void excuses(void)
{
	static const struct {
		const char *what, *server, *authority, *host, *error;
		int excuse;
	} all[] = {
		{ "unknown issuer", "-cert server.pem -key server.key", "other-ca.pem", "localhost",
		  "tls: unable to get local issuer certificate", LCCSCF_ALLOW_INSECURE },
		{ "authority sent", "-cert server.pem -key server.key -cert_chain ca.pem", "other-ca.pem", "localhost",
		  "tls: self-signed certificate in certificate chain", LCCSCF_ALLOW_SELFSIGNED },
		{ "self-signed", "-cert ca.pem -key ca.key", "other-ca.pem", "other.example", "tls: self-signed certificate",
		  LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK },
		{ "other name", "-cert server.pem -key server.key", "ca.pem", "other.example", "tls: hostname mismatch",
		  LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK },
		{ "other address", "-cert server.pem -key server.key", "ca.pem", "127.0.0.2", "tls: IP address mismatch",
		  LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK },
		{ "expired", "-cert expired.pem -key expired.key", "ca.pem", "localhost", "tls: certificate has expired",
		  LCCSCF_ALLOW_EXPIRED },
	};
	static const int flags[] = { LCCSCF_ALLOW_SELFSIGNED, LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK, LCCSCF_ALLOW_EXPIRED,
				     LCCSCF_ALLOW_INSECURE };
	const int every = LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK | LCCSCF_ALLOW_EXPIRED |
			  LCCSCF_ALLOW_INSECURE;
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	char arguments[256];
	size_t i, j;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		snprintf(arguments, sizeof(arguments), "openssl -www %s", all[i].server);
		client_info(&info, all[i].authority);
		context = create(&info);
		connect_info(&client, context, serve(arguments), 0);
		client.host = all[i].host;
		go(&client);
		CHECK_STR(seen.error, all[i].error);
		CHECK_INT(seen.valid, 0);
		CHECK(seen.problem[0]);
		/* no flag that does not name it */
		for (j = 0; j < sizeof(flags) / sizeof(flags[0]); j++) {
			client.ssl_connection = LCCSCF_USE_SSL | (every & ~flags[j]);
			go(&client);
			if (flags[j] & all[i].excuse)
				CHECK(seen.error[0]);
			else
				answered();
		}
		client.ssl_connection = LCCSCF_USE_SSL | all[i].excuse;
		lines_keep();
		go(&client);
		answered();
		CHECK_INT(seen.valid, 1);
		CHECK_INT(seen.verified, 0); /* which is not to say that it was found valid */
		CHECK(lines_have(LLL_NOTICE, all[i].host, "is accepted although"));
		lines_end();
		lws_context_destroy(context);
	}
}

/* The program has the last word, both ways. */
static void judged_by_the_program(void)
{
	int port = serve("openssl -www -cert server.pem -key server.key");
	struct lws_context_creation_info info;

	client_info(&info, "ca.pem");
	program.refuse = true;
	get_once(&info, port, 0);
	CHECK_STR(seen.error, "tls: the program refused the server's certificate");
	CHECK_INT(seen.valid, 1);
	program.refuse = false;
	program.accept = true;
	client_info(&info, "other-ca.pem");
	get_once(&info, port, 0);
	answered();
	CHECK_INT(seen.valid, 0);
	program.refuse = true;
	get_once(&info, port, 0);
	CHECK_STR(seen.error, "tls: the program refused the server's certificate");
}

/* Handshakes that fail for what either side can do, or wants. */
static void no_agreement(void)
{
	static const struct {
		const char *server, *alpn, *ciphers, *error;
		long options;
	} all[] = {
		{ "-cert server.pem -key server.key -alpn other", "http/1.1", NULL,
		  "tls: alert from the server: no application protocol", 0 },
		{ "-cert server.pem -key server.key -tls1_2", NULL, NULL,
		  "tls: alert from the server: protocol version not supported", 1l << 27 /* SSL_OP_NO_TLSv1_2 */ },
		{ "-cert server.pem -key server.key -tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384", NULL,
		  "ECDHE-ECDSA-AES128-GCM-SHA256", "tls: alert from the server: handshake failure", 0 },
		{ "-cert server.pem -key server.key -tls1_2 -CAfile ca.pem -Verify 1", NULL, NULL,
		  "tls: alert from the server: handshake failure", 0 },
		/* With TLS 1.3 the client is done before the server says so. */
		{ "-cert server.pem -key server.key -CAfile ca.pem -Verify 1", NULL, NULL, "read failed", 0 },
	};
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	char arguments[256];
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		snprintf(arguments, sizeof(arguments), "openssl -www %s", all[i].server);
		client_info(&info, "ca.pem");
		info.client_ssl_cipher_list = all[i].ciphers;
		info.ssl_client_options_set = all[i].options;
		context = create(&info);
		connect_info(&client, context, serve(arguments), 0);
		client.alpn = all[i].alpn;
		go(&client);
		CHECK_STR(seen.error, all[i].error);
		lws_context_destroy(context);
	}
}

/* Servers that break off, or speak something else. */
static void no_tls(void)
{
	static const struct {
		const char *server, *error;
	} all[] = {
		{ "ends", "tls: unexpected eof while reading" },
		{ "cut", "tls: unexpected eof while reading" },
		{ "resets", "connect SYSCALL 104" },
		{ "plain", "tls: the server does not speak TLS" },
		{ "alert", "tls: alert from the server: internal error" },
	};
	struct lws_context_creation_info info;
	size_t i;

	client_info(&info, "ca.pem");
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		get_once(&info, serve(all[i].server), 0);
		CHECK_STR(seen.error, all[i].error);
		CHECK_INT(seen.valid, -1);
	}
	get_once(&info, serve("garbage"), 0);
	CHECK(!strncmp(seen.error, "tls: ", 5));
	info.timeout_secs = 1;
	get_once(&info, serve("silent"), 0);
	CHECK_STR(seen.error, "Timed out waiting SSL");
}

static void closed_by_the_program(void)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	struct lws *wsi;

	client_info(&info, "ca.pem");
	context = create(&info);
	connect_info(&client, context, serve("silent"), 0);
	wsi = lws_client_connect_via_info(&client);
	REQUIRE(wsi != NULL);
	while (!lws_is_ssl(wsi))
		lws_service(context, 0);
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	while (!seen.destroyed)
		lws_service(context, 0);
	CHECK_INT(seen.failed + seen.closed, 1);
	/* and one whose context goes */
	memset(&seen, 0, sizeof(seen));
	wsi = lws_client_connect_via_info(&client);
	REQUIRE(wsi != NULL);
	while (!lws_is_ssl(wsi))
		lws_service(context, 0);
	lws_context_destroy(context);
	CHECK_INT(seen.failed + seen.closed, 1);
	CHECK_INT(seen.destroyed, 1);
}

/* There may be so many connections with TLS; one that ends makes room. */
static void limited(void)
{
	int silent = serve("silent"), port = serve("openssl -www -cert server.pem -key server.key");
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	struct lws *wsi;

	client_info(&info, "ca.pem");
	info.simultaneous_ssl_restriction = 1;
	context = create(&info);
	get(context, port, 0);
	answered();
	connect_info(&client, context, silent, 0);
	wsi = lws_client_connect_via_info(&client);
	REQUIRE(wsi != NULL);
	while (!lws_is_ssl(wsi))
		lws_service(context, 0);
	get(context, port, 0);
	CHECK_STR(seen.error, "tls restriction limit");
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	while (!seen.closed && seen.failed < 2)
		lws_service(context, 0);
	get(context, port, 0);
	answered();
	lws_context_destroy(context);
}

static void certificates_of_clients(void)
{
	int port = serve("openssl -www -cert server.pem -key server.key -CAfile ca.pem -Verify 1 -verify_return_error");
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	size_t length, key_length;
	void *bytes, *key;

	client_info(&info, "ca.pem");
	info.client_ssl_cert_filepath = tls_file("client.pem");
	info.client_ssl_private_key_filepath = tls_file("client.key");
	get_once(&info, port, 0);
	answered();

	/* of an authority that the server does not name: it is shown all the same, and the server decides */
	info.client_ssl_cert_filepath = tls_file("stranger.pem");
	info.client_ssl_private_key_filepath = tls_file("stranger.key");
	get_once(&info, port, 0);
	CHECK(seen.error[0]);

	bytes = tls_read("client.pem", &length);
	key = tls_read("client.key", &key_length);
	client_info(&info, "ca.pem");
	info.client_ssl_cert_mem = bytes;
	info.client_ssl_cert_mem_len = (unsigned int)length;
	info.client_ssl_key_mem = key;
	info.client_ssl_key_mem_len = (unsigned int)key_length;
	get_once(&info, port, 0);
	answered();
	free(bytes);
	free(key);

	client_info(&info, "ca.pem");
	info.client_ssl_private_key_password = "secret";
	info.client_ssl_cert_filepath = tls_file("server.pem");
	info.client_ssl_private_key_filepath = tls_file("server-encrypted.key");
	get_once(&info, port, 0);
	answered();

	/* one connection's own, of the context's blobs */
	client_info(&info, "ca.pem");
	context = create(&info);
	bytes = tls_read("server.der", &length);
	key = tls_read("server-key.der", &key_length);
	lws_system_blob_direct_set(lws_system_get_blob(context, LWS_SYSBLOB_TYPE_CLIENT_CERT_DER, 0), bytes, length);
	lws_system_blob_direct_set(lws_system_get_blob(context, LWS_SYSBLOB_TYPE_CLIENT_KEY_DER, 0), key, key_length);
	connect_info(&client, context, port, 0);
	client.sys_tls_client_cert = 1;
	go(&client);
	answered();
	/* and its session is no other connection's */
	get(context, port, 0);
	CHECK_STR(seen.error, "read failed");
	lines_keep();
	client.sys_tls_client_cert = 2;
	go(&client);
	CHECK_STR(seen.error, "read failed");
	CHECK(lines_have(LLL_ERR, "sys_tls_client_cert 2", ""));
	lines_end();
	lws_context_destroy(context);
	free(bytes);
	free(key);

	lines_keep();
	client_info(&info, "ca.pem");
	info.client_ssl_cert_filepath = tls_file("client.pem");
	info.client_ssl_private_key_filepath = tls_file("server.key");
	CHECK_PTR(lws_create_context(&info), NULL);
	CHECK(lines_have(LLL_ERR, "does not match", "server.key"));
	info.client_ssl_cert_filepath = tls_file("missing.pem");
	CHECK_PTR(lws_create_context(&info), NULL);
	CHECK(lines_have(LLL_ERR, "missing.pem", "client_ssl_cert_filepath"));
	info.options |= LWS_SERVER_OPTION_IGNORE_MISSING_CERT;
	lws_context_destroy(create(&info));
	lines_end();
}

/* A session on its way from one context to another */
static struct lws_tls_session_dump kept;

static int keep_session(struct lws_context *context, struct lws_tls_session_dump *session)
{
	CHECK_PTR(session->opaque, &kept);
	kept = *session;
	kept.blob = malloc(session->blob_len);
	REQUIRE(kept.blob != NULL);
	memcpy(kept.blob, session->blob, session->blob_len);
	return 0;
}

static int fetch_session(struct lws_context *context, struct lws_tls_session_dump *session)
{
	CHECK_STR(session->tag, kept.tag);
	session->blob_len = kept.blob_len;
	session->blob = malloc(kept.blob_len);
	REQUIRE(session->blob != NULL);
	memcpy(session->blob, kept.blob, kept.blob_len);
	return 0;
}

static int no_session(struct lws_context *context, struct lws_tls_session_dump *session) { return 1; }

static void sessions(void)
{
	static const char *const versions[] = { "-tls1_2", "-tls1_3" };
	struct lws_context_creation_info info;
	struct lws_context *context;
	struct lws_vhost *vhost;
	char arguments[128];
	uint16_t port;
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(arguments, sizeof(arguments), "openssl -www -cert server.pem -key server.key %s", versions[i]);
		port = (uint16_t)serve(arguments);
		client_info(&info, "ca.pem");
		context = create(&info);
		vhost = lws_get_vhost_by_name(context, "default");
		CHECK_INT(lws_tls_session_dump_save(vhost, "localhost", port, keep_session, &kept), 1);
		get(context, port, 0);
		answered();
		CHECK_INT(seen.reused, 0);
		get(context, port, 0);
		answered();
		CHECK_INT(seen.reused, 1);
		CHECK_INT(seen.valid, 1); /* asked again */
		CHECK_INT(lws_tls_session_dump_save(vhost, "other", port, keep_session, &kept), 1);
		CHECK_INT(lws_tls_session_dump_save(vhost, "localhost", port, no_session, &kept), 1);
		REQUIRE_INT(lws_tls_session_dump_save(vhost, "localhost", port, keep_session, &kept), 0);
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, fetch_session, &kept), 1); /* has one */
		lws_context_destroy(context);

		context = create(&info);
		vhost = lws_get_vhost_by_name(context, "default");
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, no_session, &kept), 1);
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, fetch_session, &kept), 0);
		get(context, port, 0);
		answered();
		CHECK_INT(seen.reused, 1);
		lws_context_destroy(context);

		/* A session is no way around who is trusted. */
		client_info(&info, "other-ca.pem");
		context = create(&info);
		vhost = lws_get_vhost_by_name(context, "default");
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, fetch_session, &kept), 0);
		get(context, port, 0);
		CHECK_STR(seen.error, "tls: unable to get local issuer certificate");
		lws_context_destroy(context);

		client_info(&info, "ca.pem");
		info.options |= LWS_SERVER_OPTION_DISABLE_TLS_SESSION_CACHE;
		context = create(&info);
		vhost = lws_get_vhost_by_name(context, "default");
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, fetch_session, &kept), 1);
		get(context, port, 0);
		get(context, port, 0);
		answered();
		CHECK_INT(seen.reused, 0);
		lws_context_destroy(context);
		lines_keep();
		memset(kept.blob, 0, 5);
		client_info(&info, "ca.pem");
		context = create(&info);
		vhost = lws_get_vhost_by_name(context, "default");
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, fetch_session, &kept), 1);
		CHECK(lines_have(LLL_ERR, "lws_tls_session_dump_load", "no session"));
		lines_end();
		lws_context_destroy(context);
		free(kept.blob);
	}
}

/* TLS comes to a vhost after its creation, or never. */
static void later(void)
{
	int port = serve("openssl -www -cert server.pem -key server.key");
	struct lws_context_creation_info info;
	struct lws_context *context;
	struct lws_vhost *vhost;

	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	context = create(&info);
	vhost = lws_get_vhost_by_name(context, "default");
	lines_keep();
	get(context, port, 0);
	CHECK_STR(seen.error, "bio_create failed");
	CHECK(lines_have(LLL_ERR, "no TLS for connections", "lws_init_vhost_client_ssl"));
	lines_end();
	CHECK_INT(seen.extra, 0);
	info.client_ssl_ca_filepath = tls_file("ca.pem");
	CHECK_INT(lws_init_vhost_client_ssl(&info, vhost), 0); /* the option is missing */
	CHECK_INT(seen.extra, 0);
	info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.client_ssl_cert_filepath = tls_file("missing.pem");
	lines_keep();
	CHECK_INT(lws_init_vhost_client_ssl(&info, vhost), 1);
	CHECK(lines_have(LLL_ERR, "lws_init_vhost_client_ssl", "missing.pem"));
	lines_end();
	info.client_ssl_cert_filepath = NULL;
	seen.extra = 0;
	CHECK_INT(lws_init_vhost_client_ssl(&info, vhost), 0);
	CHECK_INT(seen.extra, 1);
	CHECK_INT(lws_init_vhost_client_ssl(&info, vhost), 0); /* it has it */
	CHECK_INT(seen.extra, 1);
	get(context, port, 0);
	answered();
	lws_context_destroy(context);

	client_info(&info, "ca.pem");
	info.provided_client_ssl_ctx = (SSL_CTX *)&info;
	lines_keep();
	CHECK_PTR(lws_create_context(&info), NULL);
	CHECK(lines_have(LLL_ERR, "provided_client_ssl_ctx", "no OpenSSL"));
	lines_end();
}

static void events(void)
{
	int port = serve("openssl -www -cert server.pem -key server.key");
	struct lws_context_creation_info info;

	client_info(&info, "ca.pem");
	info.ssl_info_event_mask = 0x30;
	get_once(&info, port, 0);
	answered();
	CHECK_INT(seen.infos, 0x30);
}

static void nginx(void)
{
	int port = serve("nginx");
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;

	client_info(&info, "ca.pem");
	info.client_ssl_cert_filepath = tls_file("client.pem");
	info.client_ssl_private_key_filepath = tls_file("client.key");
	context = create(&info);
	connect_info(&client, context, port, 0);
	go(&client);
	answered();
	CHECK_STR(seen.body, "HTTP/1.1 localhost SUCCESS");
	/* HTTP/2 is what both like best. */
	client.alpn = NULL;
	go(&client);
	answered();
	CHECK_STR(seen.body, "HTTP/2.0 localhost SUCCESS");
	client.path = "/large";
	go(&client);
	answered();
	CHECK_INT(seen.received, 16 * 65536);
	client.alpn = "http/1.1";
	go(&client);
	answered();
	CHECK_INT(seen.received, 16 * 65536);
	CHECK_INT(seen.reused, 1);
	lws_context_destroy(context);
}

static void websocket(void)
{
	int port = serve("websockets"), i;
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;

	client_info(&info, "ca.pem");
	context = create(&info);
	connect_info(&client, context, port, 0);
	client.method = NULL;
	client.alpn = NULL;
	client.protocol = "echo";
	for (i = 0; i < 3; i++) {
		go(&client);
		CHECK_STR(seen.error, "");
		CHECK_INT(seen.established, 1);
		CHECK_INT(seen.received, 1000);
		CHECK_INT(seen.ssl, 1);
	}
	lws_context_destroy(context);
}

int main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "authorities", authorities },
		{ "system_trust", system_trust },
		{ "excuses", excuses },
		{ "judged_by_the_program", judged_by_the_program },
		{ "no_agreement", no_agreement },
		{ "no_tls", no_tls },
		{ "closed_by_the_program", closed_by_the_program },
		{ "limited", limited },
		{ "certificates_of_clients", certificates_of_clients },
		{ "sessions", sessions },
		{ "later", later },
		{ "events", events },
		{ "nginx", nginx },
		{ "websocket", websocket },
	};

	if (argc < 2)
		return 2;
	scripts = argv[1];
	argv[1] = argv[0];
	return test_main(argc - 1, argv + 1, cases, sizeof(cases) / sizeof(cases[0]));
}
