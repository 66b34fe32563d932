/* The cache of files on disk */
#include "check.h"

#include <libwebsockets.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static char base[400];

static void make_cache(const char *name)
{
	lws_snprintf(base, sizeof(base), "%s/%s", test_directory(), name);
	lws_set_log_level(0, NULL);
	REQUIRE_INT(lws_diskcache_prepare(base, 0700, getuid()), 0);
}

static const char *path_of(const char *hash)
{
	static char path[600];

	lws_snprintf(path, sizeof(path), "%s/%c/%c/%s", base, hash[0], hash[1], hash);
	return path;
}

/* A file that is there already, last used so many seconds ago */
static void make_file(const char *hash, int size, int age)
{
	struct timespec times[2];
	FILE *file = fopen(path_of(hash), "w");

	REQUIRE(file != NULL);
	while (size--)
		putc('x', file);
	fclose(file);
	clock_gettime(CLOCK_REALTIME, &times[0]);
	times[0].tv_sec -= age;
	times[1] = times[0];
	REQUIRE_INT(utimensat(AT_FDCWD, path_of(hash), times, 0), 0);
}

static int exists(const char *hash)
{
	return !access(path_of(hash), F_OK);
}

/* How many calls of lws_diskcache_trim() returned 0, of that many */
static int trim(struct lws_diskcache_scan *cache, int calls)
{
	int good = 0;

	while (calls--)
		good += !lws_diskcache_trim(cache);
	return good;
}

static void test_prepare(void)
{
	struct stat status;
	char path[600];
	int n;

	make_cache("one");
	for (n = 0; n < 256; n++) {
		lws_snprintf(path, sizeof(path), "%s/%x/%x", base, n >> 4, n & 15);
		REQUIRE_INT(stat(path, &status), 0);
		CHECK(S_ISDIR(status.st_mode));
		CHECK_INT(status.st_mode & 07777, 0700);
		CHECK_INT(status.st_uid, getuid());
	}

	/* what is there is used, and made right */
	REQUIRE_INT(chmod(base, 0755), 0);
	REQUIRE_INT(chmod(path, 0), 0);
	CHECK_INT(lws_diskcache_prepare(base, 0750, getuid()), 0);
	REQUIRE_INT(stat(base, &status), 0);
	CHECK_INT(status.st_mode & 07777, 0750);
	REQUIRE_INT(stat(path, &status), 0);
	CHECK_INT(status.st_mode & 07777, 0750);

	lws_snprintf(path, sizeof(path), "%s/none/none", base);
	CHECK_INT(lws_diskcache_prepare(path, 0700, getuid()), 1);
	make_file("00", 1, 0);
	CHECK_INT(lws_diskcache_prepare(path_of("00"), 0700, getuid()), 1);
}

static void test_query(void)
{
	struct lws_diskcache_scan *cache;
	char name[600], other[600], bytes[10];
	struct stat status;
	size_t length = 7;
	int fd, second;

	/* a '~' in the name of the directory means nothing */
	make_cache("two~");
	cache = lws_diskcache_create(base, 1000);
	REQUIRE(cache != NULL);

	CHECK_INT(lws_diskcache_query(cache, 1, "abc", &fd, name, sizeof(name), &length), LWS_DISKCACHE_QUERY_NO_CACHE);
	CHECK_INT(fd, -1);
	REQUIRE_INT(lws_diskcache_query(cache, 0, "abc", &fd, name, sizeof(name), &length), LWS_DISKCACHE_QUERY_CREATING);
	REQUIRE_INT(lws_diskcache_query(cache, 0, "abc", &second, other, sizeof(other), &length), LWS_DISKCACHE_QUERY_CREATING);
	CHECK(strcmp(name, other));
	CHECK_INT(length, 7);
	CHECK(!exists("abc"));
	CHECK_INT(write(fd, "text", 4), 4);
	CHECK_INT(pread(fd, bytes, 4, 0), 4);
	CHECK_INT(fcntl(fd, F_GETFD), FD_CLOEXEC);
	REQUIRE_INT(fstat(fd, &status), 0);
	CHECK_INT(status.st_mode & 07777, 0600);
	close(fd);
	close(second);
	CHECK_INT(lws_diskcache_finalize_name(name), 0);
	CHECK_STR(name, path_of("abc"));

	REQUIRE_INT(lws_diskcache_query(cache, 1, "abc", &fd, other, sizeof(other), &length), LWS_DISKCACHE_QUERY_EXISTS);
	CHECK_STR(other, name);
	CHECK_INT(length, 4);
	CHECK_INT(read(fd, bytes, sizeof(bytes)), 4);
	CHECK_MEM(bytes, 4, "text", 4);
	CHECK_INT(write(fd, "x", 1), -1);
	close(fd);

	/* digits are digits in both cases; the directories have small ones */
	REQUIRE_INT(lws_diskcache_query(cache, 0, "DEF", &fd, name, sizeof(name), &length), LWS_DISKCACHE_QUERY_CREATING);
	close(fd);
	CHECK_INT(lws_diskcache_finalize_name(name), 0);
	CHECK(strstr(name, "/d/e/DEF") != NULL);
	REQUIRE_INT(lws_diskcache_query(cache, 0, "DEF", &fd, name, sizeof(name), &length), LWS_DISKCACHE_QUERY_EXISTS);
	CHECK_INT(length, 0);
	close(fd);

	/* no second name, no file of that name */
	CHECK_INT(lws_diskcache_finalize_name(name), 1);
	lws_snprintf(name, sizeof(name), "%s~1", path_of("aaaa"));
	strcpy(other, name);
	CHECK_INT(lws_diskcache_finalize_name(name), 1);
	CHECK_STR(name, other);

	lws_diskcache_destroy(&cache);
	CHECK_PTR(cache, NULL);
	lws_diskcache_destroy(&cache);
}

