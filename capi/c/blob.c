/*
 * What a device is called and authorises itself with: bytes of the program's, or copies in a list of buffers.
 */
#include "blob.h"

void lws_system_blob_direct_set(lws_system_blob_t *b, const uint8_t *ptr, size_t len)
{
	lws_system_blob_destroy(b);
	b->direct = ptr;
	b->length = len;
}

void lws_system_blob_heap_empty(lws_system_blob_t *b)
{
	lws_system_blob_destroy(b);
}

int lws_system_blob_heap_append(lws_system_blob_t *b, const uint8_t *ptr, size_t len)
{
	if (b->direct) {
		lwsl_err("%s: the blob points at memory of the program: lws_system_blob_heap_empty() it first\n", __func__);
		return -1;
	}

	return lws_buflist_append_segment(&b->copies, ptr, len) < 0 ? -1 : 0;
}

size_t lws_system_blob_get_size(lws_system_blob_t *b)
{
	return b->direct ? b->length : lws_buflist_total_len(&b->copies);
}

int lws_system_blob_get_single_ptr(lws_system_blob_t *b, const uint8_t **ptr)
{
	uint8_t *first;

	if (b->direct) {
		*ptr = b->direct;
		return 0;
	}
	if (!b->copies || lws_buflist_next_segment_len(&b->copies, &first) != lws_buflist_total_len(&b->copies))
		return -1;
	*ptr = first;

	return 0;
}

int lws_system_blob_get(lws_system_blob_t *b, uint8_t *ptr, size_t *len, size_t ofs)
{
	size_t size = lws_system_blob_get_size(b);

	if (ofs >= size) {
		*len = 0;
		return 1;
	}
	if (*len > size - ofs)
		*len = size - ofs;
	if (b->direct)
		memcpy(ptr, b->direct + ofs, *len);
	else
		lws_buflist_linear_copy(&b->copies, ofs, ptr, *len);

	return 0;
}

void lws_system_blob_destroy(lws_system_blob_t *b)
{
	if (!b)
		return;

	lws_buflist_destroy_all_segments(&b->copies);
	b->direct = NULL;
	b->length = 0;
}
