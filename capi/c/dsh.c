/*
 * Queues that share a buffer. The buffer is divided into blocks without gaps, each with a head that says how long it is
 * and how long the block before is, so a block that becomes free finds its neighbours at once. A free block is in the list
 * of free blocks of its buffer; others are in a queue, which may be one of another buffer.
 */
#include <libwebsockets.h>

#include "allocate.h"

struct block {
	struct lws_dll2 list;
	struct lws_dsh *home;	/* the buffer it is in */
	size_t span;		/* length with this head, a multiple of ALIGNMENT */
	size_t before;		/* span of the block before, 0 if it is the first */
	size_t size;		/* length of the object */
};

struct queue {
	struct lws_dll2_owner objects;
	size_t total;		/* of their spans */
};

struct lws_dsh {
	struct lws_dll2 list;	/* in the list of buffers that help each other */
	struct lws_dll2_owner free;
	struct queue *queues;
	uint8_t *start, *end;	/* of the blocks */
	int count;
};

/* Objects are aligned for any type, as the blocks are. */
enum { ALIGNMENT = _Alignof(max_align_t), HEAD = (sizeof(struct block) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT };

static size_t aligned(size_t size)
{
	return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static struct block *block_of(struct lws_dll2 *link)
{
	return lws_container_of(link, struct block, list);
}

static struct queue *queue_of(const struct block *block)
{
	return lws_container_of(block->list.owner, struct queue, objects);
}

static int is_free(const struct block *block)
{
	return block->list.owner == &block->home->free;
}

static struct block *block_after(const struct block *block)
{
	uint8_t *after = (uint8_t *)block + block->span;

	return after < block->home->end ? (struct block *)after : NULL;
}

/* A block has another length now: the one after it is told. */
static void set_span(struct block *block, size_t span)
{
	struct block *after;

	block->span = span;
	after = block_after(block);
	if (after)
		after->before = span;
}

struct lws_dsh *lws_dsh_create(lws_dll2_owner_t *owner, size_t buffer_size, int count_kinds)
{
	size_t queues, length;
	struct lws_dsh *dsh;
	struct block *block;

	if (!buffer_size || buffer_size > SIZE_MAX / 2 || count_kinds < 1 || count_kinds > 65536) {
		lwsl_err("%s: %zu bytes for %d kinds are out of range\n", __func__, buffer_size, count_kinds);
		return NULL;
	}

	/* one object as large as the buffer fits with its head */
	length = aligned(buffer_size) + HEAD;
	queues = aligned((size_t)count_kinds * sizeof(struct queue));
	dsh = golws_zalloc(aligned(sizeof(*dsh)) + queues, "dsh");
	if (!dsh)
		return NULL;
	dsh->start = golws_realloc(NULL, length, "dsh buffer");
	if (!dsh->start) {
		golws_free(dsh);
		return NULL;
	}
	dsh->end = dsh->start + length;
	dsh->queues = (struct queue *)((uint8_t *)dsh + aligned(sizeof(*dsh)));
	dsh->count = count_kinds;

	block = (struct block *)dsh->start;
	memset(block, 0, sizeof(*block));
	block->home = dsh;
	block->span = length;
	lws_dll2_add_tail(&block->list, &dsh->free);

	if (owner)
		lws_dll2_add_tail(&dsh->list, owner);

	return dsh;
}

/* The smallest free block of a buffer that is large enough and smaller than best */
static struct block *best_in(struct lws_dsh *dsh, size_t span, struct block *best)
{
	lws_start_foreach_dll(struct lws_dll2 *, link, lws_dll2_get_head(&dsh->free)) {
		struct block *block = block_of(link);

		if (block->span >= span && (!best || block->span < best->span))
			best = block;
	} lws_end_foreach_dll(link);

	return best;
}

/* A block for an object that belongs to dsh, in no list. Other buffers are asked only where dsh itself has no room. */
static struct block *allocate(struct lws_dsh *dsh, int here, size_t size)
{
	size_t span = aligned(size) + HEAD;
	struct block *block = here ? best_in(dsh, span, NULL) : NULL;

	if (!block && dsh->list.owner) {
		lws_start_foreach_dll(struct lws_dll2 *, link, lws_dll2_get_head(dsh->list.owner)) {
			struct lws_dsh *other = lws_container_of(link, struct lws_dsh, list);

			if (other != dsh)
				block = best_in(other, span, block);
		} lws_end_foreach_dll(link);
	}
	if (!block)
		return NULL;

	lws_dll2_remove(&block->list);
	if (block->span - span >= HEAD + ALIGNMENT) {
		struct block *rest = (struct block *)((uint8_t *)block + span);

		memset(rest, 0, sizeof(*rest));
		rest->home = block->home;
		rest->before = span;
		set_span(rest, block->span - span);
		lws_dll2_add_tail(&rest->list, &block->home->free);
		block->span = span;
	}
	block->size = size;

	return block;
}

/* Gives a block that is in no list back to its buffer. */
static void release(struct block *block)
{
	struct lws_dsh *home = block->home;
	struct block *after = block_after(block), *before = (struct block *)((uint8_t *)block - block->before);

	if (after && is_free(after)) {
		lws_dll2_remove(&after->list);
		set_span(block, block->span + after->span);
	}
	if (block->before && is_free(before)) {
		set_span(before, before->span + block->span);
		return;
	}
	lws_dll2_add_tail(&block->list, &home->free);
}

static void leave_queue(struct block *block)
{
	queue_of(block)->total -= block->span;
	lws_dll2_remove(&block->list);
}

static int in_range(const struct lws_dsh *dsh, int kind, const char *function)
{
	if (kind >= 0 && kind < dsh->count)
		return 1;
	lwsl_err("%s: there is no kind %d\n", function, kind);

	return 0;
}

int lws_dsh_alloc_tail(struct lws_dsh *dsh, int kind, const void *src1, size_t size1, const void *src2, size_t size2)
{
	struct block *block;
	uint8_t *object;

	if (!dsh || !in_range(dsh, kind, __func__))
		return 1;
	/* more than half of the address space fits nowhere, and would not be added up right */
	block = size1 > SIZE_MAX / 4 || size2 > SIZE_MAX / 4 ? NULL : allocate(dsh, 1, size1 + size2);
	if (!block) {
		lwsl_notice("%s: no room for %zu + %zu bytes\n", __func__, size1, size2);
		return 1;
	}

	object = (uint8_t *)block + HEAD;
	if (size1)
		memcpy(object, src1, size1);
	if (size2 && src2)
		memcpy(object + size1, src2, size2);
	else if (size2)
		memset(object + size1, 0, size2);
	lws_dll2_add_tail(&block->list, &dsh->queues[kind].objects);
	dsh->queues[kind].total += block->span;

	return 0;
}

void lws_dsh_free(void **obj)
{
	struct block *block;

	if (!obj || !*obj)
		return;
	block = (struct block *)((uint8_t *)*obj - HEAD);
	*obj = NULL;
	leave_queue(block);
	release(block);
}

size_t lws_dsh_get_size(struct lws_dsh *dsh, int kind)
{
	return dsh && in_range(dsh, kind, __func__) ? dsh->queues[kind].total : 0;
}

int lws_dsh_get_head(struct lws_dsh *dsh, int kind, void **obj, size_t *size)
{
	struct lws_dll2 *link = dsh && in_range(dsh, kind, __func__) ? lws_dll2_get_head(&dsh->queues[kind].objects) : NULL;

	*obj = link ? (uint8_t *)block_of(link) + HEAD : NULL;
	*size = link ? block_of(link)->size : 0;

	return !link;
}

/* An object of another buffer leaves the one that is being destroyed, and keeps its place in its queue. */
static void move_out(struct lws_dsh *dsh, struct block *block)
{
	struct block *to = allocate(dsh, 0, block->size);

	if (to) {
		memcpy((uint8_t *)to + HEAD, (uint8_t *)block + HEAD, block->size);
		lws_dll2_add_before(&to->list, &block->list);
		queue_of(to)->total += to->span;
	} else
		lwsl_notice("%s: no room for an object of %zu bytes, it is gone\n", __func__, block->size);
	leave_queue(block);
}

void lws_dsh_destroy(struct lws_dsh **pdsh)
{
	struct lws_dsh *dsh = pdsh ? *pdsh : NULL;
	struct block *block;
	int n;

	if (!dsh)
		return;
	*pdsh = NULL;

	for (n = 0; n < dsh->count; n++)
		lws_start_foreach_dll_safe(struct lws_dll2 *, link, next, lws_dll2_get_head(&dsh->queues[n].objects)) {
			struct block *own = block_of(link);

			leave_queue(own);
			release(own);
		} lws_end_foreach_dll_safe(link, next);

	/* what is not free now belongs to others */
	for (block = (struct block *)dsh->start; block; block = block_after(block))
		if (!is_free(block))
			move_out(dsh, block);

	lws_dll2_remove(&dsh->list);
	golws_free(dsh->start);
	golws_free(dsh);
}

void lws_dsh_describe(struct lws_dsh *dsh, const char *desc)
{
	struct block *block;
	int n;

	if (!dsh)
		return;
	_lws_log(LLL_INFO, "%s: %zu bytes: %s\n", __func__, (size_t)(dsh->end - dsh->start), desc);
	for (n = 0; n < dsh->count; n++)
		_lws_log(LLL_INFO, "  kind %d: %u objects, %zu bytes\n", n, (unsigned int)dsh->queues[n].objects.count,
			 dsh->queues[n].total);
	for (block = (struct block *)dsh->start; block; block = block_after(block))
		_lws_log(LLL_INFO, "  at %zu: %zu bytes, %s\n", (size_t)((uint8_t *)block - dsh->start), block->span,
			  is_free(block) ? "free" : "in use");
}
