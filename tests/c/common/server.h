/*
 * A server under test: a context on loopback with a service thread of its own,
 * so that the test itself can be the client.
 */
#ifndef TESTS_COMMON_SERVER_H
#define TESTS_COMMON_SERVER_H

#include <libwebsockets.h>
#include <pthread.h>
#include <stdatomic.h>

struct server {
	struct lws_context *context;
	struct lws_vhost *vhost;
	int port;
	pthread_t thread;
	atomic_bool stop, running;
};

/* Zeroed but for: any free port, 127.0.0.1, no IPv6, no process-wide side effects. */
void server_info(struct lws_context_creation_info *info, const struct lws_protocols *protocols);

/* Creates the context and its vhost (info->options decides as usual) and finds the port. */
void server_create(struct server *server, struct lws_context_creation_info *info);
void server_start(struct server *server);
/* Joins the thread; the context stays. */
void server_stop(struct server *server);
/* Stops if running, and destroys the context. */
void server_destroy(struct server *server);

/* create, then start */
void server_run(struct server *server, struct lws_context_creation_info *info);

/*
 * Answers a request at once and completes the transaction; what it returns is
 * what the callback has to return.
 */
int server_reply(struct lws *wsi, unsigned int status, const char *type, const void *body, size_t length);
int server_reply_text(struct lws *wsi, const char *text);

/* Name of a callback reason without LWS_CALLBACK_, or a number. */
const char *server_reason(int reason);

#endif
