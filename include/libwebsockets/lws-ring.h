#ifndef GOLWS_LWS_RING_H
#define GOLWS_LWS_RING_H

/** @file
 * Ring buffers with one writer and any number of readers.
 *
 * A ring holds up to count - 1 elements of one size. Whoever writes inserts at the head. Each reader has a
 * tail of its own, a uint32_t in its memory, that says what it reads next; the ring knows the oldest tail only, and an
 * element's place becomes free, and the element is destroyed, when the oldest tail moves past it. With a single reader,
 * NULL as tail everywhere means the oldest tail itself.
 *
 * Tails and the head are opaque offsets. New readers start with lws_ring_get_oldest_tail() (they see
 * what others still have to read).
 *
 * There is no lock: whoever uses a ring from several threads brings a mutex.
 */

struct lws_ring;

/**
 * lws_ring_create() - make a ring
 *
 * \param element_len: size of an element, in bytes, at least 1
 * \param count: number of places, at least 2; one of them always stays empty. element_len * count is limited to 4 GiB
 * \param destroy_element: called with each element before its place is freed, to free what the element points
 *	to; NULL if there is nothing to do
 *
 * Returns the ring, which lws_ring_destroy() frees, or NULL if there is no memory or an argument is out of range.
 */
LWS_VISIBLE LWS_EXTERN struct lws_ring *
lws_ring_create(size_t element_len, size_t count,
		void (*destroy_element)(void *element));

/**
 * lws_ring_destroy() - free a ring
 *
 * \param ring: the ring; nothing happens if NULL
 *
 * Elements between the oldest tail and the head are destroyed first.
 */
LWS_VISIBLE LWS_EXTERN void
lws_ring_destroy(struct lws_ring *ring);

/**
 * lws_ring_get_count_free_elements() - how many elements can be inserted now
 *
 * \param ring: the ring
 *
 * Returns 0 to count - 1.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_ring_get_count_free_elements(struct lws_ring *ring);

/**
 * lws_ring_get_count_waiting_elements() - how many elements a reader still has to read
 *
 * \param ring: the ring
 * \param tail: the reader's tail; NULL: the oldest
 *
 * Returns 0 to count - 1.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_ring_get_count_waiting_elements(struct lws_ring *ring, uint32_t *tail);

/**
 * lws_ring_insert() - copy elements into a ring
 *
 * \param ring: the ring
 * \param src: the elements, one behind the other
 * \param max_count: how many
 *
 * Returns how many were inserted: as many as there was room for.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_ring_insert(struct lws_ring *ring, const void *src, size_t max_count);

/**
 * lws_ring_consume() - move a reader on, and copy what it passes
 *
 * \param ring: the ring
 * \param tail: the reader's tail, which moves. NULL: the oldest tail moves, and elements are destroyed
 * \param dest: gets the elements, one behind the other; NULL: they are only passed
 * \param max_count: how many
 *
 * With a tail of the reader's own nothing becomes free until lws_ring_update_oldest_tail().
 *
 * Returns how many it passed: no more than were waiting.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_ring_consume(struct lws_ring *ring, uint32_t *tail, void *dest,
		 size_t max_count);

/**
 * lws_ring_get_element() - what a reader reads next
 *
 * \param ring: the ring
 * \param tail: the reader's tail; NULL: the oldest
 *
 * Returns the element, NULL if the reader has read everything. It stays where it is until the oldest tail moves
 * past it.
 */
LWS_VISIBLE LWS_EXTERN const void *
lws_ring_get_element(struct lws_ring *ring, uint32_t *tail);

/**
 * lws_ring_update_oldest_tail() - free everything before a tail
 *
 * \param ring: the ring
 * \param tail: the tail of the reader that has most to read
 *
 * Elements that are passed are destroyed, oldest first.
 */
LWS_VISIBLE LWS_EXTERN void
lws_ring_update_oldest_tail(struct lws_ring *ring, uint32_t tail);

/**
 * lws_ring_get_oldest_tail() - the oldest tail, where new readers start
 *
 * \param ring: the ring
 *
 * Returns it, by value: the reader keeps it.
 */
LWS_VISIBLE LWS_EXTERN uint32_t
lws_ring_get_oldest_tail(struct lws_ring *ring);

/**
 * lws_ring_next_linear_insert_range() - where to write elements in place
 *
 * \param ring: the ring
 * \param start: gets the address of the first free byte at the head
 * \param bytes: gets how many bytes from there are free and contiguous
 *
 * Write there, then call lws_ring_bump_head(). Returns 0, or 1 if the ring is full (nothing is set then).
 */
LWS_VISIBLE LWS_EXTERN int
lws_ring_next_linear_insert_range(struct lws_ring *ring, void **start,
				  size_t *bytes);

/**
 * lws_ring_bump_head() - insert what was written in place
 *
 * \param ring: the ring
 * \param bytes: how many bytes, a multiple of the element size, no more than lws_ring_next_linear_insert_range() gave
 */
LWS_VISIBLE LWS_EXTERN void
lws_ring_bump_head(struct lws_ring *ring, size_t bytes);

/**
 * lws_ring_dump() - log the state of a ring at level LLL_NOTICE
 *
 * \param ring: the ring
 * \param tail: a reader's tail; NULL: the oldest
 */
LWS_VISIBLE LWS_EXTERN void
lws_ring_dump(struct lws_ring *ring, uint32_t *tail);

/**
 * lws_ring_consume_and_update_oldest_tail() - move a reader on and free what nobody has to read any more
 *
 * \param ___ring: the ring
 * \param ___type: type of the objects that are readers, without *
 * \param ___ptail: pointer to the tail of the reader that moves
 * \param ___count: how many elements it passes
 * \param ___list_head: variable that points to the first of a singly linked list of all readers
 * \param ___mtail: the member of a reader that is its tail
 * \param ___mlist: the member of a reader that points to the next
 *
 * Only if the reader had the oldest tail the others are looked at, O(n) in their number.
 */
#define lws_ring_consume_and_update_oldest_tail(___ring, ___type, ___ptail, \
		___count, ___list_head, ___mtail, ___mlist) \
	{ \
		int ___was_oldest = lws_ring_get_oldest_tail(___ring) == \
								*(___ptail); \
		\
		lws_ring_consume(___ring, ___ptail, NULL, ___count); \
		if (___was_oldest) { \
			uint32_t ___oldest = *(___ptail); \
			size_t ___most = 0; \
			\
			lws_start_foreach_llp(___type **, ___reader, ___list_head) { \
				size_t ___left = lws_ring_get_count_waiting_elements( \
					___ring, &(*___reader)->___mtail); \
				if (___left >= ___most) { \
					___most = ___left; \
					___oldest = (*___reader)->___mtail; \
				} \
			} lws_end_foreach_llp(___reader, ___mlist); \
			\
			lws_ring_update_oldest_tail(___ring, ___oldest); \
		} \
	}

/**
 * lws_ring_consume_single_tail() - move the only reader on and free what it passes
 *
 * \param ___ring: the ring
 * \param ___ptail: pointer to the reader's tail
 * \param ___count: how many elements it passes
 */
#define lws_ring_consume_single_tail(___ring, ___ptail, ___count) \
	{ \
		lws_ring_consume(___ring, ___ptail, NULL, ___count); \
		lws_ring_update_oldest_tail(___ring, *(___ptail)); \
	}

#endif