static void test_bad_queries(void)
{
	static const char * const hashes[] = {"", "a", "g0", "abg", "ab/c", "../..", "ab..", "ab c", "/bin", "ab~1", "ab\n"};
	struct lws_diskcache_scan *cache;
	char name[600], longest[400];
	size_t n, length;
	int fd;

	make_cache("three");
	cache = lws_diskcache_create(base, 1000);
	for (n = 0; n < LWS_ARRAY_SIZE(hashes); n++) {
		fd = 5;
		if (!CHECK_INT(lws_diskcache_query(cache, 0, hashes[n], &fd, name, sizeof(name), &length), LWS_DISKCACHE_QUERY_NO_CACHE))
			FAIL("that was %s", hashes[n]);
		CHECK_INT(fd, -1);
	}
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	CHECK_INT(lws_diskcache_query(cache, 0, longest, &fd, name, sizeof(name), &length), LWS_DISKCACHE_QUERY_NO_CACHE);

	/* the name must fit as a whole */
	for (n = 0; n <= strlen(path_of("abc")) + 2; n++) {
		memset(name, 'z', sizeof(name));
		CHECK_INT(lws_diskcache_query(cache, 0, "abc", &fd, name, (int)n, &length), LWS_DISKCACHE_QUERY_NO_CACHE);
		CHECK_INT(name[n], 'z');
	}
	CHECK(!exists("abc"));

	/* a directory is no file */
	REQUIRE_INT(mkdir(path_of("bcd"), 0700), 0);
	CHECK_INT(lws_diskcache_query(cache, 1, "bcd", &fd, name, sizeof(name), &length), LWS_DISKCACHE_QUERY_NO_CACHE);
	lws_diskcache_destroy(&cache);

	cache = lws_diskcache_create(NULL, 0);
	CHECK_INT(lws_diskcache_query(cache, 0, "abc", &fd, name, sizeof(name), &length), LWS_DISKCACHE_QUERY_NO_CACHE);
	CHECK_INT(lws_diskcache_trim(cache), -1);
	lws_diskcache_destroy(&cache);
}

/* What was asked for last stays longest. */
static void test_oldest_first(void)
{
	struct lws_diskcache_scan *cache;
	char hash[10], name[600];
	size_t length;
	int n, fd;

	make_cache("four");
	cache = lws_diskcache_create(base, 5000);
	CHECK_INT(lws_diskcache_secs_to_idle(cache), 0);
	for (n = 0; n < 10; n++) {
		lws_snprintf(hash, sizeof(hash), "%x%xff", n, 15 - n);
		make_file(hash, 1000, 1000 * (n + 1));
	}
	/* the two oldest are used again */
	CHECK_INT(lws_diskcache_query(cache, 0, "96ff", &fd, name, sizeof(name), &length), LWS_DISKCACHE_QUERY_EXISTS);
	close(fd);
	CHECK_INT(lws_diskcache_query(cache, 1, "87ff", &fd, name, sizeof(name), &length), LWS_DISKCACHE_QUERY_EXISTS);
	close(fd);

	/* nothing happens before everything has been seen */
	CHECK_INT(trim(cache, 255), 255);
	CHECK(exists("78ff"));
	CHECK_INT(trim(cache, 1), 1);
	for (n = 0; n < 10; n++) {
		lws_snprintf(hash, sizeof(hash), "%x%xff", n, 15 - n);
		CHECK_INT(exists(hash), n < 3 || n > 7);
	}
	/* full, but not too full */
	CHECK_INT(lws_diskcache_secs_to_idle(cache), 1);
	lws_diskcache_destroy(&cache);
}

