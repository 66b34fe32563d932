#include "chunks.h"

#include "allocate.h"

#define DEFAULT_CHUNK 4000

void lws_list_ptr_insert(lws_list_ptr *phead, lws_list_ptr *add, lws_list_ptr_sort_func_t sort)
{
	while (sort && *phead && sort(add, *phead) > 0)
		phead = *phead;

	*add = *phead;
	*phead = add;
}

size_t lwsac_align(size_t length)
{
	return (length + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
}

size_t lwsac_sizeof(int first)
{
	return sizeof(struct lwsac) + (first ? sizeof(struct golws_chunks) : 0);
}

size_t lwsac_get_tail_pos(struct lwsac *lac)
{
	return lac->used;
}

struct lwsac *lwsac_get_next(struct lwsac *lac)
{
	return lac->next;
}

static struct lwsac *add_chunk(struct lwsac **head, size_t ensure, size_t chunk_size)
{
	size_t before = lwsac_sizeof(!*head), size = chunk_size ? chunk_size : DEFAULT_CHUNK;
	struct golws_chunks *chunks;
	struct lwsac *chunk;

	if (size < ensure)
		size = ensure;
	if (size > SIZE_MAX - before)
		return NULL;
	size += before;

	chunk = golws_realloc(NULL, size, "lwsac");
	if (!chunk) {
		lwsl_err("%s: no memory for %zu bytes\n", __func__, size);
		return NULL;
	}

	chunk->next = NULL;
	chunk->size = size;
	chunk->used = before;

	if (*head) {
		golws_chunks(*head)->last->next = chunk;
	} else {
		*head = chunk;
		memset(golws_chunks(chunk), 0, sizeof(*chunks));
	}

	chunk->head = *head;
	chunks = golws_chunks(*head);
	chunks->last = chunk;
	chunks->size += size;
	chunks->count++;

	return chunk;
}

static void *take(struct lwsac **head, size_t ensure, size_t chunk_size, struct lwsac *from)
{
	size_t size = lwsac_align(ensure);
	uint8_t *taken;

	if (size < ensure)
		return NULL;

	/* the padding at the end of a chunk may be cut */
	while (from && from->size - from->used < ensure)
		from = from->next;
	if (!from)
		from = add_chunk(head, size, chunk_size);
	if (!from)
		return NULL;

	if (size > from->size - from->used)
		size = from->size - from->used;
	taken = (uint8_t *)from + from->used;
	memset(taken + ensure, 0, size - ensure);
	from->used += size;

	return taken;
}

void *lwsac_use(struct lwsac **head, size_t ensure, size_t chunk_size)
{
	return take(head, ensure, chunk_size, *head ? golws_chunks(*head)->last : NULL);
}

void *lwsac_use_backfill(struct lwsac **head, size_t ensure, size_t chunk_size)
{
	return take(head, ensure, chunk_size, *head);
}

void *lwsac_use_zero(struct lwsac **head, size_t ensure, size_t chunk_size)
{
	void *taken = lwsac_use(head, ensure, chunk_size);

	if (taken)
		memset(taken, 0, ensure);

	return taken;
}

int lwsac_extend(struct lwsac *head, size_t amount)
{
	struct lwsac *last = golws_chunks(head)->last;
	size_t size = lwsac_align(amount);

	if (size < amount || last->size - last->used < size)
		return 1;

	memset((uint8_t *)last + last->used, 0, size);
	last->used += size;

	return 0;
}

void lwsac_free(struct lwsac **head)
{
	struct lwsac *chunk = *head, *next;

	*head = NULL;
	for (; chunk; chunk = next) {
		next = chunk->next;
		golws_free(chunk);
	}
}

void lwsac_reference(struct lwsac *head)
{
	golws_chunks(head)->references++;
}

void lwsac_unreference(struct lwsac **head)
{
	struct golws_chunks *chunks;

	if (!*head)
		return;

	chunks = golws_chunks(*head);
	if (!chunks->references) {
		lwsl_err("%s: there is no reference\n", __func__);
		return;
	}

	if (!--chunks->references && chunks->detached)
		lwsac_free(head);
}

void lwsac_detach(struct lwsac **head)
{
	if (!*head)
		return;

	golws_chunks(*head)->detached = 1;
	if (!golws_chunks(*head)->references)
		lwsac_free(head);
}

void lwsac_info(struct lwsac *head)
{
	if (!head)
		lwsl_debug("%s: empty\n", __func__);
	else
		lwsl_debug("%s: %p: %zu bytes in %u chunks\n", __func__, (void *)head, golws_chunks(head)->size,
			   golws_chunks(head)->count);
}

uint64_t lwsac_total_alloc(struct lwsac *head)
{
	return head ? golws_chunks(head)->size : 0;
}

uint64_t lwsac_total_overhead(struct lwsac *head)
{
	uint64_t overhead = 0;

	for (; head; head = head->next)
		overhead += head->size - head->used + sizeof(*head);

	return overhead;
}

uint8_t *lwsac_scan_extant(struct lwsac *head, uint8_t *find, size_t len, int nul)
{
	struct lwsac *chunk;

	for (chunk = head; chunk; chunk = chunk->next) {
		uint8_t *p = (uint8_t *)chunk + lwsac_sizeof(chunk == head), *end = (uint8_t *)chunk + chunk->used;
		size_t size = len + !!nul;

		for (; (size_t)(end - p) >= size; p++)
			if (!memcmp(p, find, len) && (!nul || !p[len]))
				return p;
	}

	return NULL;
}
