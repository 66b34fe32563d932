/* Strings of MQTT, which are filled in place up to a limit */
#include "check.h"

#include <libwebsockets.h>

static size_t before;

static void append(lws_mqtt_str_t *s, const char *text, unsigned int room)
{
	uint16_t budget = 0;
	uint8_t *at = lws_mqtt_str_next(s, &budget);

	CHECK_INT(budget, room);
	REQUIRE(strlen(text) <= budget);
	memcpy(at, text, strlen(text));
	CHECK_INT(lws_mqtt_str_advance(s, (int)strlen(text)), 0);
}

static void release(lws_mqtt_str_t **s)
{
	lws_mqtt_str_free(s);
	CHECK_PTR(*s, NULL);
	lws_mqtt_str_free(s);
	CHECK_INT(lws_get_allocated_heap(), before);
}

static void test_fill(void)
{
	lws_mqtt_str_t *s, *same;

	lws_set_log_level(0, NULL);
	before = lws_get_allocated_heap();
	s = lws_mqtt_str_create(7);
	REQUIRE(s);
	CHECK_PTR(lws_mqtt_str_next(s, NULL), lws_mqtt_str_next(s, NULL));
	append(s, "abc", 7);
	append(s, "", 4);
	CHECK_INT(lws_mqtt_str_advance(s, 5), 1);
	CHECK_INT(lws_mqtt_str_advance(s, -1), 1);
	append(s, "defg", 4);
	CHECK_INT(lws_mqtt_str_advance(s, 1), 1);
	CHECK_INT(lws_mqtt_str_advance(s, 0), 0);

	same = lws_mqtt_str_create_cstr_dup("abcdefg", 0);
	REQUIRE(same);
	CHECK_INT(lws_mqtt_bindata_cmp(s, same), 0);
	lws_mqtt_str_free(&same);
	release(&s);
}

static void test_compare(void)
{
	uint8_t zeros[] = { 'a', 0, 'b' }, others[] = { 'a', 0, 'c' };
	lws_mqtt_str_t *a = lws_mqtt_str_create_init(zeros, 3, 0), *b = lws_mqtt_str_create_init(others, 3, 100),
		       *longer = lws_mqtt_str_create_cstr_dup("abcd", 0), *empty = lws_mqtt_str_create(0),
		       *also_empty = lws_mqtt_str_create_cstr_dup("", 5);

	REQUIRE(a && b && longer && empty && also_empty);
	CHECK(lws_mqtt_bindata_cmp(a, b) != 0);
	CHECK(lws_mqtt_bindata_cmp(a, longer) != 0);
	CHECK(lws_mqtt_bindata_cmp(a, empty) != 0);
	CHECK_INT(lws_mqtt_bindata_cmp(a, a), 0);
	CHECK_INT(lws_mqtt_bindata_cmp(empty, also_empty), 0);
	lws_mqtt_str_free(&a);
	lws_mqtt_str_free(&b);
	lws_mqtt_str_free(&longer);
	lws_mqtt_str_free(&empty);
	lws_mqtt_str_free(&also_empty);
}

static void test_room_behind(void)
{
	lws_mqtt_str_t *s = lws_mqtt_str_create_cstr_dup("abc", 5), *same;

	REQUIRE(s);
	append(s, "de", 2);
	same = lws_mqtt_str_create_cstr_dup("abcde", 0);
	REQUIRE(same);
	CHECK_INT(lws_mqtt_bindata_cmp(s, same), 0);
	lws_mqtt_str_free(&s);
	lws_mqtt_str_free(&same);
}

static void test_too_long(void)
{
	static char text[65537];
	lws_mqtt_str_t *s;

	lws_set_log_level(0, NULL);
	before = lws_get_allocated_heap();
	memset(text, 'x', 65536);
	CHECK_PTR(lws_mqtt_str_create_cstr_dup(text, 0), NULL);
	CHECK_PTR(lws_mqtt_str_create_cstr_dup("abcd", 3), NULL);
	CHECK_PTR(lws_mqtt_str_create_init((uint8_t *)text, 11, 10), NULL);
	text[65535] = 0;
	s = lws_mqtt_str_create_cstr_dup(text, 0);
	REQUIRE(s);
	append(s, "", 0);
	release(&s);
}

static void test_other_buffer(void)
{
	uint8_t mine[4];
	lws_mqtt_str_t *s;

	before = lws_get_allocated_heap();
	s = lws_mqtt_str_create_cstr_dup("abc", 0);
	REQUIRE(s);
	lws_mqtt_str_init(s, mine, sizeof(mine), 0);
	CHECK_PTR(lws_mqtt_str_next(s, NULL), mine);
	append(s, "wxyz", 4);
	CHECK_MEM(mine, 4, "wxyz", 4);

	/* one that goes with the string, or with the next buffer */
	lws_mqtt_str_init(s, lws_realloc(NULL, 10, "test"), 10, 1);
	append(s, "0123456789", 10);
	lws_mqtt_str_init(s, lws_realloc(NULL, 1, "test"), 1, 1);
	append(s, "0", 1);
	release(&s);
}

TEST_MAIN({ "fill", test_fill }, { "compare", test_compare }, { "room behind", test_room_behind },
	  { "too long", test_too_long }, { "other buffer", test_other_buffer })
