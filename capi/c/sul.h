/*
 * The timers of a service thread: a heap of the lws_sorted_usec_list_t that are scheduled on it.
 *
 * The entries live in the memory of programs. While one is scheduled its list.owner points into the heap, and list.prev
 * and list.next hold its place, so that lws_dll2_is_detached() and lws_dll2_remove() work as if it were a list.
 *
 * A heap's memory is never given back to the system but kept for the next heap. So an entry that is still
 * scheduled when its context goes away can be cancelled or scheduled again later without harm, and need not be
 * touched when the context goes: by then its memory may be gone.
 *
 * golws_sul_heap_ functions do no locking: whoever calls them holds the lock of the service thread
 * (golws_context_lock()). The service thread keeps it while it runs callbacks, and the lock is recursive.
 */
#ifndef GOLWS_SUL_H
#define GOLWS_SUL_H

#include <libwebsockets.h>

struct golws_sul_heap;

/* A heap for a service thread, NULL if there is no memory. context may be NULL: then nothing is locked or woken. */
struct golws_sul_heap *golws_sul_heap_create(struct lws_context *context, int tsi);

/* Forgets all entries. */
void golws_sul_heap_destroy(struct golws_sul_heap *heap);

/*
 * Schedules sul at sul->us; it must not be scheduled. 1 if it is the earliest now, 0 if not, -1 without memory. flags:
 * LWSSULLI_.
 */
int golws_sul_heap_insert(struct golws_sul_heap *heap, lws_sorted_usec_list_t *sul, int flags);

/* Makes sul not scheduled if it is scheduled on this heap. Its us stays. */
void golws_sul_heap_remove(struct golws_sul_heap *heap, lws_sorted_usec_list_t *sul);

/* Number of scheduled entries. */
size_t golws_sul_heap_count(const struct golws_sul_heap *heap);

/* When the earliest is due, INT64_MAX if there is none. */
lws_usec_t golws_sul_heap_next(const struct golws_sul_heap *heap);

/* When the earliest is due that was scheduled with LWSSULLI_WAKE_IF_SUSPENDED, INT64_MAX if there is none. */
lws_usec_t golws_sul_heap_next_wakeable(const struct golws_sul_heap *heap);

/*
 * Calls what is due at now, one after the other, earliest first, in order of insertion where the time is the same. An entry
 * is not scheduled any more when it is called; callbacks may schedule, cancel and free any entry, also the one
 * they are called with. What they schedule is left for the next round even if it is due at once, so that a callback that
 * schedules itself again and again does not keep the thread here. Returns how many were called.
 */
int golws_sul_heap_service(struct golws_sul_heap *heap, lws_usec_t now);

/* Is this what list.owner of an entry on some heap points to? */
int golws_sul_is_heap(const lws_dll2_owner_t *owner);

/* lws_dll2_remove() of an entry for whose owner golws_sul_is_heap() holds; takes the lock. */
void golws_sul_detach(lws_dll2_t *list);

/*
 * What the timers need to know of a context; capi/c/context.c has these.
 */

/* NULL, with a line in the log, if there is no such context or thread, or in a forked child. */
struct golws_sul_heap *golws_context_sul_heap(struct lws_context *context, int tsi);

/* The lock of a service thread, recursive. */
void golws_context_lock(struct lws_context *context, int tsi);
void golws_context_unlock(struct lws_context *context, int tsi);

/* The earliest time has changed to an earlier one: end the wait of the service thread unless it is the caller. */
void golws_context_wake(struct lws_context *context, int tsi);

#endif
