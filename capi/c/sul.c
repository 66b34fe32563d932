#include "sul.h"

#include <pthread.h>

#include "allocate.h"

#define FIRST_CAPACITY 16

/* Time and order of the entry stand beside the pointer, so that sifting does not touch the memory of programs. */
struct slot {
	lws_usec_t us;
	uint64_t order;
	lws_sorted_usec_list_t *sul;
};

struct golws_sul_heap {
	/*
	 * What list.owner of an entry points to, one for each of LWSSULLI_. head is always &mark, by which a heap is told
	 * from a list of a program, tail is the heap, count as in a list.
	 */
	lws_dll2_owner_t owners[LWS_COUNT_PT_SUL_OWNERS];
	struct slot *slots[LWS_COUNT_PT_SUL_OWNERS];
	size_t capacity[LWS_COUNT_PT_SUL_OWNERS];
	uint64_t order; /* of the newest entry */
	struct lws_context *context;
	int tsi;
	struct golws_sul_heap *next_unused;
};

static lws_dll2_t mark;

static pthread_mutex_t unused_lock = PTHREAD_MUTEX_INITIALIZER;
static struct golws_sul_heap *unused;

/*
 * A program may look at list.owner (lws_dll2_is_detached()) while the service thread takes the entry off the heap. It gets
 * the one answer or the other.
 */
static lws_dll2_owner_t *owner_of(const lws_dll2_t *list)
{
	return __atomic_load_n(&list->owner, __ATOMIC_ACQUIRE);
}

static void set_owner(lws_dll2_t *list, lws_dll2_owner_t *owner)
{
	__atomic_store_n(&list->owner, owner, __ATOMIC_RELEASE);
}

static size_t place_of(const lws_sorted_usec_list_t *sul)
{
	return (size_t)(uintptr_t)sul->list.prev;
}

static void put(struct golws_sul_heap *heap, int kind, size_t place, struct slot slot)
{
	heap->slots[kind][place] = slot;
	slot.sul->list.prev = (lws_dll2_t *)(uintptr_t)place;
}

static int before(const struct slot *a, const struct slot *b)
{
	if (a->us != b->us)
		return a->us < b->us;

	return a->order < b->order;
}

static void sift_up(struct golws_sul_heap *heap, int kind, size_t place, struct slot slot)
{
	while (place) {
		size_t parent = (place - 1) / 2;

		if (!before(&slot, &heap->slots[kind][parent]))
			break;
		put(heap, kind, place, heap->slots[kind][parent]);
		place = parent;
	}
	put(heap, kind, place, slot);
}

static void sift_down(struct golws_sul_heap *heap, int kind, size_t place, struct slot slot)
{
	const struct slot *slots = heap->slots[kind];
	size_t count = heap->owners[kind].count;

	for (;;) {
		size_t child = 2 * place + 1;

		if (child >= count)
			break;
		if (child + 1 < count && before(&slots[child + 1], &slots[child]))
			child++;
		if (!before(&slots[child], &slot))
			break;
		put(heap, kind, place, slots[child]);
		place = child;
	}
	put(heap, kind, place, slot);
}

/* The kind of the slot that comes first of all, -1 if there is none. */
static int first_kind(const struct golws_sul_heap *heap)
{
	int kind, first = -1;

	for (kind = 0; kind < LWS_COUNT_PT_SUL_OWNERS; kind++)
		if (heap->owners[kind].count &&
		    (first < 0 || before(&heap->slots[kind][0], &heap->slots[first][0])))
			first = kind;

	return first;
}

static int reserve(struct golws_sul_heap *heap, int kind)
{
	size_t capacity = heap->capacity[kind];
	struct slot *slots;

	if (heap->owners[kind].count < capacity)
		return 0;

	capacity = capacity ? 2 * capacity : FIRST_CAPACITY;
	slots = golws_realloc(heap->slots[kind], capacity * sizeof(*slots), "timers");
	if (!slots)
		return -1;

	heap->slots[kind] = slots;
	heap->capacity[kind] = capacity;

	return 0;
}

struct golws_sul_heap *golws_sul_heap_create(struct lws_context *context, int tsi)
{
	struct golws_sul_heap *heap;
	int kind;

	pthread_mutex_lock(&unused_lock);
	heap = unused;
	if (heap)
		unused = heap->next_unused;
	pthread_mutex_unlock(&unused_lock);

	if (!heap) {
		/* not from the program's allocator: this is never freed */
		heap = calloc(1, sizeof(*heap));
		if (!heap)
			return NULL;
		for (kind = 0; kind < LWS_COUNT_PT_SUL_OWNERS; kind++) {
			heap->owners[kind].head = &mark;
			heap->owners[kind].tail = (lws_dll2_t *)heap;
		}
	}

