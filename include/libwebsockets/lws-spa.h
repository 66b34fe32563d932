#ifndef GOLWS_LWS_SPA_H
#define GOLWS_LWS_SPA_H

/** @file
 * Parsing posted forms as they arrive, application/x-www-form-urlencoded and multipart/form-data (RFC 7578).
 *
 * A parser is made when the first piece of a body arrives (LWS_CALLBACK_HTTP_BODY), gets every piece, is finalized at
 * the end (LWS_CALLBACK_HTTP_BODY_COMPLETION), asked for the values, and destroyed at the latest with the connection.
 * It belongs to one connection and is used on its service thread.
 */

/** What lws_spa_fileupload_cb is called for. */
enum lws_spa_fileupload_states {
	LWS_UFS_CONTENT,	/**< a piece of a file */
	LWS_UFS_FINAL_CONTENT,	/**< the last piece of a file; may be empty */
	LWS_UFS_OPEN,		/**< a file starts */
	LWS_UFS_CLOSE		/**< the parser is finalized or destroyed */
};

/**
 * Gets files of a multipart form. name is the field's, filename what the sender calls the file (do not trust it, see
 * lws_filename_purify_inplace()), buf and len a piece of content, valid during the call. Negative ends the parsing with
 * an error.
 */
typedef int (*lws_spa_fileupload_cb)(void *data, const char *name,
				     const char *filename, char *buf, int len,
				     enum lws_spa_fileupload_states state);

struct lws_spa;
struct lwsac;

/**
 * lws_spa_create() - make a parser for the body of a request
 *
 * \param wsi: the connection; its content-type header says what kind of form it is
 * \param param_names: names of the fields that the program wants; the array and the names must stay while the parser
 * lives
 * \param count_params: how many
 * \param max_storage: how many bytes the values may have together, each with a NUL; also the size of the pieces of a
 *	file; 0 is 512
 * \param opt_cb: gets files, may be NULL
 * \param opt_data: passed through to it
 *
 * Returns the parser, or NULL if there is no memory.
 */
LWS_VISIBLE LWS_EXTERN struct lws_spa *
lws_spa_create(struct lws *wsi, const char * const *param_names,
	       int count_params, int max_storage, lws_spa_fileupload_cb opt_cb,
	       void *opt_data);

/** Arguments of lws_spa_create_via_info(), all zero what is not needed. */
typedef struct lws_spa_create_info {
	const char * const *param_names; /**< as for lws_spa_create() */
	int count_params;		/**< as for lws_spa_create() */
	int max_storage;		/**< as for lws_spa_create() */
	lws_spa_fileupload_cb opt_cb;	/**< as for lws_spa_create() */
	void *opt_data;			/**< as for lws_spa_create() */
	size_t param_names_stride;	/**< bytes from one name's pointer to the next, for names in an array of
						 * structs; 0: they are an array of pointers */
	struct lwsac **ac;		/**< if not NULL, memory is taken from here, and freed with
						 * lws_spa_destroy(). The values are limited by max_storage each */
	size_t ac_chunk_size;		/**< size of its chunks, 0 for the default */
} lws_spa_create_info_t;

/**
 * lws_spa_create_via_info() - make a parser for the body of a request
 *
 * \param wsi: the connection
 * \param info: the arguments; copied, what they point to is not
 *
 * Returns the parser, or NULL if there is no memory.
 */
LWS_VISIBLE LWS_EXTERN struct lws_spa *
lws_spa_create_via_info(struct lws *wsi, const lws_spa_create_info_t *info);

/**
 * lws_spa_process() - parse a piece of the body
 *
 * \param spa: the parser
 * \param in: the piece
 * \param len: its length
 *
 * What follows the end of the form is ignored. Fields of other names are skipped, whatever their size.
 *
 * Returns 0; -1 if the body is wrong, a value does not fit, the file function failed, or \p spa is NULL. Then the
 * request should be given up.
 */
LWS_VISIBLE LWS_EXTERN int
lws_spa_process(struct lws_spa *spa, const char *in, int len);

/**
 * lws_spa_finalize() - the body is complete
 *
 * \param spa: the parser
 *
 * The last value is there after this. The file function is called with LWS_UFS_CLOSE. A second call does nothing.
 * Returns 0, or -1 if the body was incomplete.
 */
LWS_VISIBLE LWS_EXTERN int
lws_spa_finalize(struct lws_spa *spa);

/**
 * lws_spa_get_length() - length of a field's value
 *
 * \param spa: the parser
 * \param n: index of the field in param_names
 *
 * 0 if the form did not have it.
 */
LWS_VISIBLE LWS_EXTERN int
lws_spa_get_length(struct lws_spa *spa, int n);

/**
 * lws_spa_get_string() - value of a field
 *
 * \param spa: the parser
 * \param n: index of the field in param_names
 *
 * Returns the value, NUL-terminated, valid until the parser is destroyed. NULL if the form did not have it or it was
 * empty. Of several with the same name it is the first.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_spa_get_string(struct lws_spa *spa, int n);

/**
 * lws_spa_destroy() - free a parser
 *
 * \param spa: the parser, finalized or not; nothing happens if NULL
 *
 * Returns 0.
 */
LWS_VISIBLE LWS_EXTERN int
lws_spa_destroy(struct lws_spa *spa);

#endif
