/*
 * A program whose connections have TLS, and servers with TLS that others wrote. One connection at a time; what it hears is
 * in tls_seen.
 */
#ifndef TESTS_COMMON_TLS_PROGRAM_H
#define TESTS_COMMON_TLS_PROGRAM_H

#include <libwebsockets.h>
#include <stdbool.h>

#include "outcome.h"

/* Since the connection began; extra: since the process did. */
struct tls_seen {
	struct outcome outcome;
	int verified, extra, reused, infos, ssl;
	long valid; /* len of the verification; -1: it was not called */
	size_t received;
	char body[256], certificate[64], problem[256], order[1024];
};

extern struct tls_seen tls_seen;

/* What the program does */
struct tls_program {
	bool refuse, accept; /* the server's certificate */
	const char *trust;   /* in LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS: that certificate of the tests */
};

extern struct tls_program tls_program;

/* Starts servers.py (see script.h) with its arguments, separated by blanks; the port. */
int tls_serve(const char *arguments);

/* A context whose connections trust that authority (NULL: none but the system's, which have none of the tests'). */
void tls_program_info(struct lws_context_creation_info *info, const char *authority);
struct lws_context *tls_program_create(struct lws_context_creation_info *info);

/* A request of HTTP/1.1 for localhost with these LCCSCF_ flags, and LCCSCF_USE_SSL. */
void tls_program_connect_info(struct lws_client_connect_info *client, struct lws_context *context, int port, int flags);

/* One connection from its beginning to its end, of which there is exactly one. */
void tls_program_go(const struct lws_client_connect_info *client);
void tls_program_get(struct lws_context *context, int port, int flags);
/* The same in a context of its own. */
void tls_program_get_once(struct lws_context_creation_info *info, int port, int flags);
/* It had an answer, encrypted. */
void tls_program_answered(void);

#endif
