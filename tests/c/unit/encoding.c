/* base64, SHA-1, escaping, and dates of HTTP */
#include "check.h"

#include <libwebsockets.h>
#include <time.h>

static void check_base64(const char *plain, const char *coded)
{
	int plain_length = (int)strlen(plain), coded_length = (int)strlen(coded);
	char text[64];

	CHECK_INT(lws_b64_encode_string(plain, plain_length, text, sizeof(text)), coded_length);
	CHECK_STR(text, coded);
	CHECK_INT(lws_b64_encode_string(plain, plain_length, text, coded_length + 1), coded_length);
	CHECK_INT(lws_b64_encode_string(plain, plain_length, text, coded_length), -1);
	CHECK_INT(lws_b64_decode_string(coded, text, sizeof(text)), plain_length);
	CHECK_STR(text, plain);
}

static void test_base64(void)
{
	char text[64];

	/* RFC 4648, 10 */
	check_base64("", "");
	check_base64("f", "Zg==");
	check_base64("fo", "Zm8=");
	check_base64("foo", "Zm9v");
	check_base64("foob", "Zm9vYg==");
	check_base64("fooba", "Zm9vYmE=");
	check_base64("foobar", "Zm9vYmFy");

	CHECK_INT(lws_b64_encode_string("\xfb\xff\xfe", 3, text, sizeof(text)), 4);
	CHECK_STR(text, "+//+");
	CHECK_INT(lws_b64_encode_string_url("\xfb\xff\xfe", 3, text, sizeof(text)), 4);
	CHECK_STR(text, "-__-");
	CHECK_INT(lws_b64_decode_string("-__-", text, sizeof(text)), 3);
	CHECK_MEM(text, 3, "\xfb\xff\xfe", 3);

	/* without padding, with white space, of known length */
	CHECK_INT(lws_b64_decode_string("Zm9vYg", text, sizeof(text)), 4);
	CHECK_STR(text, "foob");
	CHECK_INT(lws_b64_decode_string("Zm 9v\r\nYg==", text, sizeof(text)), 4);
	CHECK_STR(text, "foob");
	CHECK_INT(lws_b64_decode_string_len("Zm9vYmFy", 4, text, sizeof(text)), 3);
	CHECK_STR(text, "foo");
}

static void test_base64_small_output(void)
{
	char text[16];
	int size;

	for (size = 0; size <= 10; size++) {
		int length;

		memset(text, 'x', sizeof(text));
		length = lws_b64_decode_string("Zm9vYmFy", text, size);
		CHECK(length >= 0 && length < (size ? size : 1));
		CHECK_INT(text[size], 'x');
		if (size) {
			CHECK_INT(text[length], 0);
			CHECK_MEM(text, (size_t)length, "foobar", (size_t)length);
		}
	}
	CHECK_INT(lws_b64_decode_string("Zm9vYmFy", text, 10), 6);
}

static void test_base64_pieces(void)
{
	static const char coded[] = "VGhlIHF1aWNrIGJyb3duIGZveA==", plain[] = "The quick brown fox";
	size_t step, room;

	for (step = 1; step < sizeof(coded); step++)
		for (room = 5; room < 20; room++) {
			struct lws_b64state state;
			size_t at = 0, got = 0;
			uint8_t out[64];
			int rounds = 0;

			lws_b64_decode_state_init(&state);
			while (at < sizeof(coded) - 1 && rounds++ < 200) {
				size_t in = sizeof(coded) - 1 - at < step ? sizeof(coded) - 1 - at : step, size = room;

				CHECK_INT(lws_b64_decode_stateful(&state, coded + at, &in, out + got, &size,
								  at + in == sizeof(coded) - 1), 0);
				at += in;
				got += size;
			}
			REQUIRE_INT(got, sizeof(plain) - 1);
			REQUIRE(CHECK_MEM(out, got, plain, got));
		}
}

static void check_sha1(const char *text, size_t length, const char *want)
{
	unsigned char digest[20];
	char hex[41];

	CHECK_PTR(lws_SHA1((const unsigned char *)text, length, digest), digest);
	lws_hex_from_byte_array(digest, 20, hex, sizeof(hex));
	CHECK_STR(hex, want);
}

