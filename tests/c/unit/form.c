/*
 * Forms. The content type is that of the test, not of a connection. Every body is parsed whole, and cut in pieces of every
 * size.
 */
#define _GNU_SOURCE /* for the files that are included */
#include "check.h"

#include <stdio.h>

#include "../../../capi/c/allocate.c"
#include "../../../capi/c/form.c"
#include "../../../capi/c/form_multipart.c"
#include "../../../capi/c/form_url.c"
#include "../../../capi/c/log.c"
#include "../../../capi/c/lwsac.c"
#include "../../../capi/c/string.c"

static const char *content_type;
static struct lws *connection = (struct lws *)&content_type;

int lws_hdr_copy(struct lws *wsi, char *dest, int len, enum lws_token_indexes h)
{
	CHECK_PTR(wsi, connection);
	CHECK_INT(h, WSI_TOKEN_HTTP_CONTENT_TYPE);
	if (!content_type)
		return 0;
	if ((int)strlen(content_type) >= len)
		return -1;
	strcpy(dest, content_type);

	return (int)strlen(dest);
}

size_t lws_get_random(struct lws_context *context, void *buf, size_t len)
{
	(void)context;
	(void)buf;
	(void)len;

	return 0;
}

static const char * const names[] = { "one", "two", "three" };
static char events[4096];
static int file_result;

static int on_file(void *data, const char *name, const char *filename, char *buf, int len,
		   enum lws_spa_fileupload_states state)
{
	char *p = events + strlen(events);
	size_t room = sizeof(events) - strlen(events);

	CHECK_PTR(data, events);
	switch (state) {
	case LWS_UFS_OPEN:
		CHECK_INT(len, 0);
		snprintf(p, room, "open %s %s [", name, filename);
		break;
	case LWS_UFS_CONTENT:
	case LWS_UFS_FINAL_CONTENT:
		snprintf(p, room, "%.*s%s", len, buf, state == LWS_UFS_FINAL_CONTENT ? "] " : "");
		break;
	case LWS_UFS_CLOSE:
		CHECK_PTR(buf, NULL);
		CHECK_INT(len, 0);
		snprintf(p, room, "close");
		break;
	}

	return file_result;
}

static struct lws_spa *create(int max_storage, struct lwsac **ac)
{
	lws_spa_create_info_t info = { .param_names = names, .count_params = 3, .max_storage = max_storage,
				       .opt_cb = on_file, .opt_data = events, .ac = ac };
	struct lws_spa *spa = lws_spa_create_via_info(connection, &info);

	REQUIRE(spa != NULL);
	events[0] = '\0';

	return spa;
}

/* Feeds a body in pieces; 0 if all went well, 1 if a piece was refused, 2 if the end was. */
static int feed(struct lws_spa *spa, const char *body, size_t step)
{
	size_t length = strlen(body), at, size;

	for (at = 0; at < length; at += size) {
		/* a copy of its own, so that reading beyond a piece is noticed */
		char *piece;
		int result;

		size = length - at < step ? length - at : step;
		piece = malloc(size);
		memcpy(piece, body + at, size);
		result = lws_spa_process(spa, piece, (int)size);
		free(piece);
		if (result)
			return 1;
	}

	return lws_spa_finalize(spa) ? 2 : 0;
}

static void check_value(struct lws_spa *spa, int n, const char *want)
{
	CHECK_STR(lws_spa_get_string(spa, n), want);
	CHECK_INT(lws_spa_get_length(spa, n), want ? strlen(want) : 0);
}

static void check_form(const char *body, int result, const char *one, const char *two, const char *want_events)
{
	size_t step;
	int with_ac;

	for (step = 1; step <= strlen(body) + 1; step++)
		for (with_ac = 0; with_ac < 2; with_ac++) {
			struct lwsac *ac = NULL;
			struct lws_spa *spa = create(64, with_ac ? &ac : NULL);

			REQUIRE_INT(feed(spa, body, step), result);
			check_value(spa, 0, one);
			check_value(spa, 1, two);
			check_value(spa, 2, NULL);
			check_value(spa, 3, NULL);
			check_value(spa, -1, NULL);
			CHECK_INT(lws_spa_destroy(spa), 0);
			CHECK_PTR(ac, NULL);
			if (want_events)
				REQUIRE(CHECK_STR(events, want_events));
		}
}

