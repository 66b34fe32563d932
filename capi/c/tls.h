/*
 * What a vhost with TLS has beside its handle.
 */
#ifndef GOLWS_TLS_H
#define GOLWS_TLS_H

#include "lwsgo_tls.h"
#include "private.h"

struct golws_tls {
	struct lws_vhost *vhost;
	int creating;			/* the engine does not have the vhost yet: what callbacks set goes to config */
	struct golws_tls_config config; /* while creating; leads into the program's info and into what follows */
	void *certificate, *private_key; /* copies of what callbacks set while creating, or NULL */
	char *certificate_file, *private_key_file; /* copies, by which lws_tls_cert_updated() finds the vhost, or NULL */
	lws_sorted_usec_list_t watch;
	lws_usec_t watch_interval;
};

/* The same for the connections that a vhost makes */
struct golws_client_tls {
	int creating; /* the engine does not have it yet: trust of callbacks goes to config */
	struct golws_tls_config config;
};

/* Whether the info asks for a vhost with TLS. */
int golws_tls_wanted(const struct lws_context_creation_info *info);

/*
 * Makes vhost->tls of the info, with the callbacks that may add to it; golws_tls_created() is to be called when the
 * engine has read its config. 0, or -1 (logged). Nothing to do where the vhost has no TLS.
 */
int golws_tls_create(struct lws_vhost *vhost, const struct lws_context_creation_info *info);
void golws_tls_created(struct lws_vhost *vhost);
void golws_tls_free(struct lws_vhost *vhost);

/* tls_client.c: the same three steps for connections that the vhost makes. */
int golws_client_tls_create(struct lws_vhost *vhost, const struct lws_context_creation_info *info);
void golws_client_tls_created(struct lws_vhost *vhost);
void golws_client_tls_free(struct lws_vhost *vhost);

/* Keeps certificates that a callback adds until the engine reads them. 0, or -1 (logged). */
int golws_tls_keep_trust(struct golws_trust **list, const void *certificates, size_t length, const char *function);
void golws_tls_forget_trust(struct golws_trust **list);

/* tls_ageing.c: tells the program how long each vhost's certificate is good for, now and every day. */
void golws_tls_check_ageing(struct lws_context *context);
void golws_tls_end_ageing(struct lws_context *context);
void golws_tls_end_watch(struct golws_tls *tls);

/* tls_update.c: puts a file in place that was left beside it as an update. */
void golws_tls_take_update(const char *path);

#endif
