#ifndef GOLWS_LWS_SETTINGS_H
#define GOLWS_LWS_SETTINGS_H

/** \defgroup settings Settings in storage that survives a restart
 *
 * Blobs of any size with names, kept in flash, files or whatever the platform has. lws_settings_ops_t is what
 * an implementation provides. Devices use it for the networks they know, for instance.
 */
///@{

/** For implementations: opened for writing. */
#define LSOOPEN_FLAG_WRITEABLE (1 << 0)

struct lws_settings_ops;

/** A storage in use. */
typedef struct {
	void				*handle_plat;	/**< of the implementation */
	const struct lws_settings_ops	*so;		/**< the implementation */
	uint8_t				refcount;	/**< how many use it */
	void				*opaque_plat;	/**< as given to lws_settings_init() */
} lws_settings_instance_t;

/** An implementation. */
typedef struct lws_settings_ops {
	int (*get)(lws_settings_instance_t *si, const char *name,
		   uint8_t *dest, size_t *max_actual);	/**< reads a blob, as lws_settings_plat_get() */
	int (*set)(lws_settings_instance_t *si, const char *name,
		   const uint8_t *src, size_t len);	/**< stores a blob, as lws_settings_plat_set() */
} lws_settings_ops_t;

/**
 * lws_settings_plat_get() - read a blob
 *
 * \param si: the storage
 * \param name: name of the blob
 * \param dest: gets its first bytes, as many as there is room for; NULL: only its size is wanted
 * \param max_actual: says how large dest is; gets the size of the whole blob, bytes
 *
 * Returns 0, or nonzero if there is no such blob or it cannot be read.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_settings_plat_get(lws_settings_instance_t *si, const char *name,
		      uint8_t *dest, size_t *max_actual);

/**
 * lws_settings_plat_set() - store a blob
 *
 * \param si: the storage
 * \param name: name of the blob; one of that name is replaced
 * \param src: the bytes
 * \param len: how many
 *
 * Returns 0 or nonzero if it cannot be stored.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_settings_plat_set(lws_settings_instance_t *si, const char *name,
		      const uint8_t *src, size_t len);

/**
 * lws_settings_plat_printf() - store a text
 *
 * \param si: the storage
 * \param name: name of the blob; one of that name is replaced
 * \param format: as for printf(), for a text of any length
 *
 * Returns 0 or nonzero if it cannot be stored.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_settings_plat_printf(lws_settings_instance_t *si, const char *name,
			 const char *format, ...) LWS_FORMAT(3);

/** Members for the initialiser of a lws_settings_ops_t: the platform's implementation. */
#define lws_settings_ops_plat \
	.get = lws_settings_plat_get, \
	.set = lws_settings_plat_set,

/**
 * lws_settings_init() - use a storage
 *
 * \param so: the implementation, which must stay
 * \param opaque_plat: which storage, in the implementation's terms
 *
 * Returns an object that lws_settings_deinit() frees, or NULL if there is no memory.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN lws_settings_instance_t *
lws_settings_init(const lws_settings_ops_t *so, void *opaque_plat);

/**
 * lws_settings_deinit() - end using a storage
 *
 * \param si: points to the object; set to NULL
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_settings_deinit(lws_settings_instance_t **si);
///@}

#endif
