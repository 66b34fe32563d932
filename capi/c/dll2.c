#include <libwebsockets.h>

#include "sul.h"

#undef lws_dll2_describe

int lws_dll2_is_detached(const struct lws_dll2 *d)
{
	if (__atomic_load_n(&d->owner, __ATOMIC_ACQUIRE))
		return 0;

	/* asked again, because another thread may have scheduled the timer that it is part of */
	if ((d->next || d->prev) && !__atomic_load_n(&d->owner, __ATOMIC_ACQUIRE))
		lwsl_err("%s: %p is in no list, but has neighbours: was it overwritten, or never zeroed?\n",
			 __func__, (const void *)d);

	return 1;
}

static int may_add(const struct lws_dll2 *d, const char *function)
{
	if (!d->owner)
		return 1;

	lwsl_err("%s: %p is in a list already\n", function, (const void *)d);

	return 0;
}

/* next NULL: at the end */
static void link_before(struct lws_dll2 *d, struct lws_dll2_owner *owner, struct lws_dll2 *next)
{
	struct lws_dll2 *prev = next ? next->prev : owner->tail;

	d->owner = owner;
	d->prev = prev;
	d->next = next;

	if (prev)
		prev->next = d;
	else
		owner->head = d;

	if (next)
		next->prev = d;
	else
		owner->tail = d;

	owner->count++;
}

void lws_dll2_add_head(struct lws_dll2 *d, struct lws_dll2_owner *owner)
{
	if (may_add(d, __func__))
		link_before(d, owner, owner->head);
}

void lws_dll2_add_tail(struct lws_dll2 *d, struct lws_dll2_owner *owner)
{
	if (may_add(d, __func__))
		link_before(d, owner, NULL);
}

void lws_dll2_add_before(struct lws_dll2 *d, struct lws_dll2 *after)
{
	if (!may_add(d, __func__))
		return;

	if (!after->owner || golws_sul_is_heap(after->owner)) {
		lwsl_err("%s: %p is in no list\n", __func__, (void *)after);
		return;
	}

	link_before(d, after->owner, after);
}

void lws_dll2_remove(struct lws_dll2 *d)
{
	struct lws_dll2_owner *owner;

	if (lws_dll2_is_detached(d))
		return;

	owner = __atomic_load_n(&d->owner, __ATOMIC_ACQUIRE);
	if (!owner)
		return;
	if (golws_sul_is_heap(owner)) {
		golws_sul_detach(d);
		return;
	}

	if (d->next)
		d->next->prev = d->prev;
	else
		owner->tail = d->prev;

	if (d->prev)
		d->prev->next = d->next;
	else
		owner->head = d->next;

	owner->count--;
	lws_dll2_clear(d);
}

int lws_dll2_foreach_safe(struct lws_dll2_owner *owner, void *user, int (*cb)(struct lws_dll2 *d, void *user))
{
	lws_start_foreach_dll_safe(struct lws_dll2 *, d, next, lws_dll2_get_head(owner)) {
		if (cb(d, user))
			return 1;
	} lws_end_foreach_dll_safe(d, next);

	return 0;
}

void lws_dll2_clear(struct lws_dll2 *d)
{
	d->prev = NULL;
	d->next = NULL;
	d->owner = NULL;
}

void lws_dll2_owner_clear(struct lws_dll2_owner *d)
{
	d->head = NULL;
	d->tail = NULL;
	d->count = 0;
}

void lws_dll2_add_sorted_priv(lws_dll2_t *d, lws_dll2_owner_t *own, void *priv,
			      int (*compare3)(void *priv, const lws_dll2_t *d, const lws_dll2_t *i))
{
	struct lws_dll2 *next = own->head;

	if (!may_add(d, __func__))
		return;

	while (next && compare3(priv, next, d) < 0)
		next = next->next;

	link_before(d, own, next);
}

void lws_dll2_add_sorted(lws_dll2_t *d, lws_dll2_owner_t *own, int (*compare)(const lws_dll2_t *d, const lws_dll2_t *i))
{
	struct lws_dll2 *next = own->head;

	if (!may_add(d, __func__))
		return;

	while (next && compare(next, d) < 0)
		next = next->next;

	link_before(d, own, next);
}

void *_lws_dll2_search_sz_pl(lws_dll2_owner_t *own, const char *name, size_t namelen, size_t dll2_ofs, size_t ptr_ofs)
{
	lws_start_foreach_dll(struct lws_dll2 *, d, lws_dll2_get_head(own)) {
		char *object = (char *)d - dll2_ofs;
		const char *found = *(const char **)(object + ptr_ofs);

		if (found && !strncmp(found, name, namelen) && !found[namelen])
			return object;
	} lws_end_foreach_dll(d);

	return NULL;
}

void lws_dll2_describe(struct lws_dll2_owner *owner, const char *desc)
{
	unsigned int n = 0;

	_lws_log(LLL_INFO, "%s: list %p: %u links, head %p, tail %p\n", desc, (void *)owner,
		 (unsigned int)owner->count, (void *)owner->head, (void *)owner->tail);

	lws_start_foreach_dll(struct lws_dll2 *, d, lws_dll2_get_head(owner)) {
		_lws_log(LLL_INFO, "%s:   %u: %p: prev %p, next %p, list %p\n", desc, n++, (void *)d,
			 (void *)d->prev, (void *)d->next, (void *)d->owner);
	} lws_end_foreach_dll(d);
}
