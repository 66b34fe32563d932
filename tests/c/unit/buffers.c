/* Lists of buffers, lwsac, cached files, retry delays */
#include "check.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <sys/stat.h>

static void append(struct lws_buflist **list, const char *text, int want)
{
	CHECK_INT(lws_buflist_append_segment(list, (const uint8_t *)text, strlen(text)), want);
}

static void test_buflist(void)
{
	struct lws_buflist *list = NULL;
	char first, final;
	uint8_t buf[32], *at;

	CHECK_INT(lws_buflist_next_segment_len(&list, &at), 0);
	CHECK_PTR(at, NULL);
	CHECK_INT(lws_buflist_use_segment(&list, 1), 0);
	CHECK_INT(lws_buflist_fragment_use(&list, buf, 1, NULL, NULL), 0);

	append(&list, "abc", 1);
	append(&list, "defgh", 0);
	append(&list, "i", 0);
	CHECK_INT(lws_buflist_total_len(&list), 9);
	CHECK_INT(lws_buflist_next_segment_len(&list, &at), 3);
	CHECK_MEM(at, 3, "abc", 3);
	/* LWS_PRE before the content are ours to write */
	memset(at - LWS_PRE, 0x5a, LWS_PRE);

	CHECK_INT(lws_buflist_use_segment(&list, 1), 2);
	CHECK_INT(lws_buflist_next_segment_len(&list, &at), 2);
	CHECK_MEM(at, 2, "bc", 2);
	CHECK_INT(lws_buflist_linear_copy(&list, 1, buf, sizeof(buf)), 8);
	CHECK_MEM(buf, 8, "bcdefghi", 8);
	CHECK_INT(lws_buflist_linear_copy(&list, 4, buf, 3), 3);
	CHECK_MEM(buf, 3, "efg", 3);
	CHECK_INT(lws_buflist_linear_copy(&list, 9, buf, 3), 0);

	CHECK_INT(lws_buflist_use_segment(&list, 2), 5);
	CHECK_INT(lws_buflist_fragment_use(&list, buf, 2, &first, &final), 2);
	CHECK_MEM(buf, 2, "de", 2);
	CHECK(first && !final);
	CHECK_INT(lws_buflist_fragment_use(&list, buf, sizeof(buf), &first, &final), 3);
	CHECK_MEM(buf, 3, "fgh", 3);
	CHECK(!first && final);

	append(&list, "jkl", 0);
	CHECK_INT(lws_buflist_linear_use(&list, buf, 2), 2);
	CHECK_MEM(buf, 2, "ij", 2);
	CHECK_INT(lws_buflist_linear_use(&list, buf, sizeof(buf)), 2);
	CHECK_PTR(list, NULL);

	lws_set_log_level(0, NULL);
	CHECK_INT(lws_buflist_append_segment(&list, NULL, 3), -1);
	CHECK_INT(lws_buflist_append_segment(&list, buf, 0), -1);
	append(&list, "abc", 1);
	append(&list, "abc", 0);
	/* more than there is counts as all of the segment */
	CHECK_INT(lws_buflist_use_segment(&list, 100), 3);
	lws_buflist_destroy_all_segments(&list);
	CHECK_PTR(list, NULL);
}

