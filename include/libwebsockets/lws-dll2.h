#ifndef GOLWS_LWS_DLL2_H
#define GOLWS_LWS_DLL2_H

/** @file
 * Linked lists.
 *
 * Two kinds. The lws_*_ll* macros walk and change singly linked lists of any struct that has a next
 * pointer. struct lws_dll2 is a doubly linked list: the member of type lws_dll2_t inside the program's struct is
 * the link, a lws_dll2_owner_t is the list.
 *
 * Nothing here allocates, nothing locks (a list and its members belong to one thread at a time), every call is O(1)
 * unless it says otherwise. A link is usable when all its bytes are zero, so is an owner.
 *
 * The iteration macros open a block that the matching end macro closes; break and continue work inside, continue
 * however repeats the same member in all forms that step at the end.
 */

/**
 * lws_start_foreach_ll() - walk a singly linked list
 *
 * \param type: pointer type of a member, e.g. struct item *
 * \param it: name of the iterator, declared here
 * \param start: the first member or NULL
 *
 * The member must not be freed in the block. Ended by lws_end_foreach_ll().
 */
#define lws_start_foreach_ll(type, it, start) \
	{ \
		type it = start; \
		while (it) {

/**
 * lws_end_foreach_ll() - end of lws_start_foreach_ll()
 *
 * \param it: the iterator
 * \param nxt: name of the member that points to the next
 */
#define lws_end_foreach_ll(it, nxt) \
			it = it->nxt; \
		} \
	}

/**
 * lws_start_foreach_ll_safe() - walk a singly linked list whose present member may be freed in the block
 *
 * \param type: pointer type of a member
 * \param it: name of the iterator, declared here
 * \param start: the first member or NULL
 * \param nxt: name of the member that points to the next
 *
 * Ended by lws_end_foreach_ll_safe().
 */
#define lws_start_foreach_ll_safe(type, it, start, nxt) \
	{ \
		type it = start; \
		while (it) { \
			type next_##it = it->nxt;

/**
 * lws_end_foreach_ll_safe() - end of lws_start_foreach_ll_safe()
 *
 * \param it: the iterator
 */
#define lws_end_foreach_ll_safe(it) \
			it = next_##it; \
		} \
	}

/**
 * lws_start_foreach_llp() - walk a singly linked list by the pointers that lead to the members
 *
 * \param type: type of a pointer to such a pointer, e.g. struct item **
 * \param it: name of the iterator, declared here; *it is the member
 * \param start: the variable that points to the first member
 *
 * A member is taken out with *it = (*it)->next, followed by a break: the end macro would step
 * past the next member. Ended by lws_end_foreach_llp().
 */
#define lws_start_foreach_llp(type, it, start) \
	{ \
		type it = &(start); \
		while (*(it)) {

/**
 * lws_end_foreach_llp() - end of lws_start_foreach_llp()
 *
 * \param it: the iterator
 * \param nxt: name of the member that points to the next
 */
#define lws_end_foreach_llp(it, nxt) \
			it = &(*(it))->nxt; \
		} \
	}

/**
 * lws_start_foreach_llp_safe() - as lws_start_foreach_llp(), the step is computed before the block
 *
 * \param type: type of a pointer to a pointer to a member
 * \param it: name of the iterator, declared here
 * \param start: the variable that points to the first member
 * \param nxt: name of the member that points to the next
 *
 * Ended by lws_end_foreach_llp_safe(). One per scope, because the next position is called "next".
 */
#define lws_start_foreach_llp_safe(type, it, start, nxt) \
	{ \
		type it = &(start); \
		type next; \
		while (*(it)) { \
			next = &((*(it))->nxt);

/**
 * lws_end_foreach_llp_safe() - end of lws_start_foreach_llp_safe()
 *
 * \param it: the iterator
 */
#define lws_end_foreach_llp_safe(it) \
			it = next; \
		} \
	}

/**
 * lws_ll_fwd_insert() - put an object first on a singly linked list
 *
 * \param ___new_object: the object
 * \param ___m_list: its member that points to the next
 * \param ___list_head: the variable that points to the first member
 */
#define lws_ll_fwd_insert(___new_object, ___m_list, ___list_head) \
	{ \
		(___new_object)->___m_list = ___list_head; \
		___list_head = ___new_object; \
	}

/**
 * lws_ll_fwd_remove() - take an object out of a singly linked list, O(n)
 *
 * \param ___type: type of the object, without *
 * \param ___m_list: its member that points to the next
 * \param ___target: the object; nothing happens if it is not on the list
 * \param ___list_head: the variable that points to the first member
 */
