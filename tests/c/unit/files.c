/* Files, directories, and operations on files that a program brings */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <sys/stat.h>

static const char *path_of(const char *name)
{
	static char paths[4][512];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", test_directory(), name);

	return path;
}

static void test_whole_files(void)
{
	char buf[16], text[] = "0123456789";
	struct stat status;
	int fd;

	CHECK_INT(lws_plat_read_file(path_of("a"), buf, sizeof(buf)), -1);
	CHECK_INT(lws_plat_write_file(path_of("a"), text, 10), 0);
	REQUIRE(!stat(path_of("a"), &status));
	CHECK_INT(status.st_mode & 0777, 0600);
	CHECK_INT(lws_plat_read_file(path_of("a"), buf, sizeof(buf)), 10);
	CHECK_MEM(buf, 10, text, 10);
	CHECK_INT(lws_plat_read_file(path_of("a"), buf, 4), 4);
	CHECK_INT(lws_plat_write_file(path_of("a"), text, 3), 0);
	CHECK_INT(lws_plat_read_file(path_of("a"), buf, sizeof(buf)), 3);
	CHECK_INT(lws_plat_write_file(path_of("no/such"), text, 3), 1);
	CHECK_INT(lws_plat_read_file(test_directory(), buf, sizeof(buf)), -1);

	fd = lws_open(path_of("b"), O_RDWR | O_CREAT, 0640);
	REQUIRE(fd >= 0);
	CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	REQUIRE(!fstat(fd, &status));
	CHECK_INT(status.st_mode & 0727, 0600);
	CHECK_INT(lws_plat_write_cert(NULL, 0, fd, text, 10), 0);
	CHECK_INT(read(fd, buf, sizeof(buf)), 10);
	close(fd);
	CHECK_INT(lws_open(path_of("no/such"), O_RDONLY), -1);
	CHECK_INT(errno, ENOENT);
	CHECK(lws_plat_recommended_rsa_bits() >= 2048);
}

/* The operations of the platform as a program that wraps them gets them. */
static struct lws_plat_file_ops platform = {
	.open = _lws_plat_file_open, .close = _lws_plat_file_close, .seek_cur = _lws_plat_file_seek_cur,
	.read = _lws_plat_file_read, .write = _lws_plat_file_write,
};

static void test_platform_files(void)
{
	lws_fop_flags_t flags = LWS_O_CREAT | O_RDWR | LWS_O_TRUNC;
	lws_filepos_t amount;
	struct stat status;
	uint8_t buf[16];
	lws_fop_fd_t file;

	file = lws_vfs_file_open(&platform, path_of("f"), &flags);
	REQUIRE(file != NULL);
	CHECK_PTR(file->fops, &platform);
	CHECK_INT(lws_vfs_get_length(file), 0);
	memcpy(buf, "0123456789", 10);
	CHECK_INT(lws_vfs_file_write(file, &amount, buf, 10), 0);
	CHECK_INT(amount, 10);
	CHECK_INT(lws_vfs_tell(file), 10);
	CHECK_INT(lws_vfs_file_close(&file), 0);
	CHECK_PTR(file, NULL);
	CHECK_INT(lws_vfs_file_close(&file), 0);

	flags = LWS_O_RDONLY;
	file = lws_vfs_file_open(&platform, path_of("f"), &flags);
	REQUIRE(file != NULL);
	REQUIRE(!stat(path_of("f"), &status));
	CHECK(flags & LWS_FOP_FLAG_MOD_TIME_VALID);
	CHECK_INT(lws_vfs_get_mod_time(file), status.st_mtime);
	CHECK_INT(lws_vfs_get_length(file), 10);

	CHECK_INT(lws_vfs_file_seek_set(file, 4), 4);
	CHECK_INT(lws_vfs_file_read(file, &amount, buf, 3), 0);
	CHECK_MEM(buf, amount, "456", 3);
	CHECK_INT(lws_vfs_tell(file), 7);
	CHECK_INT(lws_vfs_file_seek_cur(file, -2), 5);
	CHECK_INT(lws_vfs_file_seek_cur(file, 100), 10);
	CHECK_INT(lws_vfs_file_read(file, &amount, buf, 3), 0);
	CHECK_INT(amount, 0);
	CHECK_INT(lws_vfs_file_seek_end(file, -1), 9);
	CHECK_INT(lws_vfs_file_seek_end(file, -4), 6);
	CHECK_INT(lws_vfs_file_seek_end(file, 0), 10);
	CHECK_INT(lws_vfs_file_seek_cur(file, -100), 0);
	CHECK_INT(lws_vfs_file_write(file, &amount, buf, 1), -1);
	CHECK_INT(amount, 0);
	CHECK_INT(lws_vfs_file_close(&file), 0);

	flags = LWS_O_RDONLY;
	CHECK_PTR(lws_vfs_file_open(&platform, path_of("none"), &flags), NULL);
}

