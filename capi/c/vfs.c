#include "vfs.h"

#include <errno.h>
#include <sys/stat.h>

#include "allocate.h"

void golws_platform_file_ops(struct lws_plat_file_ops *ops, const struct lws_plat_file_ops *next)
{
	*ops = (struct lws_plat_file_ops){
		.open = _lws_plat_file_open,
		.close = _lws_plat_file_close,
		.seek_cur = _lws_plat_file_seek_cur,
		.read = _lws_plat_file_read,
		.write = _lws_plat_file_write,
		.next = next,
	};
}

lws_filepos_t lws_vfs_tell(lws_fop_fd_t fop_fd)
{
	return fop_fd->pos;
}

lws_filepos_t lws_vfs_get_length(lws_fop_fd_t fop_fd)
{
	return fop_fd->len;
}

uint32_t lws_vfs_get_mod_time(lws_fop_fd_t fop_fd)
{
	return fop_fd->mod_time;
}

lws_fileofs_t lws_vfs_file_seek_set(lws_fop_fd_t fop_fd, lws_fileofs_t offset)
{
	return lws_vfs_file_seek_cur(fop_fd, offset - (lws_fileofs_t)fop_fd->pos);
}

lws_fileofs_t lws_vfs_file_seek_end(lws_fop_fd_t fop_fd, lws_fileofs_t offset)
{
	return lws_vfs_file_seek_cur(fop_fd, (lws_fileofs_t)(fop_fd->len - fop_fd->pos) + offset);
}

/* Does the name up to the slash end as one of the signatures that the operations are for? */
static int is_for(const struct lws_plat_file_ops *ops, const char *name, const char *slash)
{
	size_t length = (size_t)(slash - name) + 1;
	unsigned int n;

	for (n = 0; n < sizeof(ops->fi) / sizeof(ops->fi[0]) && ops->fi[n].sig; n++)
		if (ops->fi[n].len <= length && !memcmp(slash + 1 - ops->fi[n].len, ops->fi[n].sig, ops->fi[n].len))
			return 1;

	return 0;
}

lws_fop_fd_t lws_vfs_file_open(const struct lws_plat_file_ops *fops, const char *vfs_path, lws_fop_flags_t *flags)
{
	const struct lws_plat_file_ops *ops;
	const char *slash = vfs_path;

	/* the first are for all the names that no others are for */
	for (slash = strchr(vfs_path, '/'); fops->next && slash; slash = strchr(slash + 1, '/'))
		for (ops = fops->next; ops; ops = ops->next)
			if (is_for(ops, vfs_path, slash))
				return ops->open(fops, vfs_path, slash + 1, flags);

	return fops->open(fops, vfs_path, NULL, flags);
}

lws_fop_fd_t _lws_plat_file_open(const struct lws_plat_file_ops *fops, const char *filename, const char *vpath,
				 lws_fop_flags_t *flags)
{
	int fd = lws_open(filename, (int)(*flags & LWS_FOP_FLAGS_MASK), 0664);
	struct stat status;
	lws_fop_fd_t file;

	(void)vpath;

	if (fd < 0)
		return NULL;

	file = fstat(fd, &status) ? NULL : golws_zalloc(sizeof(*file), "file");
	if (!file) {
		close(fd);
		return NULL;
	}

	*flags |= LWS_FOP_FLAG_MOD_TIME_VALID;
	file->fd = fd;
	file->fops = fops;
	file->len = (lws_filepos_t)status.st_size;
	file->flags = *flags;
	file->mod_time = (uint32_t)status.st_mtime;

	return file;
}

int _lws_plat_file_close(lws_fop_fd_t *fop_fd)
{
	int fd = (*fop_fd)->fd;

	golws_free(*fop_fd);
	*fop_fd = NULL;

	return close(fd);
}

lws_fileofs_t _lws_plat_file_seek_cur(lws_fop_fd_t fop_fd, lws_fileofs_t offset)
{
	lws_fileofs_t ahead = (lws_fileofs_t)(fop_fd->len - fop_fd->pos), behind = (lws_fileofs_t)fop_fd->pos;
	off_t now;

	if (offset > 0 && offset > ahead)
		offset = ahead;
	if (offset < -behind)
		offset = -behind;

	now = lseek(fop_fd->fd, (off_t)offset, SEEK_CUR);
	if (now < 0) {
		lwsl_err("%s: %s\n", __func__, strerror(errno));
		return -1;
	}
	fop_fd->pos = (lws_filepos_t)now;

	return now;
}

/* Takes over what a system call transferred. */
static int transferred(lws_fop_fd_t fop_fd, lws_filepos_t *amount, ssize_t n)
{
	*amount = n < 0 ? 0 : (lws_filepos_t)n;
	fop_fd->pos += *amount;

	return n < 0 ? -1 : 0;
}

int _lws_plat_file_read(lws_fop_fd_t fop_fd, lws_filepos_t *amount, uint8_t *buf, lws_filepos_t len)
{
	ssize_t n;

	do
		n = read(fop_fd->fd, buf, (size_t)len);
	while (n < 0 && errno == EINTR);

	return transferred(fop_fd, amount, n);
}

int _lws_plat_file_write(lws_fop_fd_t fop_fd, lws_filepos_t *amount, uint8_t *buf, lws_filepos_t len)
{
	ssize_t n;

	do
		n = write(fop_fd->fd, buf, (size_t)len);
	while (n < 0 && errno == EINTR);

	return transferred(fop_fd, amount, n);
}
