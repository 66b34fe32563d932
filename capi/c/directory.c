#define _GNU_SOURCE /* asprintf, DT_ */
#include <libwebsockets.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static int is_shown(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && !strchr(entry->d_name, '~');
}

static lws_dir_obj_type_t type_of_mode(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return LDOT_FILE;
	case S_IFDIR:
		return LDOT_DIR;
	case S_IFLNK:
		return LDOT_LINK;
	case S_IFIFO:
		return LDOT_FIFO;
	case S_IFSOCK:
		return LDOTT_SOCKET;
	case S_IFCHR:
		return LDOT_CHAR;
	case S_IFBLK:
		return LDOT_BLOCK;
	}

	return LDOT_UNKNOWN;
}

/* NULL without memory */
static char *join(const char *directory, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) >= 0)
		return path;
	lwsl_err("%s: out of memory\n", __func__);

	return NULL;
}

static lws_dir_obj_type_t type_of(const char *directory, const struct dirent *entry)
{
	lws_dir_obj_type_t type = LDOT_UNKNOWN;
	struct stat status;
	char *path;

	if (entry->d_type != DT_UNKNOWN)
		return type_of_mode(DTTOIF(entry->d_type));

	/* not every file system says it in the directory */
	path = join(directory, entry->d_name);
	if (path && !lstat(path, &status))
		type = type_of_mode(status.st_mode);
	free(path);

	return type;
}

int lws_dir(const char *dirpath, void *user, lws_dir_callback_function cb)
{
	struct dirent **entries;
	struct lws_dir_entry shown;
	int count, n, stopped = 0;

	count = scandir(dirpath, &entries, is_shown, alphasort);
	if (count < 0) {
		lwsl_err("%s: %s: %s\n", __func__, dirpath, strerror(errno));
		return 1;
	}

	for (n = 0; n < count; n++) {
		if (!stopped) {
			shown.name = entries[n]->d_name;
			shown.type = type_of(dirpath, entries[n]);
			stopped = cb(dirpath, user, &shown);
		}
		free(entries[n]);
	}
	free(entries);

	return !stopped;
}

int lws_dir_rm_rf_cb(const char *dirpath, void *user, struct lws_dir_entry *lde)
{
	char *path = join(dirpath, lde->name);

	(void)user;

	if (!path)
		return 0;

	if (lde->type == LDOT_DIR)
		lws_dir(path, NULL, lws_dir_rm_rf_cb);
	if (lde->type == LDOT_DIR ? rmdir(path) : unlink(path))
		lwsl_warn("%s: %s: %s\n", __func__, path, strerror(errno));
	free(path);

	return 0;
}

int lws_dir_glob_cb(const char *dirpath, void *user, struct lws_dir_entry *lde)
{
	lws_dir_glob_t *glob = user;
	char *path;

	if (lde->type == LDOT_DIR || lws_strcmp_wildcard(glob->filter, strlen(glob->filter), lde->name))
		return 0;

	path = join(dirpath, lde->name);
	if (path)
		glob->cb(glob->user, path);
	free(path);

	return 0;
}