	heap->context = context;
	heap->tsi = tsi;

	return heap;
}

void golws_sul_heap_destroy(struct golws_sul_heap *heap)
{
	int kind;

	if (!heap)
		return;

	heap->context = NULL;
	for (kind = 0; kind < LWS_COUNT_PT_SUL_OWNERS; kind++) {
		heap->owners[kind].count = 0;
		heap->capacity[kind] = 0;
		golws_free(heap->slots[kind]);
		heap->slots[kind] = NULL;
	}

	pthread_mutex_lock(&unused_lock);
	heap->next_unused = unused;
	unused = heap;
	pthread_mutex_unlock(&unused_lock);
}

int golws_sul_heap_insert(struct golws_sul_heap *heap, lws_sorted_usec_list_t *sul, int flags)
{
	int kind = !!(flags & LWSSULLI_WAKE_IF_SUSPENDED);
	struct slot slot = { .us = sul->us, .sul = sul };

	if (reserve(heap, kind)) {
		lwsl_err("%s: out of memory, the timer is lost\n", __func__);
		return -1;
	}

	slot.order = ++heap->order;
	sul->list.next = NULL;
	set_owner(&sul->list, &heap->owners[kind]);
	sift_up(heap, kind, heap->owners[kind].count++, slot);

	kind = first_kind(heap);

	return heap->slots[kind][0].sul == sul;
}

void golws_sul_heap_remove(struct golws_sul_heap *heap, lws_sorted_usec_list_t *sul)
{
	lws_dll2_owner_t *owner = owner_of(&sul->list);
	int kind = (int)(owner - heap->owners);
	size_t place = place_of(sul), last;
	struct slot slot;

	if (owner < heap->owners || owner >= heap->owners + LWS_COUNT_PT_SUL_OWNERS)
		return;

	/* an entry that an earlier user of this heap has forgotten is not in it */
	if (place < owner->count && heap->slots[kind][place].sul == sul) {
		last = --owner->count;
		if (place != last) {
			slot = heap->slots[kind][last];
			if (place && before(&slot, &heap->slots[kind][(place - 1) / 2]))
				sift_up(heap, kind, place, slot);
			else
				sift_down(heap, kind, place, slot);
		}
	}

	sul->list.prev = NULL;
	sul->list.next = NULL;
	set_owner(&sul->list, NULL);
}

size_t golws_sul_heap_count(const struct golws_sul_heap *heap)
{
	size_t count = 0;
	int kind;

	for (kind = 0; kind < LWS_COUNT_PT_SUL_OWNERS; kind++)
		count += heap->owners[kind].count;

	return count;
}

lws_usec_t golws_sul_heap_next(const struct golws_sul_heap *heap)
{
	int kind = first_kind(heap);

	return kind < 0 ? INT64_MAX : heap->slots[kind][0].us;
}

lws_usec_t golws_sul_heap_next_wakeable(const struct golws_sul_heap *heap)
{
	if (!heap->owners[LWSSULLI_WAKE_IF_SUSPENDED].count)
		return INT64_MAX;

	return heap->slots[LWSSULLI_WAKE_IF_SUSPENDED][0].us;
}

int golws_sul_heap_service(struct golws_sul_heap *heap, lws_usec_t now)
{
	uint64_t newest = heap->order;
	int called = 0;

	for (;;) {
		int kind = first_kind(heap);
		lws_sorted_usec_list_t *sul;
		sul_cb_t cb;

		if (kind < 0 || heap->slots[kind][0].us > now || heap->slots[kind][0].order > newest)
			return called;

		sul = heap->slots[kind][0].sul;
		cb = sul->cb;
		sul->us = 0;
		/* from here on another thread may schedule it elsewhere */
		golws_sul_heap_remove(heap, sul);
		called++;
		cb(sul);
	}
}

int golws_sul_is_heap(const lws_dll2_owner_t *owner)
{
	return owner->head == &mark;
}

void golws_sul_detach(lws_dll2_t *list)
{
	lws_dll2_owner_t *owner = owner_of(list);
	struct golws_sul_heap *heap;
	struct lws_context *context;
	int tsi;

	if (!owner)
		return;

	heap = (struct golws_sul_heap *)owner->tail;
	context = heap->context;
	tsi = heap->tsi;

	if (context)
		golws_context_lock(context, tsi);
	/* it may have been called in the meantime */
	if (owner_of(list) == owner)
		golws_sul_heap_remove(heap, lws_container_of(list, lws_sorted_usec_list_t, list));
	if (context)
		golws_context_unlock(context, tsi);
}

