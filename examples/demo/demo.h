/*
 * The parts of the demo server. Each protocol lives in a file of its own, main.c puts them together.
 */
#ifndef DEMO_H
#define DEMO_H

#include <libwebsockets.h>
#include <stdbool.h>

/* chat.c: everyone hears everyone, and newcomers what was said before */
int chat_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
size_t chat_session_size(void);

/* echo.c: sends back what it gets, for the page's load button */
int echo_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
size_t echo_session_size(void);

/* figures.c: what the server is doing, pushed to the page twice a second */
int figures_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
size_t figures_session_size(void);
void figures_count_connection(int change);
void figures_count_request(void);
void figures_count_message(size_t bytes);
/* Writes the totals since the start as a JSON object, without its closing brace; returns its length. */
int figures_totals(char *out, size_t size);

/* pages.c: which URL leads where; the status page and the form */
int pages_http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
int pages_status_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
int pages_form_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);
size_t pages_form_session_size(void);
const struct lws_http_mount *pages_mounts(const char *assets, const char *downloads);

/* downloads.c: a directory of files to download, made at the start and removed at the end */
const char *downloads_create(void);
void downloads_remove(void);

/* certificate.c: a certificate for https, made at the start and removed at the end */
bool certificate_create(const char *listen_address, const char **certificate_file, const char **key_file);
void certificate_remove(void);

/* origin.c: whether a WebSocket handshake comes from a page of this server, or from no page */
bool origin_is_ours(struct lws *wsi);

#endif