static void test_lwsac(void)
{
	struct lwsac *ac = NULL;
	uint8_t *a, *b, *c, *d;

	CHECK_INT(lwsac_align(1), sizeof(void *));
	CHECK_INT(lwsac_align(sizeof(void *)), sizeof(void *));
	CHECK_INT(lwsac_total_alloc(NULL), 0);

	a = lwsac_use(&ac, 5, 64);
	REQUIRE(a && ac);
	CHECK_PTR(a, (uint8_t *)ac + lwsac_sizeof(1));
	memset(a, 1, 5);
	b = lwsac_use(&ac, 16, 64);
	CHECK_PTR(b, a + lwsac_align(5));
	CHECK_INT(lwsac_get_tail_pos(ac), lwsac_sizeof(1) + lwsac_align(5) + 16);

	/* what does not fit goes to a new chunk, with backfill the next small one does not */
	c = lwsac_use(&ac, 60, 64);
	REQUIRE(c != NULL);
	CHECK(lwsac_get_next(ac) != NULL);
	CHECK_PTR(c, (uint8_t *)lwsac_get_next(ac) + lwsac_sizeof(0));
	d = lwsac_use_backfill(&ac, 8, 64);
	CHECK_PTR(d, b + 16);
	CHECK_INT(lwsac_total_alloc(ac), 2 * 64 + lwsac_sizeof(1) + lwsac_sizeof(0));

	/* larger than a chunk */
	c = lwsac_use_zero(&ac, 1000, 64);
	REQUIRE(c != NULL);
	CHECK(!c[0] && !memcmp(c, c + 1, 999));
	memset(c, 0xff, 1000);
	CHECK_INT(lwsac_extend(ac, 8), 1);

	c = lwsac_use_zeroed(&ac, 8, 64);
	CHECK_INT(lwsac_extend(ac, 8), 0);
	CHECK_MEM(c, 16, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	CHECK(lwsac_total_overhead(ac) < lwsac_total_alloc(ac));

	lwsac_free(&ac);
	CHECK_PTR(ac, NULL);
	lwsac_free(&ac);
	CHECK_PTR(lwsac_use(&ac, SIZE_MAX - 2, 0), NULL);
	CHECK_PTR(lwsac_use(&ac, SIZE_MAX - 15, 0), NULL);
}

static void test_lwsac_scan(void)
{
	struct lwsac *ac = NULL;
	uint8_t *text = lwsac_use_zero(&ac, 8, 32), *other;

	memcpy(text, "abcdef", 6);
	other = lwsac_use_zero(&ac, 24, 32);
	memcpy(other + 16, "xyzwvuts", 8);
	CHECK_PTR(lwsac_scan_extant(ac, (uint8_t *)"cde", 3, 0), text + 2);
	CHECK_PTR(lwsac_scan_extant(ac, (uint8_t *)"cde", 3, 1), NULL);
	CHECK_PTR(lwsac_scan_extant(ac, (uint8_t *)"def", 3, 1), text + 3);
	CHECK_PTR(lwsac_scan_extant(ac, (uint8_t *)"uts", 3, 0), other + 21);
	CHECK_PTR(lwsac_scan_extant(ac, (uint8_t *)"nope", 4, 0), NULL);
	lwsac_free(&ac);
}

static void test_lwsac_references(void)
{
	struct lwsac *ac = NULL;

	REQUIRE(lwsac_use(&ac, 1, 0) != NULL);
	lwsac_reference(ac);
	lwsac_reference(ac);
	lwsac_detach(&ac);
	CHECK(ac != NULL);
	lwsac_unreference(&ac);
	CHECK(ac != NULL);
	lwsac_unreference(&ac);
	CHECK_PTR(ac, NULL);

	REQUIRE(lwsac_use(&ac, 1, 0) != NULL);
	lwsac_detach(&ac);
	CHECK_PTR(ac, NULL);
	lwsac_detach(&ac);
	lwsac_unreference(&ac);
}

struct entry {
	int value;
	lws_list_ptr next;
};

static int by_value(lws_list_ptr a, lws_list_ptr b)
{
	return lws_list_ptr_container(a, struct entry, next)->value - lws_list_ptr_container(b, struct entry, next)->value;
}

static void test_list_ptr(void)
{
	struct entry entries[4] = { { 3, NULL }, { 1, NULL }, { 2, NULL }, { 9, NULL } };
	lws_list_ptr head = NULL, at;
	int n, digits = 0;

	for (n = 0; n < 3; n++)
		lws_list_ptr_insert(&head, &entries[n].next, by_value);
	lws_list_ptr_insert(&head, &entries[3].next, NULL);
	for (at = head; at; ) {
		digits = 10 * digits + lws_list_ptr_container(at, struct entry, next)->value;
		lws_list_ptr_advance(at);
	}
	CHECK_INT(digits, 9123);
}

static void test_cached_file(void)
{
	lwsac_cached_file_t cache = NULL, same;
	char path[512], text[] = "content";
	size_t length = 0;

	snprintf(path, sizeof(path), "%s/file", test_directory());
	lws_set_log_level(0, NULL);
	CHECK_INT(lwsac_cached_file(path, &cache, &length), 1);
	CHECK_PTR(cache, NULL);

	REQUIRE_INT(lws_plat_write_file(path, text, 7), 0);
	REQUIRE_INT(lwsac_cached_file(path, &cache, &length), 0);
	CHECK_INT(length, 7);
	CHECK_STR((char *)cache, "content");

	/* trusted for some seconds */
	same = cache;
	CHECK_INT(lwsac_cached_file(path, &cache, &length), 0);
	CHECK_PTR(cache, same);

	/* in use, it outlives being given up */
	lwsac_use_cached_file_start(cache);
	lwsac_use_cached_file_detach(&cache);
	CHECK_PTR(cache, same);
	CHECK_STR((char *)cache, "content");
	lwsac_use_cached_file_end(&cache);
	CHECK_PTR(cache, NULL);
	lwsac_use_cached_file_end(&cache);
	lwsac_use_cached_file_detach(&cache);

	/* an empty file */
	REQUIRE_INT(lws_plat_write_file(path, text, 0), 0);
	REQUIRE_INT(lwsac_cached_file(path, &cache, &length), 0);
	CHECK_INT(length, 0);
	CHECK_STR((char *)cache, "");
	lwsac_use_cached_file_detach(&cache);
	CHECK_PTR(cache, NULL);
}

static void test_retry(void)
{
	static const uint32_t table[] = { 1000, 2000, 4000 };
	lws_retry_bo_t policy = { .retry_ms_table = table, .retry_ms_table_count = 3, .conceal_count = 5,
				  .jitter_percent = 10 };
	unsigned int ms, n;
	uint16_t tries = 0;
	char conceal;

	for (n = 0; n < 8; n++) {
		uint32_t base = table[n < 2 ? n : 2];

		ms = lws_retry_get_delay_ms(NULL, &policy, &tries, &conceal);
		CHECK(ms >= base && ms < base + base / 10 + 1);
		CHECK_INT(tries, n + 1);
		CHECK_INT(conceal, n < 5);
	}

	policy.jitter_percent = 0;
	policy.conceal_count = LWS_RETRY_CONCEAL_ALWAYS;
	tries = 0xfffe;
	for (n = 0; n < 3; n++) {
		ms = lws_retry_get_delay_ms(NULL, &policy, &tries, &conceal);
		CHECK(ms >= 4000 && ms <= 5200);
		CHECK_INT(conceal, 1);
	}
	CHECK_INT(tries, 0xffff);

	tries = 0;
	ms = lws_retry_get_delay_ms(NULL, NULL, &tries, &conceal);
	CHECK(ms >= 3000 && ms <= 3900);
	CHECK_INT(conceal, 0);
	lws_retry_get_delay_ms(NULL, NULL, &tries, NULL);

	/* given up: nothing is scheduled, so no context is needed */
	policy.conceal_count = 1;
	tries = 1;
	CHECK_INT(lws_retry_sul_schedule(NULL, 0, NULL, &policy, NULL, &tries), 1);
}

TEST_MAIN({ "buflist", test_buflist }, { "lwsac", test_lwsac }, { "lwsac scan", test_lwsac_scan },
	  { "lwsac references", test_lwsac_references }, { "list ptr", test_list_ptr },
	  { "cached file", test_cached_file }, { "retry", test_retry })
