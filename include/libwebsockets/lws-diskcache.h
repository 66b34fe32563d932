#ifndef GOLWS_LWS_DISKCACHE_H
#define GOLWS_LWS_DISKCACHE_H

/** \defgroup diskcache A cache of files on disk
 *
 * A directory of files that are found by a hash of what they are made from, for things that are expensive to make. The
 * least recently used files are removed when all together are larger than a limit.
 *
 * The files are in 256 directories named after the first two digits of the hash. lws_diskcache_prepare() makes them
 * while the program may still do so, lws_diskcache_create() makes the object that the other functions use.
 * lws_diskcache_query() finds or creates a file; lws_diskcache_trim(), called from time to time, keeps the size down.
 *
 * Threads: the functions block for the time the disk takes; lws_diskcache_trim() may be called in a thread of
 * its own, one call at a time.
 */
///@{

struct lws_diskcache_scan;

/**
 * lws_diskcache_create() - use a cache
 *
 * \param cache_dir_base: its directory; the text must stay as long as the object
 * \param cache_size_limit: how large all files together may become, bytes; 0: 256 MiB
 *
 * Returns an object that lws_diskcache_destroy() frees, or NULL if there is no memory.
 */
LWS_VISIBLE LWS_EXTERN struct lws_diskcache_scan *
lws_diskcache_create(const char *cache_dir_base, uint64_t cache_size_limit);

/**
 * lws_diskcache_destroy() - free what lws_diskcache_create() made
 *
 * \param lds: points to the object; set to NULL. The files stay
 */
LWS_VISIBLE LWS_EXTERN void
lws_diskcache_destroy(struct lws_diskcache_scan **lds);

/**
 * lws_diskcache_prepare() - make the directories of a cache
 *
 * \param cache_base_dir: the directory; what is there already is used
 * \param mode: permission bits of all directories, e.g. 0700
 * \param uid: their owner
 *
 * Called before the program gives its privileges away, with the user that it becomes then.
 *
 * Returns 0, or 1 if a directory cannot be made or cannot be given to that user; that is logged.
 */
LWS_VISIBLE LWS_EXTERN int
lws_diskcache_prepare(const char *cache_base_dir, int mode, uid_t uid);

/** Result of lws_diskcache_query(): not there, and cannot be made. */
#define LWS_DISKCACHE_QUERY_NO_CACHE	0
/** Result of lws_diskcache_query(): it is there. */
#define LWS_DISKCACHE_QUERY_EXISTS	1
/** Result of lws_diskcache_query(): the caller has to make it. */
#define LWS_DISKCACHE_QUERY_CREATING	2
/** For programs: somebody else is making it. lws_diskcache_query() does not return it. */
#define LWS_DISKCACHE_QUERY_ONGOING	3

/**
 * lws_diskcache_query() - find a file of the cache, or begin to make it
 *
 * \param lds: the cache
 * \param is_bot: nonzero: do not make it if it is not there
 * \param hash_hex: the hash, at least two hexadecimal digits and nothing else
 * \param _fd: gets a file descriptor, which the caller closes; -1 if there is none
 * \param cache: gets the name of the file
 * \param cache_len: size of cache
 * \param extant_cache_len: gets the length of a file that is there, bytes
 *
 * Returns LWS_DISKCACHE_QUERY_EXISTS: _fd is open for reading, and the file counts as used now.
 * LWS_DISKCACHE_QUERY_CREATING: _fd is open for reading and writing, on a temporary file; fill it, then
 * call lws_diskcache_finalize_name() with cache. LWS_DISKCACHE_QUERY_NO_CACHE: neither is possible.
 */
LWS_VISIBLE LWS_EXTERN int
lws_diskcache_query(struct lws_diskcache_scan *lds, int is_bot,
		    const char *hash_hex, int *_fd, char *cache, int cache_len,
		    size_t *extant_cache_len);

/**
 * lws_diskcache_finalize_name() - a file of the cache is complete
 *
 * \param cache: the name that lws_diskcache_query() gave; it becomes the final name, in place
 *
 * From now on it is found. A file that nobody finishes is removed when its time comes.
 *
 * Returns 0, or 1 if it cannot be renamed; cache is as it was then.
 */
LWS_VISIBLE LWS_EXTERN int
lws_diskcache_finalize_name(char *cache);

/**
 * lws_diskcache_trim() - look at a part of the cache, and remove what is too much
 *
 * \param lds: the cache
 *
 * A call looks at one of the 256 directories, or at 16 while the cache is over its limit. Once all have been seen, the oldest
 * files are removed, up to 128 of them, if all are larger than the limit together. Then it does nothing until
 * lws_diskcache_secs_to_idle() is over. So it takes many calls, each of them cheap; once a second is usual.
 *
 * Returns 0, -1 if a directory cannot be read (the next call goes on behind it), 1 if there is no memory.
 */
LWS_VISIBLE LWS_EXTERN int
lws_diskcache_trim(struct lws_diskcache_scan *lds);

/**
 * lws_diskcache_secs_to_idle() - when to call lws_diskcache_trim() again
 *
 * \param lds: the cache
 *
 * Returns a number of seconds, counted from the end of the last scan: 0 if there was still too much, up to an hour if the cache
 * is nearly empty.
 */
LWS_VISIBLE LWS_EXTERN int
lws_diskcache_secs_to_idle(struct lws_diskcache_scan *lds);
///@}

#endif
