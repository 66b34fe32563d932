/*
 * TLS from outside: openssl(1) as the client, and its answers about certificates. What goes through the connection is
 * read and written by the functions of client.h.
 */
#ifndef TESTS_COMMON_TLS_H
#define TESTS_COMMON_TLS_H

#include <sys/types.h>

#include "client.h"

struct tls_client {
	struct client client; /* the plain text; its fd is a socket to openssl(1) */
	pid_t pid;
	char log[300]; /* file with what openssl(1) says */
};

/* Path of one of the certificates of tests/c/tls/certificates.sh, in one of eight static buffers. */
const char *tls_file(const char *name);
/* The whole file, with a NUL that is not counted; to be freed. */
void *tls_read(const char *name, size_t *length);
void tls_write(const char *path, const void *bytes, size_t length);
/* Copies a certificate to a path. */
void tls_copy(const char *name, const char *path);

/* openssl s_client to 127.0.0.1; options may be "". It begins its handshake at once and says nothing about it. */
void tls_connect(struct tls_client *tls, int port, const char *options, ...) __attribute__((format(printf, 3, 4)));
/* What openssl(1) has said up to now, in a static buffer. */
const char *tls_log(const struct tls_client *tls);
void tls_close(struct tls_client *tls);

/* A request on its own connection. False, and openssl(1)'s words in why, where none could be made. */
bool tls_get(int port, const char *options, const char *path, struct client_response *response, char *why, size_t room);

/* The same, and what is to come of it: a 200 with that text, or no connection, of which openssl(1) says reason (or NULL). */
void tls_expect_page(int port, const char *options, const char *text);
void tls_expect_failure(int port, const char *options, const char *reason);
/* The options that have the client insist on a certificate of ours for localhost. */
const char *tls_verifying(void);

/* What a shell command writes, without the last newline, in a static buffer; stderr too. The case fails if it fails. */
const char *tls_command(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same for commands that may fail; the exit status. */
int tls_try(char *output, size_t room, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Serial number of the certificate that a server presents. */
long tls_serial(int port, const char *options);

#endif
