#ifndef GOLWS_LWS_FTS_H
#define GOLWS_LWS_FTS_H

/** \defgroup search Full-text search
 *
 * An index file says in which lines of which text files each word is. It is made once, and searched with a few reads
 * from it; nothing of it is kept in memory.
 *
 * To make one: lws_fts_create(); for each file lws_fts_file_index() and, piece by piece, lws_fts_fill();
 * lws_fts_serialize(); lws_fts_destroy(). To search: lws_fts_open(), lws_fts_search() as often as wanted,
 * lws_fts_close().
 *
 * Threads: one at a time for each object.
 */
///@{

/** An index that is being made. */
struct lws_fts;
/** An index that is open for searching. */
struct lws_fts_file;

/**
 * What was found in one file. Behind it in memory come the numbers of the lines as uint32_t (matches_length bytes),
 * then the name of the file (filepath_length bytes and a NUL).
 */
struct lws_fts_result_filepath {
	struct lws_fts_result_filepath *next;	/**< the next file, or NULL */
	int matches;				/**< how often the word is in it */
	int matches_length;			/**< bytes of line numbers, 0 if they were not asked for */
	int lines_in_file;			/**< how many lines the file has */
	int filepath_length;			/**< length of its name, bytes */
};

/** A word that starts with what was searched for. The word follows in memory: ac_length bytes and a NUL. */
struct lws_fts_result_autocomplete {
	struct lws_fts_result_autocomplete *next;	/**< the next word, or NULL */
	int instances;					/**< how often it is in all files */
	int agg_instances;				/**< the same, with all words that start with it */
	int ac_length;					/**< its length in bytes */
	char elided;					/**< 1: longer words that start with it were left out */
	char has_children;				/**< 1: there are longer words that start with it */
};

/** What lws_fts_search() found. */
struct lws_fts_result {
	struct lws_fts_result_filepath *filepath_head;		/**< list of files, NULL if there are none */
	struct lws_fts_result_autocomplete *autocomplete_head;	/**< list of words, NULL if there are none */
	int duration_ms;					/**< how long the search took, milliseconds */
	int effective_flags;					/**< LWSFTS_F_QUERY_... that were done */
};

/**
 * lws_fts_create() - begin to make an index
 *
 * \param fd: a file open for writing, empty; the caller closes it after lws_fts_destroy()
 *
 * Returns an object that lws_fts_destroy() frees, or NULL if there is no memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_fts *
lws_fts_create(int fd);

/**
 * lws_fts_destroy() - free an index that was being made
 *
 * \param trie: points to it; set to NULL
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_fts_destroy(struct lws_fts **trie);

/**
 * lws_fts_file_index() - announce a text file
 *
 * \param t: the index
 * \param filepath: its name, as results will have it
 * \param filepath_len: length of that, bytes
 * \param priority: not used
 *
 * Returns a number for lws_fts_fill(), or negative if there is no memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_fts_file_index(struct lws_fts *t, const char *filepath, int filepath_len,
		   int priority);

/**
 * lws_fts_fill() - put the words of a piece of a text file into the index
 *
 * \param t: the index
 * \param file_index: from lws_fts_file_index()
 * \param buf: the next piece of the file
 * \param len: its length in bytes
 *
 * Returns 0 or nonzero if there is no memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_fts_fill(struct lws_fts *t, uint32_t file_index, const char *buf,
	     size_t len);

/**
 * lws_fts_serialize() - write the index to its file
 *
 * \param t: the index, with all text files in it
 *
 * Returns 0 or nonzero if it cannot be written.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_fts_serialize(struct lws_fts *t);

/**
 * lws_fts_open() - open an index for searching
 *
 * \param filepath: name of the index file
 *
 * Returns an object that lws_fts_close() frees, or NULL if it cannot be opened or is no index.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_fts_file *
lws_fts_open(const char *filepath);

/** For lws_fts_search_params.flags: words that start with the needle. */
#define LWSFTS_F_QUERY_AUTOCOMPLETE	(1 << 0)
/** For lws_fts_search_params.flags: files that have the needle. */
#define LWSFTS_F_QUERY_FILES		(1 << 1)
/** For lws_fts_search_params.flags: with LWSFTS_F_QUERY_FILES, also the numbers of the lines. */
#define LWSFTS_F_QUERY_FILE_LINES	(1 << 2)
/** For lws_fts_search_params.flags: with LWSFTS_F_QUERY_FILE_LINES, also the lines themselves. */
#define LWSFTS_F_QUERY_QUOTE_LINE	(1 << 3)

/** What to search for. Zero it before filling it in. */
struct lws_fts_search_params {
	const char *needle;		/**< the word, or its beginning */
	const char *only_filepath;	/**< NULL, or the one file to look at */
	struct lwsac *results_head;	/**< gets the memory of the results: free it with lwsac_free() */
	int flags;			/**< LWSFTS_F_QUERY_..., or-ed */
	int max_autocomplete;		/**< how many words to return at most */
	int max_files;			/**< how many files to return at most */
	int max_lines;			/**< how many lines of each file to return at most */
};

/**
 * lws_fts_search() - search in an index
 *
 * \param jtf: the index
 * \param ftsp: what to search for; gets the memory of the results
 *
 * Returns the results, in memory of results_head, also when nothing was found; NULL after an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_fts_result *
lws_fts_search(struct lws_fts_file *jtf, struct lws_fts_search_params *ftsp);

/**
 * lws_fts_close() - close an index
 *
 * \param jtf: the index; results that were found in it stay
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_fts_close(struct lws_fts_file *jtf);
///@}

#endif
