#ifndef GOLWS_LWS_VFS_H
#define GOLWS_LWS_VFS_H

/** @file
 * Files through replaceable operations.
 *
 * The library opens the files that it serves with the operations of the context, those of the platform
 * first (lws_get_fops()). A program can put others behind them that serve names below a file of theirs, such as
 * what is in an archive: see struct lws_fops_index. lws_set_fops() replaces all.
 */

#if defined(LWS_WITH_FILE_OPS)

/* Programs that were built where open and close are macros use these names of the members. */
#define LWS_FOP_OPEN		open
#define LWS_FOP_CLOSE		close
#define LWS_FOP_SEEK_CUR	seek_cur
#define LWS_FOP_READ		read
#define LWS_FOP_WRITE		write

/** The bits of lws_fop_flags_t that are flags of open(2). */
#define LWS_FOP_FLAGS_MASK		((1 << 23) - 1)
/** In: whoever wants the file accepts it gzipped. */
#define LWS_FOP_FLAG_COMPR_ACCEPTABLE_GZIP (1 << 24)
/** Out: it is gzipped. */
#define LWS_FOP_FLAG_COMPR_IS_GZIP	(1 << 25)
/** Out: mod_time is set. */
#define LWS_FOP_FLAG_MOD_TIME_VALID	(1 << 26)
/** Out: it is not a file of the platform; fd means nothing. */
#define LWS_FOP_FLAG_VIRTUAL		(1 << 27)

struct lws_plat_file_ops;

/** An open file. */
struct lws_fop_fd {
	lws_filefd_type			fd;	/**< the platform's descriptor */
	const struct lws_plat_file_ops	*fops;	/**< the operations that opened it */
	void				*filesystem_priv; /**< whatever they need */
	lws_filepos_t			pos;	/**< where in the content it is */
	lws_filepos_t			len;	/**< length of the content */
	lws_fop_flags_t			flags;	/**< LWS_FOP_FLAG_ and flags of open(2) */
	uint32_t			mod_time; /**< time of modification, seconds since 1970 */
};
typedef struct lws_fop_fd *lws_fop_fd_t;

/** Says which names are for the operations: those that contain sig just before a '/'. */
struct lws_fops_index {
	const char *sig;	/**< e.g. ".zip/" with the '/' */
	uint8_t	len;		/**< its length */
};

/** Operations on files. Those that a program does not have may be NULL if nobody calls them. */
struct lws_plat_file_ops {
	/**
	 * Open. fops is the context's first (the platform's, for opening what the name is in), filename the whole
	 * name, vpath what follows sig in it. flags may be changed. NULL on failure.
	 */
	lws_fop_fd_t (*LWS_FOP_OPEN)(const struct lws_plat_file_ops *fops,
				     const char *filename, const char *vpath,
				     lws_fop_flags_t *flags);
	/** Close and free; set *fop_fd to NULL. 0, or nonzero on failure. */
	int (*LWS_FOP_CLOSE)(lws_fop_fd_t *fop_fd);
	/** Move by an offset. The new position, or -1. */
	lws_fileofs_t (*LWS_FOP_SEEK_CUR)(lws_fop_fd_t fop_fd,
					  lws_fileofs_t offset_from_cur_pos);
	/** Read up to len bytes; *amount is how many. 0, or -1 on failure. */
	int (*LWS_FOP_READ)(lws_fop_fd_t fop_fd, lws_filepos_t *amount,
			    uint8_t *buf, lws_filepos_t len);
	/** Write up to len bytes; *amount is how many. 0, or -1 on failure. */
	int (*LWS_FOP_WRITE)(lws_fop_fd_t fop_fd, lws_filepos_t *amount,
			     uint8_t *buf, lws_filepos_t len);

	struct lws_fops_index fi[3];	/**< the names that are for these; sig NULL ends it */

	const struct lws_plat_file_ops *next; /**< further operations, NULL at the end */
};

