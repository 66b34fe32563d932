/*
 * A cache of files on disk. A scan goes through the 256 directories, some in each call of lws_diskcache_trim(), adds up
 * sizes and keeps the oldest files it has seen; at its end these are removed, the oldest first, until the rest is within
 * the limit.
 */
#include <libwebsockets.h>
#include <dirent.h>
#include <stdatomic.h>

#include "allocate.h"

/* More than that are not removed after one scan. */
enum { OLDEST = 128 };

enum { DIRECTORIES = 256, DIRECTORIES_IN_A_HURRY = 16, LONGEST_WAIT = 3600 };

#define DEFAULT_LIMIT (256 * 1024 * (uint64_t)1024)

struct old_file {
	struct timespec used;
	uint64_t size;
	int directory;
	char name[NAME_MAX + 1];
};

struct lws_diskcache_scan {
	const char *base;
	uint64_t limit;
	uint64_t size;			/* of all files that the present scan has seen */
	time_t finished;		/* the last scan, seconds of CLOCK_MONOTONIC */
	int wait;			/* seconds from then to the next one */
	int hurry;			/* the last scan found too much */
	int directory;			/* the next one to look at */
	int count;
	struct old_file *oldest;	/* while a scan goes on, the oldest first */
};

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

struct lws_diskcache_scan *lws_diskcache_create(const char *cache_dir_base, uint64_t cache_size_limit)
{
	struct lws_diskcache_scan *lds = golws_zalloc(sizeof(*lds), "diskcache");

	if (!lds)
		return NULL;
	lds->base = cache_dir_base;
	lds->limit = cache_size_limit ? cache_size_limit : DEFAULT_LIMIT;

	return lds;
}

void lws_diskcache_destroy(struct lws_diskcache_scan **lds)
{
	if (!lds || !*lds)
		return;
	golws_free((*lds)->oldest);
	golws_free(*lds);
	*lds = NULL;
}

static int prepare_directory(const char *path, int mode, uid_t uid)
{
	struct stat status;

	if (mkdir(path, (mode_t)mode) && errno != EEXIST) {
		lwsl_err("%s: %s: %s\n", __func__, path, strerror(errno));
		return 1;
	}
	/* what was there already may belong to somebody else, and mkdir() minds the umask */
	if (stat(path, &status) || !S_ISDIR(status.st_mode) ||
	    ((status.st_mode & 07777) != (mode_t)mode && chmod(path, (mode_t)mode)) ||
	    (status.st_uid != uid && chown(path, uid, (gid_t)-1))) {
		lwsl_err("%s: %s cannot be used: %s\n", __func__, path, strerror(errno));
		return 1;
	}

	return 0;
}

static const char digits[] = "0123456789abcdef";

int lws_diskcache_prepare(const char *cache_base_dir, int mode, uid_t uid)
{
	char path[PATH_MAX];
	int n, m, used;

	if (strlen(cache_base_dir) + 5 > sizeof(path) || prepare_directory(cache_base_dir, mode, uid))
		return 1;
	for (n = 0; n < 16; n++) {
		used = lws_snprintf(path, sizeof(path), "%s/%c", cache_base_dir, digits[n]);
		if (prepare_directory(path, mode, uid))
			return 1;
		for (m = 0; m < 16; m++) {
			lws_snprintf(path + used, sizeof(path) - (size_t)used, "/%c", digits[m]);
			if (prepare_directory(path, mode, uid))
				return 1;
		}
	}

	return 0;
}

/* Only digits: a name from outside must not lead elsewhere. */
static int is_hash(const char *text)
{
	size_t length = strspn(text, "0123456789abcdefABCDEF");

	return length >= 2 && !text[length] && length < NAME_MAX / 2;
}

static char lower(char digit)
{
	return digit >= 'A' && digit <= 'F' ? (char)(digit - 'A' + 'a') : digit;
}

static int find(const char *path, int *_fd, size_t *length)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	if (fstat(fd, &status) || !S_ISREG(status.st_mode)) {
		close(fd);
		return 0;
	}
	/* used now; another user's file stays as old as it is */
	(void)!utimensat(AT_FDCWD, path, NULL, 0);
	*length = (size_t)status.st_size;
	*_fd = fd;

	return 1;
}

