/* Strings, numbers, hex and random bytes */
#include "check.h"

#include <libwebsockets.h>

static void test_snprintf(void)
{
	char text[8], *p = text, *end = text + sizeof(text);

	CHECK_INT(lws_snprintf(text, sizeof(text), "%d", 1234567), 7);
	CHECK_STR(text, "1234567");
	CHECK_INT(lws_snprintf(text, sizeof(text), "%d", 12345678), 8);
	CHECK_STR(text, "1234567");
	CHECK_INT(lws_snprintf(text, 0, "x"), 0);
	CHECK_STR(text, "1234567");

	p += lws_snprintf(p, lws_ptr_diff_size_t(end, p), "abcde");
	CHECK_INT(lws_ptr_diff(p, text), 5);
	p += lws_snprintf(p, lws_ptr_diff_size_t(end, p), "fghij");
	p += lws_snprintf(p, lws_ptr_diff_size_t(end, p), "klm");
	CHECK_PTR(p, end);
	CHECK_STR(text, "abcdefg");
}

static void test_strncpy(void)
{
	char text[8];

	memset(text, 'x', sizeof(text));
	CHECK_PTR(lws_strncpy(text, "abc", sizeof(text)), text);
	CHECK_MEM(text, 8, "abc\0\0\0\0\0", 8);
	lws_strncpy(text, "0123456789", sizeof(text));
	CHECK_STR(text, "0123456");
	lws_strncpy(text, "x", 0);
	CHECK_STR(text, "0123456");

	lws_strnncpy(text, "abcdef", 3, sizeof(text));
	CHECK_STR(text, "abc");
	lws_strnncpy(text, "abcdefghijkl", 12, sizeof(text));
	CHECK_STR(text, "abcdefg");
	lws_strnncpy(text, (const char *)NULL, 0, sizeof(text));
	CHECK_STR(text, "");
}

static void test_nstrstr(void)
{
	static const char text[] = "abcabd";

	CHECK_PTR(lws_nstrstr(text, 6, "abd", 3), text + 3);
	CHECK_PTR(lws_nstrstr(text, 5, "abd", 3), NULL);
	CHECK_PTR(lws_nstrstr(text, 6, "d", 1), text + 5);
	CHECK_PTR(lws_nstrstr(text, 2, "abc", 3), NULL);
	CHECK_PTR(lws_nstrstr(text, 6, "abcabd", 6), text);
}

static void check_json(const char *json, const char *name, const char *want)
{
	size_t length = 99;
	const char *value = lws_json_simple_find(json, strlen(json), name, &length);

	if (!want) {
		CHECK_PTR(value, NULL);
		return;
	}
	REQUIRE(value != NULL);
	CHECK_MEM(value, length, want, strlen(want));
	CHECK_INT(lws_json_simple_strcmp(json, strlen(json), name, want), 0);
}

static void test_json_simple(void)
{
	check_json("{\"a\": \"one\", \"b\":2}", "\"a\":", "one");
	check_json("{\"a\": \"one\", \"b\":2}", "\"b\":", "2");
	check_json("{\"a\":[1,2]}", "\"a\":", "[1");
	check_json("{\"a\":\t true}", "\"a\":", "true");
	check_json("{\"a\":\"x\\\"y\",1}", "\"a\":", "x\\\"y");
	check_json("{\"a\":\"cut", "\"a\":", "cut");
	check_json("{\"a\":\"cut\\", "\"a\":", "cut\\");
	check_json("{\"a\":\"\"}", "\"a\":", "");
	check_json("{\"a\":", "\"a\":", NULL);
	check_json("{\"a\":  ", "\"a\":", NULL);
	check_json("{}", "\"a\":", NULL);

	CHECK(lws_json_simple_strcmp("{\"a\":\"bc\"}", 10, "\"a\":", "b"));
	CHECK(lws_json_simple_strcmp("{\"a\":\"bc\"}", 10, "\"a\":", "bd"));
	CHECK(lws_json_simple_strcmp("{\"a\":\"bc\"}", 10, "\"z\":", "bc"));
}

