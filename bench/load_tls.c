/*
 * TLS for the load generator, by OpenSSL, and the mode that does nothing but
 * full handshakes. Every server gets the same ClientHello: a key share of one
 * group, one cipher for each version, no session to resume, so that the same
 * work is compared.
 */

#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static SSL_CTX *context;

static void
fail_tls(const char *what)
{
	char reason[256] = "end of the connection";
	unsigned long code = ERR_get_error();

	if (code)
		ERR_error_string_n(code, reason, sizeof(reason));
	fail("%s: %s (%s)", what, reason, strerror(errno));
}

static void
make_context(void)
{
	int version = options.tls_version == 12 ? TLS1_2_VERSION :
		      TLS1_3_VERSION;

	context = SSL_CTX_new(TLS_client_method());
	if (!context ||
	    !SSL_CTX_set_min_proto_version(context, options.tls_version ?
						version : TLS1_2_VERSION) ||
	    !SSL_CTX_set_max_proto_version(context, version) ||
	    !SSL_CTX_set1_groups_list(context, options.groups) ||
	    !SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") ||
	    !SSL_CTX_set_cipher_list(context, "ECDHE-ECDSA-AES128-GCM-SHA256"))
		fail_tls("TLS context");
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	/* one system call for a record, not one for its head and one more */
	SSL_CTX_set_read_ahead(context, 1);
	SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

TLS *
tls_begin(int fd)
{
	SSL *tls;

	if (!context)
		make_context();
	tls = SSL_new(context);
	if (!tls || !SSL_set_fd(tls, fd))
		fail_tls("TLS connection");
	SSL_set_connect_state(tls);

	return tls;
}

TLS *
tls_open(int fd)
{
	SSL *tls;
	int wants_output;

	if (!options.tls)
		return NULL;
	tls = tls_begin(fd);
	if (!tls_handshake(tls, &wants_output))
		fail("handshake: would block");

	return tls;
}

int
tls_handshake(TLS *tls, int *wants_output)
{
	int result;

	ERR_clear_error();
	*wants_output = 0;
	result = SSL_do_handshake(tls);
	if (result == 1)
		return 1;
	switch (SSL_get_error(tls, result)) {
	case SSL_ERROR_WANT_WRITE:
		*wants_output = 1;
		return 0;
	case SSL_ERROR_WANT_READ:
		return 0;
	}
	fail_tls("handshake");

	return 0;
}

void
tls_farewell(TLS *tls)
{
	ERR_clear_error();
	if (SSL_shutdown(tls) < 0)
		fail_tls("close_notify");
}

void
tls_free(TLS *tls)
{
	SSL_free(tls);
}

const char *
tls_negotiated(TLS *tls)
{
	static char text[128];
	EVP_PKEY *key;
	X509 *certificate;
	char curve[64] = "";

	if (!tls)
		return "none";
	certificate = SSL_get0_peer_certificate(tls);
	key = certificate ? X509_get0_pubkey(certificate) : NULL;
	if (key)
		EVP_PKEY_get_group_name(key, curve, sizeof(curve), NULL);
	snprintf(text, sizeof(text), "%s, %s, %s, certificate %s%s",
		 SSL_get_version(tls), SSL_get_cipher(tls),
		 OBJ_nid2sn(SSL_get_negotiated_group(tls)), curve, SSL_session_reused(tls) ? ", resumed" : "");

	return text;
}

ssize_t
receive_some(int fd, TLS *tls, void *data, size_t size)
{
	int result;

	if (!tls)
		return recv(fd, data, size, 0);
	ERR_clear_error();
	result = SSL_read(tls, data, (int)size);
	if (result > 0)
		return result;
	switch (SSL_get_error(tls, result)) {
	case SSL_ERROR_WANT_READ:
		errno = EAGAIN;
		return -1;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	}
	fail_tls("receive");

	return -1;
}

void
send_all(int fd, TLS *tls, const void *data, size_t length)
{
	if (!tls) {
		if (send(fd, data, length, MSG_NOSIGNAL) != (ssize_t)length)
			fail("send: %s", strerror(errno));
		return;
	}
	ERR_clear_error();
	if (SSL_write(tls, data, (int)length) != (int)length)
		fail_tls("send");
}

/*
 * The ClientHello as OpenSSL makes it, from a connection that talks to memory.
 */
static size_t
client_hello(unsigned char *data, size_t size)
{
	SSL *tls;
	BIO *output = BIO_new(BIO_s_mem());
	int length;

	if (!context)
		make_context();
	tls = SSL_new(context);
	if (!tls || !output)
		fail_tls("TLS connection");
	SSL_set_bio(tls, BIO_new(BIO_s_mem()), output);
	SSL_connect(tls);
	length = BIO_read(output, data, (int)size);
	if (length <= 0)
		fail("no ClientHello");
	SSL_free(tls);

	return (size_t)length;
}

void
open_stalled(void)
{
	unsigned char hello[4096];
	size_t length;
	int index, fd;

	/* the same for all: making it takes longer than sending it */
	length = client_hello(hello, sizeof(hello));
	if (!strncmp(options.stalled, "hello:", 6))
		length /= 2;
	for (index = 0; index < options.stalled_connections; index++) {
		fd = connect_socket(1);
		send_all(fd, NULL, hello, length);
	}
}

enum state { CONNECTING, SHAKING, CLOSING };

struct connection {
	int fd;
	enum state state;
	SSL *tls;
	uint64_t started_at;
};

static char negotiated[128];

static void
start(struct connection *connection, int epoll)
{
	connection->started_at = now();
	connection->fd = connect_socket(0);
	connection->state = CONNECTING;
	connection->tls = tls_begin(connection->fd);
	epoll_set(epoll, EPOLL_CTL_ADD, connection->fd, EPOLLOUT, connection);
}

/* Reads until the server has closed, so that its whole work is counted. */
static int
ended(struct connection *connection)
{
	char rest[4096];
	ssize_t count;

	do
		count = recv(connection->fd, rest, sizeof(rest), 0);
	while (count > 0);

	return !count || errno != EAGAIN;
}

static void
advance(struct connection *connection, int epoll)
{
	int wants_output;

	switch (connection->state) {
	case CONNECTING:
		connection->state = SHAKING;
		epoll_set(epoll, EPOLL_CTL_MOD, connection->fd, EPOLLIN,
			  connection);
		/* fallthrough */
	case SHAKING:
		if (!tls_handshake(connection->tls, &wants_output))
			return;
		if (SSL_session_reused(connection->tls))
			fail("the handshake resumed a session");
		if (!negotiated[0])
			strcpy(negotiated, tls_negotiated(connection->tls));
		tls_farewell(connection->tls);
		shutdown(connection->fd, SHUT_WR);
		connection->state = CLOSING;
		/* fallthrough */
	case CLOSING:
		if (!ended(connection))
			return;
	}

	close(connection->fd);
	SSL_free(connection->tls);
	if (phase_measuring()) {
		figures.operations++;
		latency_record(now() - connection->started_at);
	}
	start(connection, epoll);
}

void
run_handshake(void)
{
	struct epoll_event events[EVENTS_PER_WAIT];
	struct connection *connections;
	int epoll = epoll_create1(EPOLL_CLOEXEC), index, count;

	options.tls = 1;
	connections = calloc((size_t)options.connections, sizeof(*connections));
	if (epoll < 0 || !connections)
		fail("cannot start");

	phase_begin();
	for (index = 0; index < options.connections; index++)
		start(&connections[index], epoll);

	for (;;) {
		count = epoll_wait(epoll, events, EVENTS_PER_WAIT,
				   phase_wait());
		if (count < 0 && errno != EINTR)
			fail("epoll_wait: %s", strerror(errno));
		if (!phase_continues(now()))
			break;
		for (index = 0; index < count; index++)
			advance(events[index].data.ptr, epoll);
	}

	if (!figures.operations)
		fail("not one handshake was completed");
	report(", \"tls\": \"%s\"", negotiated);
}