static void test_sha1(void)
{
	static char million[1000000];
	char text[64];

	/* FIPS 180 and RFC 3174 */
	check_sha1("", 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
	check_sha1("abc", 3, "a9993e364706816aba3e25717850c26c9cd0d89d");
	check_sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
		   "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
	memset(million, 'a', sizeof(million));
	check_sha1(million, sizeof(million), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
	/* lengths around the end of a block */
	check_sha1(million, 55, "c1c8bbdc22796e28c0e15163d20899b65621d65a");
	check_sha1(million, 63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5");
	check_sha1(million, 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d");

	/* RFC 6455, 1.3 */
	lws_SHA1((const unsigned char *)"dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 60,
		 (unsigned char *)million);
	CHECK_INT(lws_b64_encode_string(million, 20, text, sizeof(text)), 28);
	CHECK_STR(text, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

static void test_purify(void)
{
	char text[32];
	int used;

	CHECK_PTR(lws_sql_purify(text, "it's 'x'", sizeof(text)), text);
	CHECK_STR(text, "it''s ''x''");
	CHECK_INT(lws_sql_purify_len("it's 'x'"), 11);
	/* a pair of quotes is never cut */
	lws_sql_purify(text, "ab'c", 4);
	CHECK_STR(text, "ab");
	lws_sql_purify(text, "ab'c", 5);
	CHECK_STR(text, "ab''");

	CHECK_PTR(lws_json_purify(text, "a\"\\\n\x01z", sizeof(text), &used), text);
	CHECK_STR(text, "a\\u0022\\\\\\n\\u0001z");
	CHECK_INT(used, 6);
	CHECK_INT(lws_json_purify_len("a\"\\\n\x01z"), strlen(text));
	lws_json_purify(text, "a\"z", 7, &used);
	CHECK_STR(text, "a");
	CHECK_INT(used, 1);
	lws_json_purify(text, "\xc3\xa4", sizeof(text), NULL);
	CHECK_STR(text, "\xc3\xa4");
	lws_json_purify(text, NULL, sizeof(text), &used);
	CHECK_STR(text, "");
	CHECK_INT(used, 0);

	strcpy(text, "../a...b:c\\$%d/e.f");
	lws_filename_purify_inplace(text);
	CHECK_STR(text, "__/a__.b_c___d/e.f");
}

static void check_date(const char *text, long long want)
{
	time_t t = 5;

	CHECK_INT(lws_http_date_parse_unix(text, strlen(text), &t), want < 0 ? -1 : 0);
	CHECK_INT(t, want < 0 ? 5 : want);
}

static void test_date(void)
{
	time_t t = 784111777;
	char text[30];

	/* RFC 9110, 5.6.7 */
	CHECK_INT(lws_http_date_render_from_unix(text, sizeof(text), &t), 0);
	CHECK_STR(text, "Sun, 06 Nov 1994 08:49:37 GMT");
	CHECK_INT(lws_http_date_render_from_unix(text, sizeof(text) - 1, &t), -1);
	check_date("Sun, 06 Nov 1994 08:49:37 GMT", 784111777);
	check_date("Sunday, 06-Nov-94 08:49:37 GMT", 784111777);
	check_date("Sun Nov  6 08:49:37 1994", 784111777);
	check_date("Thu, 01 Jan 1970 00:00:00 GMT", 0);
	check_date("Thu, 29 Feb 2024 12:00:00 GMT", 1709208000);

	check_date("", -1);
	check_date("Sun, 06 Nov 1994", -1);
	check_date("Sun, 06 Now 1994 08:49:37 GMT", -1);
	check_date("Xun, 06 Nov 1994 08:49:37 GMT", -1);
	check_date("Sun, 32 Nov 1994 08:49:37 GMT", -1);
	check_date("Sun, 06 Nov 1994 24:49:37 GMT", -1);
	check_date("Sun, 06 Nov 1994 08:60:37 GMT", -1);
	check_date("Sun, 6 Nov 1994 08:49:37 GMT", -1);
	check_date("Sun, 0x Nov 1994 08:49:37 GMT", -1);

	/* the length counts, not a NUL */
	CHECK_INT(lws_http_date_parse_unix("Sun, 06 Nov 1994 08:49:37 GMT", 20, &t), -1);
	CHECK_INT(lws_http_date_parse_unix("Sun, 06 Nov 1994 08:49:37 GMT, more", 29, &t), 0);

	for (long long seconds = 0; seconds < 4000000000; seconds += 86400 * 37 + 12345) {
		time_t back;

		t = (time_t)seconds;
		if (t != seconds)
			break; /* 32 bits: the end is in 2038 */
		REQUIRE_INT(lws_http_date_render_from_unix(text, sizeof(text), &t), 0);
		REQUIRE_INT(lws_http_date_parse_unix(text, 29, &back), 0);
		REQUIRE_INT(back, t);
	}
}

TEST_MAIN({ "base64", test_base64 }, { "base64 small output", test_base64_small_output },
	  { "base64 pieces", test_base64_pieces }, { "sha1", test_sha1 }, { "purify", test_purify },
	  { "date", test_date })
