/*
 * Response headers as text in the program's buffer.
 */
#ifndef GOLWS_HTTP_HEADERS_H
#define GOLWS_HTTP_HEADERS_H

#include <libwebsockets.h>

#include "handles.h"

/* The text behind a status in the status line, "" where the standards have none. */
const char *golws_http_reason(unsigned int status);

#endif