/**
 * lws_get_fops() - operations of a context
 *
 * \param context: the context
 *
 * Returns the first; it belongs to the context unless lws_set_fops() set it.
 */
LWS_VISIBLE LWS_EXTERN struct lws_plat_file_ops * LWS_WARN_UNUSED_RESULT
lws_get_fops(struct lws_context *context);

/**
 * lws_set_fops() - replace the operations of a context
 *
 * \param context: the context
 * \param fops: the operations; they must stay while the context lives
 */
LWS_VISIBLE LWS_EXTERN void
lws_set_fops(struct lws_context *context, const struct lws_plat_file_ops *fops);

/**
 * lws_vfs_tell() - position of an open file
 *
 * \param fop_fd: the file
 *
 * Returns bytes from the start.
 */
LWS_VISIBLE LWS_EXTERN lws_filepos_t LWS_WARN_UNUSED_RESULT
lws_vfs_tell(lws_fop_fd_t fop_fd);

/**
 * lws_vfs_get_length() - length of an open file
 *
 * \param fop_fd: the file
 *
 * Returns bytes.
 */
LWS_VISIBLE LWS_EXTERN lws_filepos_t LWS_WARN_UNUSED_RESULT
lws_vfs_get_length(lws_fop_fd_t fop_fd);

/**
 * lws_vfs_get_mod_time() - time of modification of an open file
 *
 * \param fop_fd: the file
 *
 * Returns seconds since 1970; 0 if it is not known.
 */
LWS_VISIBLE LWS_EXTERN uint32_t LWS_WARN_UNUSED_RESULT
lws_vfs_get_mod_time(lws_fop_fd_t fop_fd);

/**
 * lws_vfs_file_seek_set() - move to a position
 *
 * \param fop_fd: the file
 * \param offset: the position, from the start
 *
 * Returns the new position, or -1. With the platform's files, positions outside of the file become its start
 * or end.
 */
LWS_VISIBLE LWS_EXTERN lws_fileofs_t
lws_vfs_file_seek_set(lws_fop_fd_t fop_fd, lws_fileofs_t offset);

/**
 * lws_vfs_file_seek_end() - move to a position, from the end
 *
 * \param fop_fd: the file
 * \param offset: the position, from the end: 0 or negative
 *
 * Returns the new position, or -1.
 */
LWS_VISIBLE LWS_EXTERN lws_fileofs_t
lws_vfs_file_seek_end(lws_fop_fd_t fop_fd, lws_fileofs_t offset);

/**
 * lws_vfs_file_open() - open a file, with the operations that its name is for
 *
 * \param fops: the operations, lws_get_fops()
 * \param vfs_path: the name
 * \param flags: flags of open(2) and LWS_FOP_FLAG_COMPR_ACCEPTABLE_GZIP; changed to what holds for the file
 *
 * Returns the file, which lws_vfs_file_close() closes, or NULL.
 */
LWS_VISIBLE LWS_EXTERN lws_fop_fd_t LWS_WARN_UNUSED_RESULT
lws_vfs_file_open(const struct lws_plat_file_ops *fops, const char *vfs_path,
		  lws_fop_flags_t *flags);

/** lws_vfs_file_close() - close a file; *fop_fd becomes NULL. 0, or nonzero on failure; 0 if it is NULL already */
static LWS_INLINE int
lws_vfs_file_close(lws_fop_fd_t *fop_fd)
{
	if (*fop_fd && (*fop_fd)->fops)
		return (*fop_fd)->fops->LWS_FOP_CLOSE(fop_fd);

	return 0;
}

/** lws_vfs_file_seek_cur() - move by an offset. The new position, or -1 */
static LWS_INLINE lws_fileofs_t
lws_vfs_file_seek_cur(lws_fop_fd_t fop_fd, lws_fileofs_t offset)
{
	return fop_fd->fops->LWS_FOP_SEEK_CUR(fop_fd, offset);
}

