#include <libwebsockets.h>

#include "allocate.h"

/* head, oldest_tail and tails of readers are offsets into elements, multiples of element_len */
struct lws_ring {
	uint8_t *elements;
	void (*destroy_element)(void *element);
	uint32_t size;
	uint32_t element_len;
	uint32_t head;
	uint32_t oldest_tail;
};

struct lws_ring *lws_ring_create(size_t element_len, size_t count, void (*destroy_element)(void *element))
{
	struct lws_ring *ring;

	if (!element_len || count < 2 || element_len > UINT32_MAX / count) {
		lwsl_err("%s: %zu elements of %zu bytes are out of range\n", __func__, count, element_len);
		return NULL;
	}

	ring = golws_zalloc(sizeof(*ring), "ring");
	if (!ring)
		return NULL;

	ring->elements = golws_realloc(NULL, element_len * count, "ring elements");
	if (!ring->elements) {
		golws_free(ring);
		return NULL;
	}

	ring->size = (uint32_t)(element_len * count);
	ring->element_len = (uint32_t)element_len;
	ring->destroy_element = destroy_element;

	return ring;
}

void lws_ring_destroy(struct lws_ring *ring)
{
	if (!ring)
		return;

	lws_ring_update_oldest_tail(ring, ring->head);
	golws_free(ring->elements);
	golws_free(ring);
}

/* How many bytes `to` is ahead of `from`, going round. */
static uint32_t distance(const struct lws_ring *ring, uint32_t from, uint32_t to)
{
	return to >= from ? to - from : ring->size - from + to;
}

static uint32_t advance(const struct lws_ring *ring, uint32_t from, uint32_t bytes)
{
	return bytes < ring->size - from ? from + bytes : bytes - (ring->size - from);
}

/* One element is always free: a full ring could not be told from an empty one. */
static uint32_t free_bytes(const struct lws_ring *ring)
{
	return ring->size - ring->element_len - distance(ring, ring->oldest_tail, ring->head);
}

/* As many bytes as max_count elements, but not more than there are. */
static uint32_t limit(const struct lws_ring *ring, size_t max_count, uint32_t bytes)
{
	return max_count < bytes / ring->element_len ? (uint32_t)max_count * ring->element_len : bytes;
}

size_t lws_ring_get_count_free_elements(struct lws_ring *ring)
{
	return free_bytes(ring) / ring->element_len;
}

size_t lws_ring_get_count_waiting_elements(struct lws_ring *ring, uint32_t *tail)
{
	return distance(ring, tail ? *tail : ring->oldest_tail, ring->head) / ring->element_len;
}

size_t lws_ring_insert(struct lws_ring *ring, const void *src, size_t max_count)
{
	uint32_t bytes = limit(ring, max_count, free_bytes(ring)), first = ring->size - ring->head;

	if (!bytes)
		return 0;
	if (first > bytes)
		first = bytes;

	memcpy(ring->elements + ring->head, src, first);
	memcpy(ring->elements, (const uint8_t *)src + first, bytes - first);
	ring->head = advance(ring, ring->head, bytes);

	return bytes / ring->element_len;
}

size_t lws_ring_consume(struct lws_ring *ring, uint32_t *tail, void *dest, size_t max_count)
{
	uint32_t from = tail ? *tail : ring->oldest_tail;
	uint32_t bytes = limit(ring, max_count, distance(ring, from, ring->head)), first = ring->size - from;

	if (dest && bytes) {
		if (first > bytes)
			first = bytes;
		memcpy(dest, ring->elements + from, first);
		memcpy((uint8_t *)dest + first, ring->elements, bytes - first);
	}

	from = advance(ring, from, bytes);
	if (tail)
		*tail = from;
	else
		lws_ring_update_oldest_tail(ring, from);

	return bytes / ring->element_len;
}

const void *lws_ring_get_element(struct lws_ring *ring, uint32_t *tail)
{
	uint32_t from = tail ? *tail : ring->oldest_tail;

	return from == ring->head ? NULL : ring->elements + from;
}

void lws_ring_update_oldest_tail(struct lws_ring *ring, uint32_t tail)
{
	if (!ring->destroy_element) {
		ring->oldest_tail = tail;
		return;
	}

	while (ring->oldest_tail != tail) {
		ring->destroy_element(ring->elements + ring->oldest_tail);
		ring->oldest_tail = advance(ring, ring->oldest_tail, ring->element_len);
	}
}

uint32_t lws_ring_get_oldest_tail(struct lws_ring *ring)
{
	return ring->oldest_tail;
}

int lws_ring_next_linear_insert_range(struct lws_ring *ring, void **start, size_t *bytes)
{
	uint32_t size = free_bytes(ring);

	if (!size)
		return 1;

	*start = ring->elements + ring->head;
	*bytes = size < ring->size - ring->head ? size : ring->size - ring->head;

	return 0;
}

void lws_ring_bump_head(struct lws_ring *ring, size_t bytes)
{
	if (bytes > free_bytes(ring) || bytes % ring->element_len) {
		lwsl_err("%s: %zu bytes are not a number of free elements\n", __func__, bytes);
		return;
	}

	ring->head = advance(ring, ring->head, (uint32_t)bytes);
}

void lws_ring_dump(struct lws_ring *ring, uint32_t *tail)
{
	lwsl_notice("ring %p: %u bytes, elements of %u, head %u, oldest tail %u, %zu free; tail %u has %zu waiting\n",
		    (void *)ring, (unsigned int)ring->size, (unsigned int)ring->element_len, (unsigned int)ring->head,
		    (unsigned int)ring->oldest_tail, lws_ring_get_count_free_elements(ring),
		    (unsigned int)(tail ? *tail : ring->oldest_tail), lws_ring_get_count_waiting_elements(ring, tail));
}
