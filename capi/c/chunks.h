/*
 * Layout of a lwsac.
 */
#ifndef GOLWS_CHUNKS_H
#define GOLWS_CHUNKS_H

#include <libwebsockets.h>

/* A chunk. What is taken from it follows; in the first, struct golws_chunks comes between. */
struct lwsac {
	struct lwsac *next;
	struct lwsac *head; /* the first chunk */
	size_t size;
	size_t used;
};

struct golws_chunks {
	struct lwsac *last;
	size_t size;
	unsigned int count;
	unsigned int references;
	int detached;
};

static inline struct golws_chunks *golws_chunks(struct lwsac *head)
{
	return (struct golws_chunks *)(head + 1);
}

#endif