static int count_files(void)
{
	char path[600];
	int n, count = 0;

	for (n = 0; n < 256; n++) {
		struct dirent *entry;
		DIR *directory;

		lws_snprintf(path, sizeof(path), "%s/%x/%x", base, n >> 4, n & 15);
		directory = opendir(path);
		REQUIRE(directory != NULL);
		while ((entry = readdir(directory)))
			count += entry->d_name[0] != '.';
		closedir(directory);
	}
	return count;
}

/* More files than one scan can remove: it goes on at once, and faster. Unfinished ones count like others. */
static void test_many(void)
{
	struct lws_diskcache_scan *cache;
	char hash[20];
	int n, left;

	make_cache("five");
	cache = lws_diskcache_create(base, 1000);
	for (n = 0; n < 300; n++) {
		lws_snprintf(hash, sizeof(hash), "%02x%d%s", n % 250, n, n % 3 ? "" : "~1");
		make_file(hash, 100, 10 * (n * 7 % 300));
	}
	CHECK_INT(trim(cache, 256), 256);
	CHECK_INT(count_files(), 300 - 128);
	CHECK_INT(lws_diskcache_secs_to_idle(cache), 0);
	CHECK_INT(trim(cache, 15), 15);
	CHECK_INT(count_files(), 300 - 128);
	CHECK_INT(trim(cache, 1), 1);
	CHECK_INT(count_files(), 300 - 256);
	CHECK_INT(trim(cache, 16), 16);
	CHECK_INT(count_files(), 10);
	CHECK_INT(lws_diskcache_secs_to_idle(cache), 1);

	for (n = left = 0; n < 300; n++) {
		lws_snprintf(hash, sizeof(hash), "%02x%d%s", n % 250, n, n % 3 ? "" : "~1");
		if (exists(hash)) {
			CHECK(n * 7 % 300 < 10);
			left++;
		}
	}
	CHECK_INT(left, 10);
	lws_diskcache_destroy(&cache);
}

static void test_idle(void)
{
	struct lws_diskcache_scan *cache;
	int nearly_empty, half;

	make_cache("six");
	make_file("0000", 100, 5000);
	cache = lws_diskcache_create(base, 1000000);
	CHECK_INT(trim(cache, 256), 256);
	nearly_empty = lws_diskcache_secs_to_idle(cache);
	CHECK(nearly_empty > 3500 && nearly_empty <= 3600);
	lws_diskcache_destroy(&cache);

	make_file("1111", 500, 5000);
	cache = lws_diskcache_create(base, 1200);
	CHECK_INT(trim(cache, 256), 256);
	half = lws_diskcache_secs_to_idle(cache);
	CHECK(half > 60 && half < nearly_empty);
	CHECK(exists("0000") && exists("1111"));
	lws_diskcache_destroy(&cache);

	/* 0 is a limit too */
	cache = lws_diskcache_create(base, 0);
	CHECK_INT(trim(cache, 256), 256);
	CHECK(exists("0000") && exists("1111"));
	lws_diskcache_destroy(&cache);
}

/* A directory that is missing does not keep the others from being looked at. */
static void test_missing_directory(void)
{
	struct lws_diskcache_scan *cache;
	char path[600];

	make_cache("seven");
	make_file("0000", 1000, 50);
	make_file("ffff", 1000, 100);
	lws_snprintf(path, sizeof(path), "%s/8/8", base);
	REQUIRE_INT(rmdir(path), 0);
	cache = lws_diskcache_create(base, 1500);
	CHECK_INT(trim(cache, 256), 255);
	CHECK(exists("0000"));
	CHECK(!exists("ffff"));
	/* no scan before its time */
	CHECK(lws_diskcache_secs_to_idle(cache) > 60);
	CHECK_INT(trim(cache, 600), 600);
	lws_diskcache_destroy(&cache);

	/* given up in the middle */
	cache = lws_diskcache_create(base, 1500);
	CHECK_INT(trim(cache, 10), 10);
	lws_diskcache_destroy(&cache);
}

TEST_MAIN({"prepare", test_prepare}, {"query", test_query}, {"bad_queries", test_bad_queries}, {"oldest_first", test_oldest_first},
	  {"many", test_many}, {"idle", test_idle}, {"missing_directory", test_missing_directory})