static void schedule(struct lws_context *context, int tsi, int flags, lws_sorted_usec_list_t *sul,
		     sul_cb_t cb, lws_usec_t us)
{
	struct golws_sul_heap *heap = golws_context_sul_heap(context, tsi);
	int earliest;

	if (!heap)
		return;
	if (!cb) {
		lwsl_err("%s: a timer without a function\n", __func__);
		return;
	}

	golws_context_lock(context, tsi);

	if (owner_of(&sul->list)) {
		if (owner_of(&sul->list)->tail == (lws_dll2_t *)heap)
			golws_sul_heap_remove(heap, sul);
		else {
			/* two threads that move timers to each other must not wait for each other */
			golws_context_unlock(context, tsi);
			lws_dll2_remove(&sul->list);
			golws_context_lock(context, tsi);
		}
	}

	sul->us = us;
	sul->cb = cb;
	earliest = golws_sul_heap_insert(heap, sul, flags);

	golws_context_unlock(context, tsi);

	if (earliest > 0)
		golws_context_wake(context, tsi);
}

static void schedule_after(struct lws_context *context, int tsi, int flags, lws_sorted_usec_list_t *sul,
			   sul_cb_t cb, lws_usec_t us)
{
	lws_usec_t now = lws_now_usecs();

	if (us == LWS_SET_TIMER_USEC_CANCEL)
		lws_sul_cancel(sul);
	else
		schedule(context, tsi, flags, sul, cb, us > INT64_MAX - now ? INT64_MAX : now + us);
}

void lws_sul_schedule(struct lws_context *ctx, int tsi, lws_sorted_usec_list_t *sul, sul_cb_t _cb, lws_usec_t _us)
{
	schedule_after(ctx, tsi, LWSSULLI_MISS_IF_SUSPENDED, sul, _cb, _us);
}

void lws_sul_schedule_wakesuspend(struct lws_context *ctx, int tsi, lws_sorted_usec_list_t *sul, sul_cb_t _cb,
				  lws_usec_t _us)
{
	schedule_after(ctx, tsi, LWSSULLI_WAKE_IF_SUSPENDED, sul, _cb, _us);
}

void lws_sul2_schedule(struct lws_context *context, int tsi, int flags, lws_sorted_usec_list_t *sul)
{
	schedule(context, tsi, flags, sul, sul->cb, sul->us);
}

void lws_sul_cancel(lws_sorted_usec_list_t *sul)
{
	lws_dll2_remove(&sul->list);
	sul->us = 0;
}

int lws_sul_earliest_wakeable_event(struct lws_context *ctx, lws_usec_t *pearliest)
{
	int count = lws_get_count_threads(ctx), tsi;
	lws_usec_t earliest = INT64_MAX, us;

	for (tsi = 0; tsi < count; tsi++) {
		struct golws_sul_heap *heap = golws_context_sul_heap(ctx, tsi);

		if (!heap)
			continue;
		golws_context_lock(ctx, tsi);
		us = golws_sul_heap_next_wakeable(heap);
		golws_context_unlock(ctx, tsi);
		if (us < earliest)
			earliest = us;
	}

	if (earliest == INT64_MAX)
		return 1;

	*pearliest = earliest;

	return 0;
}

/*
 * Lists that a program keeps by itself. Not heaps: it may walk them.
 */

static int later(const lws_dll2_t *a, const lws_dll2_t *b)
{
	const lws_sorted_usec_list_t *sa = lws_container_of(a, const lws_sorted_usec_list_t, list);
	const lws_sorted_usec_list_t *sb = lws_container_of(b, const lws_sorted_usec_list_t, list);

	/* -1 for the same time too: who came first stays first */
	return sa->us > sb->us ? 1 : -1;
}

int __lws_sul_insert(lws_dll2_owner_t *own, lws_sorted_usec_list_t *sul)
{
	if (!sul->cb) {
		lwsl_err("%s: a timer without a function\n", __func__);
		return 1;
	}

	lws_dll2_remove(&sul->list);
	lws_dll2_add_sorted(&sul->list, own, later);

	return 0;
}

lws_usec_t __lws_sul_service_ripe(lws_dll2_owner_t *own, int own_len, lws_usec_t usnow)
{
	for (;;) {
		lws_sorted_usec_list_t *first = NULL;
		int n;

		for (n = 0; n < own_len; n++) {
			lws_sorted_usec_list_t *sul;

			if (!own[n].count)
				continue;
			sul = lws_container_of(own[n].head, lws_sorted_usec_list_t, list);
			if (!first || sul->us < first->us)
				first = sul;
		}

		if (!first)
			return 0;
		if (first->us > usnow)
			return first->us - usnow;

		lws_dll2_remove(&first->list);
		first->us = 0;
		first->cb(first);
	}
}
