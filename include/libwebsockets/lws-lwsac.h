#ifndef GOLWS_LWS_LWSAC_H
#define GOLWS_LWS_LWSAC_H

/** @file
 * Allocation in chunks (lwsac), for many small objects that die together, and files cached in memory.
 *
 * A lwsac is a pointer in the program, NULL while it is empty. Space is taken from chunks; nothing is freed singly,
 * and no object ever moves. There is no lock: one lwsac is for one thread at a time.
 */

struct lwsac;

/** Content of a file in memory, see lwsac_cached_file(). */
typedef unsigned char *lwsac_cached_file_t;

/** The object of type T whose member M is at address P. */
#define lws_list_ptr_container(P, T, M) ((T *)((char *)(P) - offsetof(T, M)))

/**
 * A place in a sorted list of objects that live in a lwsac: address of the object's first list member, a void * that
 * holds the address of the next object's. NULL at the end.
 */
typedef void *lws_list_ptr;

/** Compares two places: negative or 0 if a is to stand before b. */
typedef int (*lws_list_ptr_sort_func_t)(lws_list_ptr a, lws_list_ptr b);

/** Step to the next place. */
#define lws_list_ptr_advance(_lp) _lp = *((void **)_lp)

/**
 * lws_list_ptr_insert() - put an object on a list
 *
 * \param phead: address of the list's head
 * \param add: address of the object's list member
 * \param sort: how to compare; NULL puts it first
 *
 * It goes before the first one that it does not have to follow: an equal one is put before its equals.
 */
LWS_VISIBLE LWS_EXTERN void
lws_list_ptr_insert(lws_list_ptr *phead, lws_list_ptr *add,
		    lws_list_ptr_sort_func_t sort);

/**
 * lwsac_use() - take memory
 *
 * \param head: the lwsac
 * \param ensure: how many bytes
 * \param chunk_size: size of a new chunk if one is needed; 0 is 4,000. A larger \p ensure gets a chunk of its size
 *
 * Returns memory aligned for pointers, not zeroed; NULL if there is none. It is valid until the lwsac is freed.
 */
LWS_VISIBLE LWS_EXTERN void *
lwsac_use(struct lwsac **head, size_t ensure, size_t chunk_size);

/**
 * lwsac_use_backfill() - take memory, also from chunks that were left because something did not fit
 *
 * \param head: the lwsac
 * \param ensure: how many bytes
 * \param chunk_size: size of a new chunk if one is needed; 0 is 4,000
 *
 * Slower than lwsac_use(), O(n) in the number of chunks, and with less waste. Returns as lwsac_use().
 */
LWS_VISIBLE LWS_EXTERN void *
lwsac_use_backfill(struct lwsac **head, size_t ensure, size_t chunk_size);

/**
 * lwsac_use_zero() - take zeroed memory
 *
 * \param head: the lwsac
 * \param ensure: how many bytes
 * \param chunk_size: size of a new chunk if one is needed; 0 is 4,000
 *
 * Returns as lwsac_use() does.
 */
LWS_VISIBLE LWS_EXTERN void *
lwsac_use_zero(struct lwsac **head, size_t ensure, size_t chunk_size);

/** Another name of lwsac_use_zero(). */
#define lwsac_use_zeroed lwsac_use_zero

/**
 * lwsac_free() - free everything that was taken
 *
 * \param head: the lwsac; *head is NULL afterwards
 *
 * References do not count here, see lwsac_detach().
 */
LWS_VISIBLE LWS_EXTERN void
lwsac_free(struct lwsac **head);

/**
 * lwsac_detach() - free everything as soon as nobody refers to it
 *
 * \param head: the lwsac; *head becomes NULL if it is freed at once
 *
 * Freed now if there is no reference, else by the lwsac_unreference() that takes the last away.
 */
LWS_VISIBLE LWS_EXTERN void
lwsac_detach(struct lwsac **head);

/**
 * lwsac_reference() - add a reference
 *
 * \param head: the lwsac, not empty
 */
LWS_VISIBLE LWS_EXTERN void
lwsac_reference(struct lwsac *head);

/**
 * lwsac_unreference() - take a reference away
 *
 * \param head: the lwsac; *head becomes NULL if that frees it
 */
LWS_VISIBLE LWS_EXTERN void
lwsac_unreference(struct lwsac **head);

