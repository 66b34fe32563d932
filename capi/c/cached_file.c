#include "chunks.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>

/* No more often than so many seconds the file is looked at. */
#define TRUST_SECONDS 5

/* Stands before the content, which is alone in its lwsac. */
struct cached_file {
	struct lwsac *chunk;
	struct timespec modified;
	off_t size;
	ino_t inode;
	time_t looked;
};

static struct cached_file *file_of(lwsac_cached_file_t content)
{
	return (struct cached_file *)content - 1;
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return now.tv_sec;
}

void lwsac_use_cached_file_start(lwsac_cached_file_t cache)
{
	lwsac_reference(file_of(cache)->chunk);
}

void lwsac_use_cached_file_end(lwsac_cached_file_t *cache)
{
	struct lwsac *chunk;

	if (!cache || !*cache)
		return;

	chunk = file_of(*cache)->chunk;
	lwsac_unreference(&chunk);
	if (!chunk)
		*cache = NULL;
}

void lwsac_use_cached_file_detach(lwsac_cached_file_t *cache)
{
	struct lwsac *chunk;

	if (!*cache)
		return;

	chunk = file_of(*cache)->chunk;
	lwsac_detach(&chunk);
	if (!chunk)
		*cache = NULL;
}

static int read_whole(int fd, uint8_t *buf, size_t len)
{
	while (len) {
		ssize_t n = read(fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		buf += n;
		len -= (size_t)n;
	}

	return 0;
}

static lwsac_cached_file_t load(int fd, const struct stat *status)
{
	size_t size = sizeof(struct cached_file) + (size_t)status->st_size + 1;
	struct lwsac *chunk = NULL;
	struct cached_file *file = lwsac_use(&chunk, size, size);

	if (!file)
		return NULL;

	file->chunk = chunk;
	file->modified = status->st_mtim;
	file->size = status->st_size;
	file->inode = status->st_ino;
	file->looked = seconds();
	if (read_whole(fd, (uint8_t *)(file + 1), (size_t)status->st_size)) {
		lwsac_free(&chunk);
		return NULL;
	}
	((uint8_t *)(file + 1))[status->st_size] = '\0';

	return (lwsac_cached_file_t)(file + 1);
}

static int unchanged(const struct cached_file *file, const struct stat *status)
{
	return file->size == status->st_size && file->inode == status->st_ino &&
	       file->modified.tv_sec == status->st_mtim.tv_sec && file->modified.tv_nsec == status->st_mtim.tv_nsec;
}

int lwsac_cached_file(const char *filepath, lwsac_cached_file_t *cache, size_t *len)
{
	lwsac_cached_file_t old = *cache, new = NULL;
	struct stat status;
	int fd;

	if (old && seconds() - file_of(old)->looked < TRUST_SECONDS)
		return 0;

	fd = lws_open(filepath, O_RDONLY);
	if (fd < 0 || fstat(fd, &status)) {
		lwsl_err("%s: %s: %s\n", __func__, filepath, strerror(errno));
		if (fd >= 0)
			close(fd);
		return 1;
	}

	if (old && unchanged(file_of(old), &status)) {
		close(fd);
		file_of(old)->looked = seconds();
		return 0;
	}

	new = load(fd, &status);
	close(fd);
	if (!new) {
		lwsl_err("%s: %s cannot be read\n", __func__, filepath);
		return 1;
	}

	*cache = new;
	*len = (size_t)status.st_size;
	if (old)
		lwsac_use_cached_file_detach(&old);

	return 0;
}
