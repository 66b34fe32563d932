/* Adopted connections, for the interfaces of other versions. */
#ifndef GOLWS_ADOPT_H
#define GOLWS_ADOPT_H

#include "private.h"

/* What connections for datagrams have, beside their handle */
struct golws_datagram {
	struct lws_udp udp; /* for the program */
	size_t length;	    /* of udp.sa46 */
	_Alignas(8) char other[40]; /* the same as the structs of another version have it */
};

void *golws_datagram_other(const struct lws *wsi);

struct lws *golws_adopt(const lws_adopt_desc_t *info, const char *readbuf, size_t len, const char *function);

#endif
