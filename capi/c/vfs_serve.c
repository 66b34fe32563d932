/* Files to be served from file operations of the program's own; the engine opens the others itself. */
#include "private.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file of the platform goes on as a descriptor of the engine's. */
static int take_descriptor(lws_fop_fd_t file, struct golws_served_file *served)
{
	struct stat status;

	served->descriptor = fcntl(file->fd, F_DUPFD_CLOEXEC, 3);
	if (served->descriptor < 0)
		return GOLWS_FILE_ABSENT;
	if (!fstat(served->descriptor, &status)) {
		served->size = status.st_size;
		served->modified = status.st_mtime;
		if (S_ISREG(status.st_mode))
			return GOLWS_FILE_REGULAR;
	}
	close(served->descriptor);
	served->descriptor = -1;
	return S_ISDIR(status.st_mode) ? GOLWS_FILE_DIRECTORY : GOLWS_FILE_ABSENT;
}

int golws_served_open(struct lws_context *context, const char *path, struct golws_served_file *served)
{
	lws_fop_flags_t flags = LWS_O_RDONLY;
	lws_fop_fd_t file = lws_vfs_file_open(context->fops, path, &flags);
	int kind;

	served->descriptor = -1;
	served->file = NULL;
	if (!file)
		return GOLWS_FILE_ABSENT;
	if (file->fops->LWS_FOP_READ == _lws_plat_file_read && file->fd != LWS_INVALID_FILE) {
		kind = take_descriptor(file, served);
		lws_vfs_file_close(&file);
		return kind;
	}
	served->file = file;
	served->size = (int64_t)file->len;
	served->modified = flags & LWS_FOP_FLAG_MOD_TIME_VALID ? file->mod_time : 0;
	return GOLWS_FILE_REGULAR;
}

int golws_served_read(struct golws_served_file *served, void *buffer)
{
	lws_fop_fd_t file = served->file;
	lws_filepos_t at = 0, n;
	int failed = 0;

	while (!failed && at < (lws_filepos_t)served->size) {
		n = 0;
		failed = lws_vfs_file_read(file, &n, (uint8_t *)buffer + at, (lws_filepos_t)served->size - at) < 0 || !n;
		at += n;
	}
	lws_vfs_file_close(&file);
	return failed;
}
