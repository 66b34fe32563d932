/*
 * The inside of lws_system_blob_t. All zero is an empty one.
 */
#ifndef GOLWS_BLOB_H
#define GOLWS_BLOB_H

#include <libwebsockets.h>

struct lws_system_blob {
	const uint8_t *direct; /* the program's, length bytes */
	size_t length;
	struct lws_buflist *copies; /* where direct is NULL */
};

#endif