#define lws_ll_fwd_remove(___type, ___m_list, ___target, ___list_head) \
	{ \
		lws_start_foreach_llp(___type **, ___at, ___list_head) { \
			if (*___at == ___target) { \
				*___at = (___target)->___m_list; \
				break; \
			} \
		} lws_end_foreach_llp(___at, ___m_list); \
	}

struct lws_dll2;
struct lws_dll2_owner;

/** A member's place in a list. All zero means: in none. */
typedef struct lws_dll2 {
	struct lws_dll2		*prev;	/**< the member before it, NULL at the head */
	struct lws_dll2		*next;	/**< the member after it, NULL at the tail */
	struct lws_dll2_owner	*owner;	/**< the list, NULL if in none */
} lws_dll2_t;

/** A list. All zero means: empty. */
typedef struct lws_dll2_owner {
	struct lws_dll2		*tail;	/**< last member, NULL if empty */
	struct lws_dll2		*head;	/**< first member, NULL if empty */
	uint32_t		count;	/**< number of members */
} lws_dll2_owner_t;

/**
 * lws_dll2_is_detached() - is a link in no list
 *
 * \param d: the link
 *
 * Returns 1 if it is in none, else 0. A link that has neighbours but no list was overwritten; that is logged.
 */
LWS_VISIBLE LWS_EXTERN int
lws_dll2_is_detached(const struct lws_dll2 *d);

/** lws_dll2_owner() - the list that a link is in, NULL if in none */
static LWS_INLINE const struct lws_dll2_owner *
lws_dll2_owner(const struct lws_dll2 *d)
{
	return d->owner;
}

/** lws_dll2_get_head() - the first link of a list, NULL if it is empty */
static LWS_INLINE struct lws_dll2 *
lws_dll2_get_head(struct lws_dll2_owner *owner)
{
	return owner->head;
}

/** lws_dll2_get_tail() - the last link of a list, NULL if it is empty */
static LWS_INLINE struct lws_dll2 *
lws_dll2_get_tail(struct lws_dll2_owner *owner)
{
	return owner->tail;
}

/**
 * lws_dll2_add_head() - put a link first on a list
 *
 * \param d: the link, which must be in no list; otherwise that is logged and nothing changes
 * \param owner: the list
 *
 * The list refers to the link until it is removed; the memory must live as long.
 */
LWS_VISIBLE LWS_EXTERN void
lws_dll2_add_head(struct lws_dll2 *d, struct lws_dll2_owner *owner);

/**
 * lws_dll2_add_tail() - put a link last on a list
 *
 * \param d: the link, which must be in no list; otherwise that is logged and nothing changes
 * \param owner: the list
 */
LWS_VISIBLE LWS_EXTERN void
lws_dll2_add_tail(struct lws_dll2 *d, struct lws_dll2_owner *owner);

/**
 * lws_dll2_remove() - take a link out of the list it is in
 *
 * \param d: the link; nothing happens if it is in none
 *
 * The link is all zero afterwards. Works for the list member of a scheduled lws_sorted_usec_list_t too, which
 * cancels it.
 */
LWS_VISIBLE LWS_EXTERN void
lws_dll2_remove(struct lws_dll2 *d);

/**
 * lws_dll2_foreach_safe() - call a function for each link of a list, first to last
 *
 * \param owner: the list
 * \param user: passed through to the function
 * \param cb: called for each; it may remove and free the link it is given, no other; nonzero ends the walk
 *
 * Returns 1 if the function ended the walk, else 0.
 */
LWS_VISIBLE LWS_EXTERN int
lws_dll2_foreach_safe(struct lws_dll2_owner *owner, void *user,
		      int (*cb)(struct lws_dll2 *d, void *user));

/**
 * lws_dll2_clear() - make a link belong to no list, without telling the list it may be in
 *
 * \param d: the link
 *
 * For memory that was never initialised. lws_dll2_remove() is the call for a link that is in a list.
 */
LWS_VISIBLE LWS_EXTERN void
lws_dll2_clear(struct lws_dll2 *d);

/**
 * lws_dll2_owner_clear() - make a list empty, without telling the links that may be in it
 *
 * \param d: the list
 */
LWS_VISIBLE LWS_EXTERN void
lws_dll2_owner_clear(struct lws_dll2_owner *d);

/**
 * lws_dll2_add_before() - put a link on a list, just before one that is there
 *
 * \param d: the link, which must be in no list
 * \param after: the link that will follow it, which must be in a list
 *
 * If either is not so, that is logged and nothing changes.
 */
LWS_VISIBLE LWS_EXTERN void
lws_dll2_add_before(struct lws_dll2 *d, struct lws_dll2 *after);