int lws_diskcache_query(struct lws_diskcache_scan *lds, int is_bot, const char *hash_hex, int *_fd, char *cache,
			int cache_len, size_t *extant_cache_len)
{
	static atomic_uint number;
	int used;

	*_fd = -1;
	if (!lds->base || cache_len <= 0 || !is_hash(hash_hex))
		return LWS_DISKCACHE_QUERY_NO_CACHE;

	used = snprintf(cache, (size_t)cache_len, "%s/%c/%c/%s", lds->base, lower(hash_hex[0]), lower(hash_hex[1]), hash_hex);
	if (used < 0 || used >= cache_len)
		return LWS_DISKCACHE_QUERY_NO_CACHE;
	if (find(cache, _fd, extant_cache_len))
		return LWS_DISKCACHE_QUERY_EXISTS;
	if (is_bot)
		return LWS_DISKCACHE_QUERY_NO_CACHE;

	if (snprintf(cache + used, (size_t)(cache_len - used), "~%d-%u", (int)getpid(), atomic_fetch_add(&number, 1)) >=
	    cache_len - used)
		return LWS_DISKCACHE_QUERY_NO_CACHE;
	*_fd = open(cache, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (*_fd < 0) {
		lwsl_notice("%s: %s: %s\n", __func__, cache, strerror(errno));
		return LWS_DISKCACHE_QUERY_NO_CACHE;
	}

	return LWS_DISKCACHE_QUERY_CREATING;
}

int lws_diskcache_finalize_name(char *cache)
{
	char *mark = strrchr(cache, '~'), temporary[PATH_MAX];

	if (!mark || strchr(mark, '/') || strlen(cache) >= sizeof(temporary))
		return 1;
	strcpy(temporary, cache);
	*mark = '\0';
	if (rename(temporary, cache)) {
		lwsl_err("%s: %s: %s\n", __func__, temporary, strerror(errno));
		*mark = '~';
		return 1;
	}

	return 0;
}

static int is_older(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

/* Keeps a file among the oldest if it is one of them. */
static void see(struct lws_diskcache_scan *lds, const char *name, const struct stat *status)
{
	int at = lds->count;

	lds->size += (uint64_t)status->st_size;
	if (lds->count == OLDEST) {
		if (!is_older(&status->st_mtim, &lds->oldest[OLDEST - 1].used))
			return;
		at--;
	} else
		lds->count++;
	for (; at && is_older(&status->st_mtim, &lds->oldest[at - 1].used); at--)
		lds->oldest[at] = lds->oldest[at - 1];

	lds->oldest[at].used = status->st_mtim;
	lds->oldest[at].size = (uint64_t)status->st_size;
	lds->oldest[at].directory = lds->directory;
	lws_strncpy(lds->oldest[at].name, name, sizeof(lds->oldest[at].name));
}

static int directory_path(const struct lws_diskcache_scan *lds, int directory, char *path, size_t size)
{
	int n = snprintf(path, size, "%s/%c/%c", lds->base, digits[directory >> 4], digits[directory & 15]);

	return n < 0 || (size_t)n >= size;
}

static int scan_directory(struct lws_diskcache_scan *lds)
{
	char path[PATH_MAX];
	struct dirent *entry;
	struct stat status;
	DIR *directory;

	directory = directory_path(lds, lds->directory, path, sizeof(path)) ? NULL : opendir(path);
	if (!directory) {
		lwsl_err("%s: %s/%c/%c cannot be read\n", __func__, lds->base, digits[lds->directory >> 4], digits[lds->directory & 15]);
		return -1;
	}
	while ((entry = readdir(directory)))
		if (!fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) && S_ISREG(status.st_mode))
			see(lds, entry->d_name, &status);
	closedir(directory);

	return 0;
}

static void remove_oldest(struct lws_diskcache_scan *lds)
{
	char path[PATH_MAX], file[PATH_MAX + NAME_MAX + 1];
	int n;

	for (n = 0; n < lds->count && lds->size > lds->limit; n++) {
		const struct old_file *old = &lds->oldest[n];

		if (directory_path(lds, old->directory, path, sizeof(path)))
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, old->name);
		if (unlink(file))
			lwsl_notice("%s: %s: %s\n", __func__, file, strerror(errno));
		else
			lds->size -= old->size;
	}
}

/* The emptier, the later the next scan: none is needed soon where a tenth more would not matter. */
static void finish(struct lws_diskcache_scan *lds)
{
	uint64_t more;

	remove_oldest(lds);
	golws_free(lds->oldest);
	lds->oldest = NULL;
	lds->directory = 0;
	lds->finished = now();
	lds->hurry = lds->size > lds->limit;
	lds->wait = lds->hurry ? 0 : 1;
	more = lds->size + lds->size / 10;
	if (more < lds->limit)
		lds->wait += (int)((double)LONGEST_WAIT * (double)(lds->limit - more) / (double)lds->limit);
	if (lds->wait > LONGEST_WAIT)
		lds->wait = LONGEST_WAIT;
}

int lws_diskcache_trim(struct lws_diskcache_scan *lds)
{
	int n, result = 0;

	if (!lds->base)
		return -1;
	if (!lds->directory) {
		if (lds->finished && now() < lds->finished + lds->wait)
			return 0;
		if (!lds->oldest)
			lds->oldest = golws_realloc(NULL, OLDEST * sizeof(*lds->oldest), "diskcache scan");
		if (!lds->oldest)
			return 1;
		lds->size = 0;
		lds->count = 0;
	}

	for (n = 0; n < (lds->hurry ? DIRECTORIES_IN_A_HURRY : 1) && lds->directory < DIRECTORIES; n++) {
		if (scan_directory(lds))
			result = -1;
		lds->directory++;
	}
	if (lds->directory == DIRECTORIES)
		finish(lds);

	return result;
}

int lws_diskcache_secs_to_idle(struct lws_diskcache_scan *lds)
{
	return lds->wait;
}
