/*
 * What the Go side exports to the C shims of TLS and certificates. The functions that take a slot run under the service
 * lock of the connection's thread, the others need no lock.
 */
#ifndef GOLWS_LWSGO_TLS_H
#define GOLWS_LWSGO_TLS_H

#include "lwsgo.h"
#include "lwsgo_http.h"

/* An answer about a certificate. A text or bytes stand in the caller's buffer; length is what they have or would need. */
struct golws_certificate_answer {
	int64_t time;
	uint32_t number;
	int length;
};

/* One element of a key, from malloc(). */
struct golws_key_element {
	uint8_t *data;
	uint32_t length;
};

/* 0, or -1 (logged), and the vhost keeps the certificate that it has. */
int lwsgo_vhost_reload_certificate(uint32_t vhost, void *certificate, size_t certificate_length, void *key,
				   size_t key_length);
int lwsgo_vhost_add_trust(uint32_t vhost, void *certificates, size_t length);
int lwsgo_vhost_files_changed(uint32_t vhost);

/* type is enum lws_tls_cert_info; room the size of buffer. 0, or -1. */
int lwsgo_vhost_certificate_info(uint32_t vhost, int type, struct golws_certificate_answer *answer, char *buffer,
				 size_t room);
int lwsgo_peer_certificate_info(uint32_t slot, int depth, int type, struct golws_certificate_answer *answer,
				char *buffer, size_t room);
int lwsgo_certificate_info(void *der, size_t length, int type, struct golws_certificate_answer *answer, char *buffer,
			   size_t room);

/* Inside LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION: 0, -1 elsewhere. */
int lwsgo_peer_certificate_accept(uint32_t slot);
/* Why it was not accepted; the length of the text, 0 where there is nothing to say. */
int lwsgo_peer_certificate_error(uint32_t slot, char *buffer, size_t room);
int lwsgo_tls_session_reused(uint32_t slot);

/* What a vhost's connections as a client have, after its creation. 0, or -1 (logged). */
int lwsgo_vhost_add_client_tls(uint32_t vhost, struct golws_tls_config *config);
int lwsgo_vhost_add_client_trust(uint32_t vhost, void *certificates, size_t length);

/* The session with a server, from malloc(); NULL where there is none. */
void *lwsgo_tls_session_save(uint32_t vhost, golws_char *host, int port, size_t *length);
/* Whether sessions are kept and there is none; 0, or -1 (logged). */
int lwsgo_tls_session_wanted(uint32_t vhost, golws_char *host, int port);
int lwsgo_tls_session_load(uint32_t vhost, golws_char *host, int port, void *session, size_t length);

/* How many certificates these are, PEM or DER; 0 for what is none (logged). */
int lwsgo_certificates_count(void *certificates, size_t length, golws_char *function);

/* The certificates of a PEM text in DER, one behind the other, from malloc(); NULL (logged). */
void *lwsgo_certificates_parse(void *pem, size_t length, size_t *der_length);
int lwsgo_certificate_verify(void *der, size_t length, void *trusted, size_t trusted_length, golws_char *common_name);

/* elements are those of struct lws_jwk; the type of key, or -1 (logged). */
int lwsgo_certificate_public_key(void *der, size_t length, golws_char *curves, int rsa_bits,
				 struct golws_key_element *elements);
int lwsgo_private_key_elements(int type, struct golws_key_element *elements, void *pem, size_t length,
			       golws_char *passphrase);

int lwsgo_acme_certificate(uint32_t vhost, golws_char *name, golws_char *other);
/* The length of the request, or -1 (logged). */
int lwsgo_certificate_request(char **elements, int count, char *request, size_t room, char **key, size_t *key_length);

#endif
