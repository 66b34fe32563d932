/*
 * What the Go side exports to capi/c/http.c: the request under way and the responses that the library makes. All run under
 * the service lock of the wsi's thread.
 */
#ifndef GOLWS_LWSGO_HTTP_H
#define GOLWS_LWSGO_HTTP_H

#include "handles.h"

/* What Go calls a pointer to it becomes const char *, which its own char * is not. */
typedef const char golws_char;

/* Reading the request. Copies end with a NUL; -1 where they do not fit or nothing is there. */
int lwsgo_http_length(uint32_t slot, int token);
int lwsgo_http_fragment_length(uint32_t slot, int token, int fragment);
int lwsgo_http_copy(uint32_t slot, int token, char *to, int size);
int lwsgo_http_copy_fragment(uint32_t slot, int token, int fragment, char *to, int size);
int lwsgo_http_custom_length(uint32_t slot, golws_char *name, int length);
int lwsgo_http_custom_copy(uint32_t slot, golws_char *name, int length, char *to, int size);
int lwsgo_http_argument(uint32_t slot, golws_char *name, char *to, int size);
int lwsgo_http_cookie(uint32_t slot, golws_char *name, char *to, size_t *size);
int lwsgo_http_uri(uint32_t slot, char **uri, int *length);
void lwsgo_http_detach(uint32_t slot, int endless);
int lwsgo_http_close_sending(uint32_t slot);

/* Making the response */
int lwsgo_http_return_status(uint32_t slot, int code, golws_char *body);
int lwsgo_http_completed(uint32_t slot);
int lwsgo_http_serve_file(uint32_t slot, golws_char *path, golws_char *type, golws_char *headers, int length);
int lwsgo_http_serve_fragment(uint32_t slot);
int lwsgo_http_dummy(uint32_t slot, int reason);

/* Called by the Go side: the access check of a mount; the change to another protocol, with the callbacks that it takes. */
int golws_wsi_call_access(struct lws *wsi, char *path, int length, int mask, int *handled);
int golws_wsi_rebind(struct lws *wsi, const struct lws_protocols *protocol, size_t session_size, int drop, int tell, int *result);

#endif