/**
 * lwsac_extend() - enlarge what was taken last
 *
 * \param head: the lwsac, not empty
 * \param amount: how many bytes are added behind it, zeroed
 *
 * Returns 0, or 1 if the chunk has no room for them (nothing is changed then).
 */
LWS_VISIBLE LWS_EXTERN int
lwsac_extend(struct lwsac *head, size_t amount);

/**
 * lwsac_cached_file() - content of a file, kept in memory and kept fresh
 *
 * \param filepath: the file
 * \param cache: variable of the program for the content, NULL before the first call; set anew if the file is read
 *	(again)
 * \param len: gets its length, whenever *cache is set
 *
 * Call it each time before the content is used. At most every five seconds it looks whether the file's time of
 * modification changed and reads it again if so. The old content is detached, freed when the
 * last user of it calls lwsac_use_cached_file_end(). A NUL stands behind the content.
 *
 * Returns 0, or 1 if the file cannot be read or there is no memory; *cache is as before then.
 */
LWS_VISIBLE LWS_EXTERN int
lwsac_cached_file(const char *filepath, lwsac_cached_file_t *cache,
		  size_t *len);

/**
 * lwsac_use_cached_file_start() - start using a cached file's content, which stays until lwsac_use_cached_file_end()
 *
 * \param cache: the content
 */
LWS_VISIBLE LWS_EXTERN void
lwsac_use_cached_file_start(lwsac_cached_file_t cache);

/**
 * lwsac_use_cached_file_end() - finish using a cached file's content
 *
 * \param cache: the content; *cache becomes NULL if that frees it
 */
LWS_VISIBLE LWS_EXTERN void
lwsac_use_cached_file_end(lwsac_cached_file_t *cache);

/**
 * lwsac_use_cached_file_detach() - give a cached file's content up: free it, as soon as nobody uses it
 *
 * \param cache: the content; *cache becomes NULL if it is freed at once
 */
LWS_VISIBLE LWS_EXTERN void
lwsac_use_cached_file_detach(lwsac_cached_file_t *cache);

/**
 * lwsac_sizeof() - how much of a chunk comes before what is taken from it
 *
 * \param first: nonzero: the first chunk of a lwsac; zero: the others
 *
 * Returns bytes.
 */
LWS_VISIBLE LWS_EXTERN size_t
lwsac_sizeof(int first);

/**
 * lwsac_get_tail_pos() - how much of a chunk is used
 *
 * \param lac: a chunk
 *
 * Returns bytes, those that come before counted, see lwsac_sizeof().
 */
LWS_VISIBLE LWS_EXTERN size_t
lwsac_get_tail_pos(struct lwsac *lac);

/**
 * lwsac_get_next() - the chunk after a chunk
 *
 * \param lac: a chunk; the lwsac itself is the first
 *
 * Returns it, NULL after the last.
 */
LWS_VISIBLE LWS_EXTERN struct lwsac *
lwsac_get_next(struct lwsac *lac);

/**
 * lwsac_align() - round a length up to what lwsac_use() takes for it
 *
 * \param length: a length, bytes
 *
 * Returns the rounded length.
 */
LWS_VISIBLE LWS_EXTERN size_t
lwsac_align(size_t length);

/**
 * lwsac_info() - log size and number of chunks at level LLL_DEBUG
 *
 * \param head: the lwsac
 */
LWS_VISIBLE LWS_EXTERN void
lwsac_info(struct lwsac *head);

/**
 * lwsac_total_alloc() - size of all chunks of a lwsac
 *
 * \param head: the lwsac
 *
 * Returns bytes.
 */
LWS_VISIBLE LWS_EXTERN uint64_t
lwsac_total_alloc(struct lwsac *head);

/**
 * lwsac_total_overhead() - how much of all chunks of a lwsac nobody took
 *
 * \param head: the lwsac
 *
 * Returns bytes.
 */
LWS_VISIBLE LWS_EXTERN uint64_t
lwsac_total_overhead(struct lwsac *head);

/**
 * lwsac_scan_extant() - find bytes among all that was taken, to share them in the place of a copy
 *
 * \param head: the lwsac
 * \param find: the bytes
 * \param len: how many, at least 1
 * \param nul: nonzero: a NUL must follow them
 *
 * Returns where they are, or NULL.
 */
LWS_VISIBLE LWS_EXTERN uint8_t *
lwsac_scan_extant(struct lwsac *head, uint8_t *find, size_t len, int nul);

#endif