static void test_urlencoded(void)
{
	content_type = "application/x-www-form-urlencoded";
	check_form("one=1&two=a+b%26c", 0, "1", "a b&c", "close");
	check_form("two=2&one=1&one=again&other=x", 0, "1", "2", "close");
	check_form("one=&two=x=y", 0, NULL, "x=y", "close");
	check_form("one&two=2", 0, NULL, "2", "close");
	check_form("o%6Ee=1", 0, "1", NULL, "close");
	check_form("", 0, NULL, NULL, "close");
	check_form("&&one=1&", 0, "1", NULL, "close");
	check_form("one=%zz", 1, NULL, NULL, "close");
	check_form("one=1&two=%4", 2, "1", NULL, "close");

	/* without a content type it is this kind too */
	content_type = NULL;
	check_form("one=1", 0, "1", NULL, "close");
}

static void test_storage(void)
{
	char body[400], want[64];
	struct lws_spa *spa;

	content_type = NULL;
	memset(want, 'v', sizeof(want));
	want[31] = '\0';

	/* two values of 31 and their NULs */
	snprintf(body, sizeof(body), "one=%s&two=%s", want, want);
	spa = create(64, NULL);
	CHECK_INT(feed(spa, body, 1000), 0);
	check_value(spa, 0, want);
	check_value(spa, 1, want);
	lws_spa_destroy(spa);

	lws_set_log_level(0, NULL);
	spa = create(63, NULL);
	CHECK_INT(feed(spa, body, 1000), 1);
	CHECK_INT(lws_spa_process(spa, "x", 1), -1);
	lws_spa_destroy(spa);

	/* what nobody asked for is not limited */
	memset(body, 'x', sizeof(body));
	memcpy(body, "other=", 6);
	strcpy(body + 300, "&one=1");
	spa = create(8, NULL);
	CHECK_INT(feed(spa, body, 7), 0);
	check_value(spa, 0, "1");
	lws_spa_destroy(spa);

	/* but names are */
	memset(body, 'n', sizeof(body));
	strcpy(body + 300, "=1");
	spa = create(8, NULL);
	CHECK_INT(feed(spa, body, 1000), 1);
	lws_spa_destroy(spa);

	/* 0 is the default size */
	spa = create(0, NULL);
	CHECK_INT(feed(spa, "one=1", 10), 0);
	check_value(spa, 0, "1");
	lws_spa_destroy(spa);
}

#define PART(name, more, content)                                                                                       \
	"--BOUND\r\nContent-Disposition: form-data; name=\"" name "\"" more "\r\n\r\n" content "\r\n"

static void test_multipart(void)
{
	content_type = "multipart/form-data; boundary=BOUND";
	check_form(PART("one", "", "1") PART("two", "", "a\r\n--BOUN\r\n-\r") "--BOUND--\r\n", 0, "1",
		   "a\r\n--BOUN\r\n-\r", "close");
	check_form("preamble\r\n" PART("one", "", "1") "--BOUND--", 0, "1", NULL, "close");
	check_form(PART("one", "", "") PART("two", "", "2") "--BOUND--\r\nrest is ignored", 0, NULL, "2", "close");
	check_form("--BOUND\r\ncontent-disposition:form-data;name=one\r\nContent-Type: text/plain\r\n\r\n1\r\n--BOUND--", 0,
		   "1", NULL, "close");
	check_form(PART("one", "; filename=\"\"", "1") "--BOUND--", 0, "1", NULL, "close");
	/* an empty part whose line end is that of the boundary */
	check_form("--BOUND\r\nContent-Disposition: form-data; name=one\r\n\r\n--BOUND--", 0, NULL, NULL, "close");
	check_form(PART("one", "", "\r\n\r\nx"), 2, NULL, NULL, "close");

	content_type = "Multipart/Form-Data; charset=utf-8; boundary=\"BOUND\"";
	check_form(PART("one", "", "1") "--BOUND--", 0, "1", NULL, "close");
}

static void test_files(void)
{
	content_type = "multipart/form-data; boundary=BOUND";
	check_form(PART("file", "; filename=\"a b.txt\"", "content") PART("one", "", "1") "--BOUND--\r\n", 0, "1", NULL,
		   "open file a b.txt [content] close");
	check_form(PART("file", "; filename=\"x\\\"y;z\"", "\r\n--BOUN\r\n-") PART("f2", "; filename=u", "")
		   "--BOUND--\r\n", 0, NULL, NULL, "open file x\"y;z [\r\n--BOUN\r\n-] open f2 u [] close");
	/* more than one piece */
	check_form(PART("file", "; filename=n",
			"0123456789012345678901234567890123456789012345678901234567890123456789")
		   "--BOUND--", 0, NULL, NULL,
		   "open file n [0123456789012345678901234567890123456789012345678901234567890123456789] close");
}

