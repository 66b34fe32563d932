#include <libwebsockets.h>

#include "allocate.h"

struct lws_buflist {
	struct lws_buflist *next;
	size_t length;
	size_t used;
	uint8_t bytes[]; /* LWS_PRE that are not of the content, and the content */
};

int lws_buflist_append_segment(struct lws_buflist **head, const uint8_t *buf, size_t len)
{
	struct lws_buflist *segment;
	int was_empty = !*head;

	if (!buf || !len) {
		lwsl_err("%s: nothing to append\n", __func__);
		return -1;
	}

	segment = golws_realloc(NULL, sizeof(*segment) + LWS_PRE + len, "buflist");
	if (!segment) {
		lwsl_err("%s: out of memory\n", __func__);
		return -1;
	}

	segment->next = NULL;
	segment->length = len;
	segment->used = 0;
	memcpy(segment->bytes + LWS_PRE, buf, len);

	while (*head)
		head = &(*head)->next;
	*head = segment;

	return was_empty;
}

size_t lws_buflist_next_segment_len(struct lws_buflist **head, uint8_t **buf)
{
	struct lws_buflist *first = *head;

	if (buf)
		*buf = first ? first->bytes + LWS_PRE + first->used : NULL;

	return first ? first->length - first->used : 0;
}

size_t lws_buflist_use_segment(struct lws_buflist **head, size_t len)
{
	struct lws_buflist *first = *head;

	if (!first)
		return 0;

	if (len < first->length - first->used) {
		first->used += len;
	} else {
		*head = first->next;
		golws_free(first);
	}

	return lws_buflist_next_segment_len(head, NULL);
}

size_t lws_buflist_total_len(struct lws_buflist **head)
{
	const struct lws_buflist *segment;
	size_t sum = 0;

	for (segment = *head; segment; segment = segment->next)
		sum += segment->length;

	return sum;
}

int lws_buflist_linear_copy(struct lws_buflist **head, size_t ofs, uint8_t *buf, size_t len)
{
	const struct lws_buflist *segment;
	size_t copied = 0, size;

	for (segment = *head; segment && copied < len; segment = segment->next) {
		if (ofs >= segment->length) {
			ofs -= segment->length;
			continue;
		}
		size = segment->length - ofs;
		if (size > len - copied)
			size = len - copied;
		memcpy(buf + copied, segment->bytes + LWS_PRE + ofs, size);
		copied += size;
		ofs = 0;
	}

	return (int)copied;
}

int lws_buflist_fragment_use(struct lws_buflist **head, uint8_t *buf, size_t len, char *frag_first, char *frag_fin)
{
	struct lws_buflist *first = *head;
	size_t size;

	if (!first)
		return 0;

	size = first->length - first->used;
	if (size > len)
		size = len;

	if (frag_first)
		*frag_first = !first->used;
	if (frag_fin)
		*frag_fin = first->used + size == first->length;

	memcpy(buf, first->bytes + LWS_PRE + first->used, size);
	lws_buflist_use_segment(head, size);

	return (int)size;
}

int lws_buflist_linear_use(struct lws_buflist **head, uint8_t *buf, size_t len)
{
	size_t moved = 0;

	while (*head && moved < len)
		moved += (size_t)lws_buflist_fragment_use(head, buf + moved, len - moved, NULL, NULL);

	return (int)moved;
}

void lws_buflist_destroy_all_segments(struct lws_buflist **head)
{
	while (*head) {
		struct lws_buflist *first = *head;

		*head = first->next;
		golws_free(first);
	}
}

void lws_buflist_describe(struct lws_buflist **head, void *id, const char *reason)
{
	const struct lws_buflist *segment;
	unsigned int n = 0;

	if (!*head)
		lwsl_notice("%p: %s: empty\n", id, reason);

	for (segment = *head; segment; segment = segment->next)
		lwsl_notice("%p: %s: %u: %zu of %zu bytes used\n", id, reason, n++, segment->used, segment->length);
}