/** lws_vfs_file_read() - read up to len bytes into buf; *amount becomes how many, 0 at the end. 0, or -1 on failure */
static LWS_INLINE int LWS_WARN_UNUSED_RESULT
lws_vfs_file_read(lws_fop_fd_t fop_fd, lws_filepos_t *amount,
		  uint8_t *buf, lws_filepos_t len)
{
	return fop_fd->fops->LWS_FOP_READ(fop_fd, amount, buf, len);
}

/** lws_vfs_file_write() - write up to len bytes from buf; *amount becomes how many. 0, or -1 on failure */
static LWS_INLINE int LWS_WARN_UNUSED_RESULT
lws_vfs_file_write(lws_fop_fd_t fop_fd, lws_filepos_t *amount,
		   uint8_t *buf, lws_filepos_t len)
{
	return fop_fd->fops->LWS_FOP_WRITE(fop_fd, amount, buf, len);
}

/**
 * _lws_plat_file_open() - open of the platform's operations, for programs that wrap them
 *
 * \param fops: the operations that the file is to have
 * \param filename: the file
 * \param vpath: not used
 * \param flags: flags of open(2) in the bits of LWS_FOP_FLAGS_MASK; LWS_FOP_FLAG_MOD_TIME_VALID is added
 *
 * Returns the file, which close of its operations frees; NULL on failure.
 */
LWS_VISIBLE LWS_EXTERN lws_fop_fd_t
_lws_plat_file_open(const struct lws_plat_file_ops *fops, const char *filename,
		    const char *vpath, lws_fop_flags_t *flags);

/**
 * _lws_plat_file_close() - close of the platform's operations
 *
 * \param fop_fd: points to the file; set to NULL
 *
 * Returns 0, -1 on failure, with errno; the file is closed in either case.
 */
LWS_VISIBLE LWS_EXTERN int
_lws_plat_file_close(lws_fop_fd_t *fop_fd);

/**
 * _lws_plat_file_seek_cur() - seek of the platform's operations; does not leave the file
 *
 * \param fop_fd: the file
 * \param offset: how far, bytes; negative: back
 *
 * Returns the new position, -1 on failure.
 */
LWS_VISIBLE LWS_EXTERN lws_fileofs_t
_lws_plat_file_seek_cur(lws_fop_fd_t fop_fd, lws_fileofs_t offset);

/**
 * _lws_plat_file_read() - read of the platform's operations
 *
 * \param fop_fd: the file
 * \param amount: gets how many bytes were read, 0 at the end
 * \param buf: gets the bytes
 * \param len: how many at most
 *
 * Returns 0, -1 on failure.
 */
LWS_VISIBLE LWS_EXTERN int
_lws_plat_file_read(lws_fop_fd_t fop_fd, lws_filepos_t *amount,
		    uint8_t *buf, lws_filepos_t len);

/**
 * _lws_plat_file_write() - write of the platform's operations
 *
 * \param fop_fd: the file
 * \param amount: gets how many bytes were written
 * \param buf: the bytes
 * \param len: how many
 *
 * Returns 0, -1 on failure.
 */
LWS_VISIBLE LWS_EXTERN int
_lws_plat_file_write(lws_fop_fd_t fop_fd, lws_filepos_t *amount,
		     uint8_t *buf, lws_filepos_t len);

/**
 * Operations on what is in a zip archive: files below a name that contains ".zip/".
 *
 * Not in this configuration.
 */
extern struct lws_plat_file_ops fops_zip;

/**
 * lws_alloc_vfs_file() - read a file whole
 *
 * \param context: the context, for its operations
 * \param filename: the file
 * \param buf: gets the content, with a NUL byte behind it that does not count; free() it
 * \param amount: gets its length, bytes
 *
 * Returns 0, nonzero for an error; nothing has to be freed then.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_alloc_vfs_file(struct lws_context *context, const char *filename,
		   uint8_t **buf, lws_filepos_t *amount);

#endif

#endif