static const struct lws_plat_file_ops *opened_with;
static char opened_name[64], opened_inside[64];

static lws_fop_fd_t open_archive(const struct lws_plat_file_ops *fops, const char *filename, const char *vpath,
				 lws_fop_flags_t *flags)
{
	(void)flags;
	opened_with = fops;
	lws_strncpy(opened_name, filename, sizeof(opened_name));
	lws_strncpy(opened_inside, vpath ? vpath : "(null)", sizeof(opened_inside));

	return NULL;
}

static lws_fop_fd_t open_plain(const struct lws_plat_file_ops *fops, const char *filename, const char *vpath,
			       lws_fop_flags_t *flags)
{
	open_archive(fops, filename, vpath, flags);
	strcpy(opened_inside, "plain");

	return NULL;
}

static void check_open(const struct lws_plat_file_ops *fops, const char *name, const char *inside)
{
	lws_fop_flags_t flags = 0;

	opened_with = NULL;
	CHECK_PTR(lws_vfs_file_open(fops, name, &flags), NULL);
	CHECK_PTR(opened_with, fops);
	CHECK_STR(opened_name, name);
	CHECK_STR(opened_inside, inside);
}

static void test_selection(void)
{
	struct lws_plat_file_ops archive = { .open = open_archive, .fi = { { ".zip/", 5 }, { ".jar/", 5 } } };
	struct lws_plat_file_ops first = { .open = open_plain, .next = &archive };

	check_open(&first, "/a/b.zip/c/d", "c/d");
	check_open(&first, "b.jar/c", "c");
	check_open(&first, "b.zip/", "");
	check_open(&first, "/a/b.zip", "plain");
	check_open(&first, "/a/b.zipper/c", "plain");
	check_open(&first, "/a/bzip/c", "plain");
	check_open(&first, "zip/c", "plain");
	check_open(&first, "noslash", "plain");
	first.next = NULL;
	check_open(&first, "/a/b.zip/c", "plain");
}

static char seen[512];

static int see(const char *dirpath, void *user, struct lws_dir_entry *lde)
{
	CHECK_STR(dirpath, test_directory());
	CHECK_PTR(user, seen);
	snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s:%d ", lde->name, lde->type);

	return !strcmp(lde->name, "stop");
}

static int see_path(void *data, const char *path)
{
	CHECK_PTR(data, seen);
	snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s ", path + strlen(test_directory()) + 1);

	return 0;
}

static void make(const char *name)
{
	char text[] = "x";

	REQUIRE_INT(lws_plat_write_file(path_of(name), text, 1), 0);
}

static void test_directories(void)
{
	lws_dir_glob_t glob = { .filter = "*.txt", .cb = see_path, .user = seen };
	char want[128];

	make("b.txt");
	make("a.txt");
	make("c.bin");
	make("backup~");
	REQUIRE(!mkdir(path_of("dir.txt"), 0700));
	REQUIRE(!symlink("b.txt", path_of("link")));
	REQUIRE(!mkfifo(path_of("pipe"), 0600));

	CHECK_INT(lws_dir(test_directory(), seen, see), 1);
	snprintf(want, sizeof(want), "a.txt:%d b.txt:%d c.bin:%d dir.txt:%d link:%d pipe:%d ", LDOT_FILE, LDOT_FILE,
		 LDOT_FILE, LDOT_DIR, LDOT_LINK, LDOT_FIFO);
	CHECK_STR(seen, want);

	make("stop");
	make("unseen");
	CHECK_INT(lws_dir(test_directory(), seen, see), 0);
	CHECK(!strstr(seen, "unseen"));
	lws_set_log_level(0, NULL);
	CHECK_INT(lws_dir(path_of("none"), seen, see), 1);

	seen[0] = '\0';
	CHECK_INT(lws_dir(test_directory(), &glob, lws_dir_glob_cb), 1);
	CHECK_STR(seen, "a.txt b.txt ");
	seen[0] = '\0';
	glob.filter = "c.bin";
	CHECK_INT(lws_dir(test_directory(), &glob, lws_dir_glob_cb), 1);
	CHECK_STR(seen, "c.bin ");
}

static void test_remove_all(void)
{
	struct stat status;

	REQUIRE(!mkdir(path_of("kept"), 0700));
	make("kept/file");
	REQUIRE(!mkdir(path_of("gone"), 0700));
	REQUIRE(!mkdir(path_of("gone/sub"), 0700));
	make("gone/sub/file");
	make("gone/file");
	REQUIRE(!symlink("../kept", path_of("gone/link")));

	CHECK_INT(lws_dir(path_of("gone"), NULL, lws_dir_rm_rf_cb), 1);
	CHECK_INT(rmdir(path_of("gone")), 0);
	CHECK_INT(stat(path_of("kept/file"), &status), 0);
}

TEST_MAIN({ "whole files", test_whole_files }, { "platform files", test_platform_files },
	  { "selection", test_selection }, { "directories", test_directories }, { "remove all", test_remove_all })