static void test_hex(void)
{
	uint8_t bytes[4];
	char text[9];

	CHECK_INT(lws_hex_to_byte_array("00fFa5", bytes, 4), 3);
	CHECK_MEM(bytes, 3, "\x00\xff\xa5", 3);
	CHECK_INT(lws_hex_to_byte_array("01020304", bytes, 4), 4);
	CHECK_INT(lws_hex_to_byte_array("0102030405", bytes, 4), -1);
	CHECK_INT(lws_hex_to_byte_array("010", bytes, 4), -1);
	CHECK_INT(lws_hex_to_byte_array("0g", bytes, 4), -1);
	CHECK_INT(lws_hex_to_byte_array("g0", bytes, 4), -1);
	CHECK_INT(lws_hex_to_byte_array("", bytes, 4), 0);

	lws_hex_from_byte_array((const uint8_t *)"\x01\xab\xff\x10", 4, text, sizeof(text));
	CHECK_STR(text, "01abff10");
	lws_hex_from_byte_array((const uint8_t *)"\x01\xab", 2, text, 4);
	CHECK_STR(text, "01a");
	lws_hex_from_byte_array((const uint8_t *)"\x01\xab", 2, text, 1);
	CHECK_STR(text, "");
	text[0] = 'q';
	lws_hex_from_byte_array((const uint8_t *)"\x01\xab", 2, text, 0);
	CHECK_INT(text[0], 'q');
}

static void test_random(void)
{
	char a[301], b[301];
	unsigned int seen[16] = { 0 };
	size_t n;

	CHECK_INT(lws_hex_random(NULL, a, sizeof(a)), 0);
	CHECK_INT(lws_hex_random(NULL, b, sizeof(b)), 0);
	CHECK_INT(strlen(a), 300);
	CHECK_INT(strspn(a, "0123456789abcdef"), 300);
	CHECK(strcmp(a, b));
	for (n = 0; n < 300; n++)
		seen[a[n] <= '9' ? a[n] - '0' : a[n] - 'a' + 10]++;
	/* none of 16 digits missing among 300: fails once in some 10^7 runs */
	for (n = 0; n < 16; n++)
		CHECK(seen[n]);

	for (n = 1; n < 6; n++) {
		memset(a, 'z', sizeof(a));
		CHECK_INT(lws_hex_random(NULL, a, n), 0);
		CHECK_INT(strlen(a), n - 1);
		CHECK_INT(a[n], 'z');
	}
	CHECK_INT(lws_hex_random(NULL, a, 0), 1);

	memset(a, 0, sizeof(a));
	CHECK_INT(lws_get_random(NULL, a, 300), 300);
	CHECK(memchr(a, 0xa7, 300) || memchr(a, 0x31, 300) || memchr(a, 0x5c, 300) || memchr(a, 0xf0, 300) ||
	      memchr(a, 0x09, 300) || memchr(a, 0x80, 300) || memchr(a, 0x44, 300));
	CHECK_INT(lws_get_random(NULL, a, 0), 0);
}

static void test_compare_and_clear(void)
{
	char a[] = "secret", b[] = "secret";

	CHECK_INT(lws_timingsafe_bcmp(a, b, sizeof(a)), 0);
	b[0] ^= 1;
	CHECK(lws_timingsafe_bcmp(a, b, sizeof(a)));
	CHECK_INT(lws_timingsafe_bcmp(a, b, 0), 0);
	b[0] ^= 1;
	b[5] ^= (char)0x80;
	CHECK(lws_timingsafe_bcmp(a, b, sizeof(a)));

	lws_explicit_bzero(a, 3);
	CHECK_MEM(a, 6, "\0\0\0ret", 6);
}

static void check_human(uint64_t value, const lws_humanize_unit_t *schema, const char *want)
{
	char text[32];

	CHECK_INT(lws_humanize(text, sizeof(text), value, schema), strlen(want));
	CHECK_STR(text, want);
}

static void test_humanize(void)
{
	char text[4];

	check_human(0, humanize_schema_si, "0");
	check_human(1023, humanize_schema_si, "1023");
	check_human(1024, humanize_schema_si, "1.000Ki");
	check_human(1536, humanize_schema_si, "1.500Ki");
	check_human((uint64_t)5 << 30, humanize_schema_si_bytes, "5.000GiB");
	check_human(UINT64_MAX, humanize_schema_si_bytes, "16383.999PiB");
	check_human(12, humanize_schema_si_bytes, "12B");
	check_human(999, humanize_schema_us, "999\u03bcs");
	check_human(1000, humanize_schema_us, "1.000ms");
	check_human(61500000, humanize_schema_us, "1.025min");
	check_human(90061000000, humanize_schema_us, "1.042d");

	CHECK_INT(lws_humanize(text, sizeof(text), 1024, humanize_schema_si), 3);
	CHECK_STR(text, "1.0");
	CHECK_INT(lws_humanize(text, 0, 1024, humanize_schema_si), 0);
}

static void test_serialize(void)
{
	uint8_t bytes[8];

	lws_ser_wu16be(bytes, 0x1234);
	CHECK_MEM(bytes, 2, "\x12\x34", 2);
	CHECK_INT(lws_ser_ru16be(bytes), 0x1234);
	lws_ser_wu32be(bytes, 0x89abcdef);
	CHECK_MEM(bytes, 4, "\x89\xab\xcd\xef", 4);
	CHECK(lws_ser_ru32be(bytes) == 0x89abcdef);
	lws_ser_wu64be(bytes, 0xfedcba9876543210);
	CHECK_MEM(bytes, 8, "\xfe\xdc\xba\x98\x76\x54\x32\x10", 8);
	CHECK(lws_ser_ru64be(bytes) == 0xfedcba9876543210);
}