/**
 * lws_dll2_add_sorted() - put a link at its place on a sorted list, O(n)
 *
 * \param d: the link, which must be in no list
 * \param own: the list, sorted by the same function
 * \param compare: says how \p d compares with \p i: positive if \p d belongs behind it, else 0 or negative
 *
 * The link goes before the first member of which the function, called with (member, link), does not return a negative
 * value; equal ones therefore end up with the newest first.
 */
LWS_VISIBLE LWS_EXTERN void
lws_dll2_add_sorted(lws_dll2_t *d, lws_dll2_owner_t *own,
		    int (*compare)(const lws_dll2_t *d, const lws_dll2_t *i));

/**
 * lws_dll2_add_sorted_priv() - lws_dll2_add_sorted() with a pointer for the function
 *
 * \param d: the link, which must be in no list
 * \param own: the list
 * \param priv: passed through to the function
 * \param compare3: as compare there
 */
LWS_VISIBLE LWS_EXTERN void
lws_dll2_add_sorted_priv(lws_dll2_t *d, lws_dll2_owner_t *own, void *priv,
			 int (*compare3)(void *priv, const lws_dll2_t *d,
					 const lws_dll2_t *i));

/**
 * _lws_dll2_search_sz_pl() - find the object with a name, O(n)
 *
 * \param own: the list
 * \param name: the name, need not be NUL-terminated
 * \param namelen: its length
 * \param dll2_ofs: where in the object the link is
 * \param ptr_ofs: where in the object a const char * to its NUL-terminated name is; NULL there never matches
 *
 * Returns the first such object or NULL. lws_dll2_search_sz_pl() computes the offsets and casts the result.
 */
LWS_VISIBLE LWS_EXTERN void *
_lws_dll2_search_sz_pl(lws_dll2_owner_t *own, const char *name, size_t namelen,
		       size_t dll2_ofs, size_t ptr_ofs);

/**
 * lws_dll2_search_sz_pl() - find the object with a name, O(n)
 *
 * \param own: the list
 * \param name: the name, need not be NUL-terminated
 * \param namelen: its length
 * \param type: type of the objects, without *
 * \param membd2list: the member that is the link
 * \param membptr: the member that points to the object's NUL-terminated name
 *
 * Evaluates to a type *, NULL if there is none.
 */
#define lws_dll2_search_sz_pl(own, name, namelen, type, membd2list, membptr) \
	((type *)_lws_dll2_search_sz_pl(own, name, namelen, \
					offsetof(type, membd2list), \
					offsetof(type, membptr)))

#if defined(_DEBUG)
/**
 * lws_dll2_describe() - log a list and its links at level LLL_INFO
 *
 * \param owner: the list
 * \param desc: a text to tell lists apart in the log
 *
 * A macro that does nothing where NDEBUG is defined.
 */
LWS_VISIBLE LWS_EXTERN void
lws_dll2_describe(struct lws_dll2_owner *owner, const char *desc);
#else
/** Without NDEBUG, a function that logs a list. */
#define lws_dll2_describe(x, y)
#endif

/**
 * lws_start_foreach_dll_safe() - walk a doubly linked list whose present link may be removed in the block
 *
 * \param ___type: type of the iterator, struct lws_dll2 *
 * \param ___it: name of the iterator, declared here
 * \param ___tmp: name of a second one that is the next, declared here
 * \param ___start: where to start, usually lws_dll2_get_head()
 *
 * Ended by lws_end_foreach_dll_safe().
 */
#define lws_start_foreach_dll_safe(___type, ___it, ___tmp, ___start) \
	{ \
		___type ___it = ___start; \
		while (___it) { \
			___type ___tmp = (___it)->next;

/** lws_end_foreach_dll_safe() - end of lws_start_foreach_dll_safe() */
#define lws_end_foreach_dll_safe(___it, ___tmp) \
			___it = ___tmp; \
		} \
	}

/**
 * lws_start_foreach_dll() - walk a doubly linked list that does not change meanwhile
 *
 * \param ___type: type of the iterator, struct lws_dll2 *
 * \param ___it: name of the iterator, declared here
 * \param ___start: where to start, usually lws_dll2_get_head()
 *
 * Ended by lws_end_foreach_dll().
 */
#define lws_start_foreach_dll(___type, ___it, ___start) \
	{ \
		___type ___it = ___start; \
		while (___it) {

/** lws_end_foreach_dll() - end of lws_start_foreach_dll() */
#define lws_end_foreach_dll(___it) \
			___it = (___it)->next; \
		} \
	}

#endif