static void test_file_refused(void)
{
	struct lws_spa *spa;

	content_type = "multipart/form-data; boundary=BOUND";
	file_result = -1;
	spa = create(64, NULL);
	CHECK_INT(feed(spa, PART("file", "; filename=n", "x") "--BOUND--", 1000), 1);
	lws_spa_destroy(spa);
	CHECK_STR(events, "open file n [close");
}

static void test_wrong_content_type(void)
{
	static const char *const types[] = {
		"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary="
		"12345678901234567890123456789012345678901234567890123456789012345678901234567",
	};
	unsigned int n;

	lws_set_log_level(0, NULL);
	for (n = 0; n < sizeof(types) / sizeof(types[0]); n++) {
		struct lws_spa *spa;

		content_type = types[n];
		spa = create(64, NULL);
		CHECK_INT(lws_spa_process(spa, "--\r\n", 4), -1);
		lws_spa_destroy(spa);
	}
}

static void test_long_header(void)
{
	static char body[3000];
	struct lws_spa *spa;

	lws_set_log_level(0, NULL);
	content_type = "multipart/form-data; boundary=BOUND";
	memset(body, 'h', sizeof(body) - 1);
	memcpy(body, "--BOUND\r\n", 9);
	spa = create(64, NULL);
	CHECK_INT(feed(spa, body, 1000), 1);
	lws_spa_destroy(spa);
}

static void test_stride_and_no_callback(void)
{
	static const struct {
		int a;
		const char *name;
		int b;
	} table[] = { { 1, "x", 2 }, { 3, "one", 4 } };
	lws_spa_create_info_t info = { .param_names = &table[0].name, .count_params = 2,
				       .param_names_stride = sizeof(table[0]) };
	struct lws_spa *spa;

	content_type = "multipart/form-data; boundary=BOUND";
	spa = lws_spa_create_via_info(connection, &info);
	REQUIRE(spa != NULL);
	CHECK_INT(feed(spa, PART("file", "; filename=n", "ignored") PART("one", "", "1") "--BOUND--", 5), 0);
	check_value(spa, 0, NULL);
	check_value(spa, 1, "1");
	/* everything twice, or of nothing */
	CHECK_INT(lws_spa_finalize(spa), 0);
	CHECK_INT(lws_spa_process(spa, "x", 1), 0);
	CHECK_INT(lws_spa_destroy(spa), 0);
	CHECK_INT(lws_spa_destroy(NULL), 0);
	CHECK_INT(lws_spa_finalize(NULL), 0);
	lws_set_log_level(0, NULL);
	CHECK_INT(lws_spa_process(NULL, "x", 1), -1);

	spa = lws_spa_create(connection, NULL, 0, 10, NULL, NULL);
	REQUIRE(spa != NULL);
	CHECK_INT(feed(spa, PART("one", "", "1") "--BOUND--", 5), 0);
	lws_spa_destroy(spa);
}

/* Bytes that come from anywhere: nothing but the result may happen. */
static void test_noise(void)
{
	static const char *const bits[] = { "--BOUND", "\r\n", "--", "Content-Disposition: form-data", "; name=\"one\"",
					    "; filename=\"", "\"", "x", "=", "&", "%4", "\\", "\n", "\r" };
	int round, n;

	lws_set_log_level(0, NULL);
	srand(11);
	for (round = 0; round < 20000; round++) {
		char body[600] = "";
		struct lws_spa *spa;

		content_type = rand() & 1 ? "multipart/form-data; boundary=BOUND" : NULL;
		for (n = rand() % 30; n; n--)
			strcat(body, bits[rand() % 14]);
		spa = create(16, NULL);
		feed(spa, body, 1 + (size_t)rand() % 20);
		lws_spa_destroy(spa);
	}
}

TEST_MAIN({ "urlencoded", test_urlencoded }, { "storage", test_storage }, { "multipart", test_multipart },
	  { "files", test_files }, { "file refused", test_file_refused },
	  { "wrong content type", test_wrong_content_type }, { "long header", test_long_header },
	  { "stride and no callback", test_stride_and_no_callback }, { "noise", test_noise })