static void test_variable_bytes(void)
{
	static const struct {
		uint64_t value;
		int size;
		const char *bytes;
	} numbers[] = {
		/* the limits in MQTT 5.0, table 1-1 */
		{ 0, 1, "\x00" }, { 127, 1, "\x7f" }, { 128, 2, "\x80\x01" }, { 16383, 2, "\xff\x7f" },
		{ 16384, 3, "\x80\x80\x01" }, { 2097151, 3, "\xff\xff\x7f" }, { 2097152, 4, "\x80\x80\x80\x01" },
		{ 268435455, 4, "\xff\xff\xff\x7f" },
	};
	uint8_t bytes[10];
	uint64_t value;
	unsigned int n;

	for (n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++) {
		CHECK_INT(lws_vbi_encode(numbers[n].value, bytes), numbers[n].size);
		CHECK_MEM(bytes, (size_t)numbers[n].size, numbers[n].bytes, (size_t)numbers[n].size);
		CHECK_INT(lws_vbi_decode(bytes, &value, sizeof(bytes)), numbers[n].size);
		CHECK(value == numbers[n].value);
		value = 5;
		CHECK_INT(lws_vbi_decode(bytes, &value, (size_t)numbers[n].size - 1), 0);
		CHECK_INT(value, 5);
	}
	CHECK_INT(lws_vbi_encode(268435456, bytes), -1);

	memset(bytes, 0xff, 10);
	CHECK_INT(lws_vbi_decode(bytes, &value, 10), 0);
	bytes[9] = 1;
	CHECK_INT(lws_vbi_decode(bytes, &value, 10), 10);
	CHECK(value == UINT64_MAX);
	bytes[9] = 2;
	CHECK_INT(lws_vbi_decode(bytes, &value, 10), 0);
}

static size_t asked;

static void *refuse(void *ptr, size_t size, const char *reason)
{
	CHECK(reason != NULL);
	asked += size;
	CHECK_PTR(ptr, NULL);

	return NULL;
}

static void test_allocator(void)
{
	struct lws_buflist *list = NULL;
	size_t before = lws_get_allocated_heap();
	char *text;

	CHECK_INT(lws_buflist_append_segment(&list, (const uint8_t *)"abc", 3), 1);
	CHECK(lws_get_allocated_heap() >= before + 3);
	lws_buflist_destroy_all_segments(&list);
	CHECK_INT(lws_get_allocated_heap(), before);

	lws_set_log_level(0, NULL);
	lws_set_allocator(refuse);
	CHECK_INT(lws_buflist_append_segment(&list, (const uint8_t *)"abc", 3), -1);
	CHECK_PTR(list, NULL);
	CHECK(asked >= 3);
	CHECK_PTR(lws_ring_create(1, 2, NULL), NULL);
	CHECK_PTR(lws_realloc(NULL, 3, "test"), NULL);
	lws_set_allocator(NULL);
	CHECK_INT(lws_buflist_append_segment(&list, (const uint8_t *)"abc", 3), 1);
	lws_buflist_destroy_all_segments(&list);

	text = lws_realloc(NULL, 3, "test");
	REQUIRE(text);
	memcpy(text, "ab", 3);
	text = lws_realloc(text, 5000, "test");
	REQUIRE(text);
	CHECK_STR(text, "ab");
	CHECK(lws_get_allocated_heap() >= before + 5000);
	CHECK_PTR(lws_realloc(text, 0, "test"), NULL);
	CHECK_INT(lws_get_allocated_heap(), before);
}

static void test_clock_and_version(void)
{
	lws_usec_t then = lws_now_usecs(), now;

	test_sleep_ms(2);
	now = lws_now_usecs();
	CHECK(now >= then + 2000);
	CHECK(lws_now_secs() > 1600000000);
	CHECK_INT(strncmp(lws_get_library_version(), "4.2.", 4), 0);
}

TEST_MAIN({ "snprintf", test_snprintf }, { "strncpy", test_strncpy }, { "nstrstr", test_nstrstr },
	  { "json simple", test_json_simple }, { "hex", test_hex }, { "random", test_random },
	  { "compare and clear", test_compare_and_clear }, { "humanize", test_humanize },
	  { "serialize", test_serialize }, { "variable bytes", test_variable_bytes }, { "allocator", test_allocator },
	  { "clock and version", test_clock_and_version })
