/*
 * The regions that handles live in. A region is address space reserved once and never given back, so that any pointer
 * a program passes can be recognised: outside of the region it is no handle, inside it can be read.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "private.h"

/* Freed slots rest until so many others were freed, so that a stale pointer is found out. */
#define QUARANTINE 1024

#define WSI_SLOTS (1u << 20)
#define VHOST_SLOTS (1u << 14)
#define CONTEXT_SLOTS 1024u

struct region {
	const char *what;
	size_t stride;
	uint32_t slots;
	uint32_t used;	 /* never allocated before are the slots from here on */
	uint32_t *queue; /* ring of freed slots, oldest first */
	uint32_t queue_size, queue_head, queue_count;
	uint32_t quarantine;
	char *base;
};

static struct region wsis = {.what = "wsi", .stride = sizeof(struct lws), .slots = WSI_SLOTS, .quarantine = QUARANTINE};
static struct region vhosts = {
	.what = "vhost", .stride = sizeof(struct lws_vhost), .slots = VHOST_SLOTS, .quarantine = 64};
static struct region contexts = {
	.what = "context", .stride = sizeof(struct lws_context), .slots = CONTEXT_SLOTS, .quarantine = 64};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static uint64_t serial;

static int region_init(struct region *r)
{
	void *base;

	if (r->base)
		return 0;
	do {
		base = mmap(NULL, r->stride * r->slots, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (base != MAP_FAILED)
			break;
		r->slots /= 2; /* a limit on address space; fewer handles then */
	} while (r->slots >= 1024);
	if (base == MAP_FAILED)
		return -1;
	r->base = base;
	return 0;
}

int golws_handles_init(void)
{
	int bad;

	pthread_mutex_lock(&mutex);
	bad = region_init(&wsis) || region_init(&vhosts) || region_init(&contexts);
	pthread_mutex_unlock(&mutex);
	if (bad)
		lwsl_err("no address space for handles: raise RLIMIT_AS\n");
	return bad ? -1 : 0;
}

static int queue_grow(struct region *r)
{
	uint32_t size = r->queue_size ? r->queue_size * 2 : 256, i;
	uint32_t *bigger = malloc(size * sizeof(*bigger));

	if (!bigger)
		return -1;
	for (i = 0; i < r->queue_count; i++)
		bigger[i] = r->queue[(r->queue_head + i) % r->queue_size];
	free(r->queue);
	r->queue = bigger;
	r->queue_size = size;
	r->queue_head = 0;
	return 0;
}

/* Returns a slot number, or UINT32_MAX when all are in use. */
static uint32_t region_take(struct region *r)
{
	uint32_t slot = UINT32_MAX;

	if (r->queue_count > r->quarantine || (r->used == r->slots && r->queue_count)) {
		slot = r->queue[r->queue_head];
		r->queue_head = (r->queue_head + 1) % r->queue_size;
		r->queue_count--;
	} else if (r->used < r->slots)
		slot = r->used++;
	return slot;
}

static void region_give(struct region *r, uint32_t slot)
{
	if (r->queue_count == r->queue_size && queue_grow(r))
		return; /* the slot is lost, which is better than a queue that is wrong */
	r->queue[(r->queue_head + r->queue_count) % r->queue_size] = slot;
	r->queue_count++;
}

static void *region_allocate(struct region *r, uint32_t *slot_out, uint64_t *serial_out)
{
	uint32_t slot;
	void *p = NULL;

	pthread_mutex_lock(&mutex);
	slot = region_take(r);
	if (slot != UINT32_MAX) {
		p = r->base + (size_t)slot * r->stride;
		memset(p, 0, r->stride);
		*serial_out = ++serial;
	}
	pthread_mutex_unlock(&mutex);
	if (!p)
		lwsl_err("no free %s handle: %u are in use\n", r->what, r->slots);
	*slot_out = slot;
	return p;
}

static void region_free(struct region *r, void *p)
{
	uint32_t *state = p;

	pthread_mutex_lock(&mutex);
	__atomic_store_n(state, GOLWS_FREE, __ATOMIC_RELEASE);
	region_give(r, (uint32_t)(((char *)p - r->base) / (ptrdiff_t)r->stride));
	pthread_mutex_unlock(&mutex);
}

struct lws *golws_wsi_allocate(void)
{
	uint32_t slot;
	uint64_t number;
	struct lws *wsi = region_allocate(&wsis, &slot, &number);

	if (wsi) {
		wsi->slot = slot;
		wsi->serial = number;
		wsi->state = GOLWS_LIVE;
	}
	return wsi;
}

void golws_wsi_link(struct lws *wsi, struct lws *parent)
{
	wsi->parent = parent;
	wsi->sibling = parent->child;
	parent->child = wsi;
}

void golws_wsi_free(struct lws *wsi)
{
	struct lws **child, *orphan;

	golws_wsi_release_user(wsi);
	free(wsi->client);
	free(wsi->datagram);
	for (orphan = wsi->child; orphan; orphan = orphan->sibling)
		orphan->parent = NULL;
	if (wsi->parent)
		for (child = &wsi->parent->child; *child; child = &(*child)->sibling)
			if (*child == wsi) {
				*child = wsi->sibling;
				break;
			}
	region_free(&wsis, wsi);
}

struct lws_vhost *golws_vhost_allocate(void)
{
	uint32_t slot;
	uint64_t number;
	struct lws_vhost *vhost = region_allocate(&vhosts, &slot, &number);

	if (vhost)
		vhost->state = GOLWS_LIVE;
	return vhost;
}

void golws_vhost_release(struct lws_vhost *vhost)
{
	region_free(&vhosts, vhost);
}

struct lws_context *golws_context_allocate(void)
{
	uint32_t slot;
	uint64_t number;
	struct lws_context *context = region_allocate(&contexts, &slot, &number);

	if (context)
		context->state = GOLWS_LIVE;
	return context;
}

void golws_context_release(struct lws_context *context)
{
	region_free(&contexts, context);
}

static int in_region(const struct region *r, const void *p)
{
	size_t offset = (size_t)((uintptr_t)p - (uintptr_t)r->base);

	return r->base && offset < r->stride * r->slots && offset % r->stride == 0;
}

static int complain(const char *what, const void *p, const char *why, const char *function)
{
	lwsl_err("%s: %s %p %s\n", function, what, p, why);
	return 0;
}

static int is_pseudo(const struct lws *wsi)
{
	const void *vhost = (const void *)((uintptr_t)wsi - offsetof(struct lws_vhost, pseudo));

	return in_region(&vhosts, vhost) && wsi->state == GOLWS_PSEUDO;
}

/* in_region with a constant for the stride: a division for each call of the interface would be felt. */
static int is_wsi(const struct lws *wsi)
{
	size_t offset = (size_t)((uintptr_t)wsi - (uintptr_t)wsis.base);

	return wsis.base && offset < sizeof(struct lws) * wsis.slots && offset % sizeof(struct lws) == 0;
}

int golws_wsi_valid(const struct lws *wsi, const char *function)
{
	if (__builtin_expect(is_wsi(wsi), 1)) {
		if (__builtin_expect(wsi->state == GOLWS_LIVE, 1))
			return 1;
		return complain("wsi", wsi, "is closed already", function);
	}
	if (is_pseudo(wsi))
		return complain("wsi", wsi, "stands for a protocol and is no connection", function);
	return complain("wsi", wsi, wsi ? "is no wsi" : "is NULL", function);
}

int golws_wsi_readable(const struct lws *wsi, const char *function)
{
	return (!is_wsi(wsi) && is_pseudo(wsi)) || golws_wsi_valid(wsi, function);
}

static int valid(const struct region *r, const void *p, const char *function)
{
	if (!in_region(r, p))
		return complain(r->what, p, p ? "is no such handle" : "is NULL", function);
	if (__atomic_load_n((const uint32_t *)p, __ATOMIC_ACQUIRE) != GOLWS_LIVE)
		return complain(r->what, p, "is destroyed already", function);
	return 1;
}

int golws_vhost_valid(const struct lws_vhost *vhost, const char *function)
{
	return valid(&vhosts, vhost, function);
}

int golws_context_valid(const struct lws_context *context, const char *function)
{
	return valid(&contexts, context, function);
}
