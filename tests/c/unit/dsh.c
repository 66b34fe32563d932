/* Queues that share a buffer */
#include "check.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>

static int put(struct lws_dsh *dsh, int kind, const char *text)
{
	return lws_dsh_alloc_tail(dsh, kind, text, strlen(text), NULL, 0);
}

/* Takes the oldest object of a queue out; "-" if there is none. */
static const char *take(struct lws_dsh *dsh, int kind)
{
	static char text[100];
	size_t size;
	void *object;

	if (lws_dsh_get_head(dsh, kind, &object, &size)) {
		CHECK_PTR(object, NULL);
		CHECK_INT(size, 0);
		return "-";
	}
	REQUIRE(size < sizeof(text));
	CHECK_INT((uintptr_t)object % _Alignof(max_align_t), 0);
	memcpy(text, object, size);
	text[size] = '\0';
	lws_dsh_free(&object);
	CHECK_PTR(object, NULL);
	return text;
}

/* Whether an object of that length fits; it is removed again. */
static int fits(struct lws_dsh *dsh, size_t length)
{
	char *bytes = calloc(1, length);
	void *object;
	size_t size;
	int result = lws_dsh_alloc_tail(dsh, 0, bytes, length, NULL, 0);

	free(bytes);
	if (result)
		return 0;
	REQUIRE_INT(lws_dsh_get_head(dsh, 0, &object, &size), 0);
	CHECK_INT(size, length);
	lws_dsh_free(&object);
	return 1;
}

static void test_queues(void)
{
	struct lws_dsh *dsh = lws_dsh_create(NULL, 4096, 3);
	void *object;
	size_t size;

	REQUIRE(dsh != NULL);
	CHECK_STR(take(dsh, 0), "-");
	CHECK_INT(put(dsh, 0, "a"), 0);
	CHECK_INT(put(dsh, 2, "b"), 0);
	CHECK_INT(put(dsh, 0, "c"), 0);
	CHECK_INT(lws_dsh_alloc_tail(dsh, 2, "one ", 4, "two", 3), 0);
	CHECK_STR(take(dsh, 1), "-");

	/* looking does not take it away */
	CHECK_INT(lws_dsh_get_head(dsh, 2, &object, &size), 0);
	CHECK_MEM(object, size, "b", 1);
	CHECK_STR(take(dsh, 2), "b");
	CHECK_STR(take(dsh, 2), "one two");
	CHECK_STR(take(dsh, 2), "-");
	CHECK_STR(take(dsh, 0), "a");
	CHECK_STR(take(dsh, 0), "c");
	CHECK_STR(take(dsh, 0), "-");

	CHECK_INT(lws_dsh_alloc_tail(dsh, 1, NULL, 0, NULL, 0), 0);
	CHECK_INT(lws_dsh_alloc_tail(dsh, 1, "x", 1, NULL, 3), 0);
	CHECK_INT(lws_dsh_get_head(dsh, 1, &object, &size), 0);
	CHECK(object != NULL);
	CHECK_INT(size, 0);
	lws_dsh_free(&object);
	CHECK_INT(lws_dsh_get_head(dsh, 1, &object, &size), 0);
	CHECK_MEM(object, size, "x\0\0\0", 4);

	lws_dsh_destroy(&dsh);
	CHECK_PTR(dsh, NULL);
	lws_dsh_destroy(&dsh);
}

static void test_arguments(void)
{
	struct lws_dsh *dsh;
	void *object = NULL;
	size_t size;

	lws_set_log_level(0, NULL);
	CHECK_PTR(lws_dsh_create(NULL, 0, 1), NULL);
	CHECK_PTR(lws_dsh_create(NULL, 100, 0), NULL);
	CHECK_PTR(lws_dsh_create(NULL, 100, -1), NULL);
	CHECK_PTR(lws_dsh_create(NULL, SIZE_MAX, 1), NULL);

	dsh = lws_dsh_create(NULL, 1, 1);
	REQUIRE(dsh != NULL);
	CHECK(fits(dsh, 1));
	CHECK_INT(put(dsh, 1, "a"), 1);
	CHECK_INT(put(dsh, -1, "a"), 1);
	CHECK_INT(put(NULL, 0, "a"), 1);
	CHECK_INT(lws_dsh_alloc_tail(dsh, 0, "a", SIZE_MAX, NULL, 0), 1);
	CHECK_INT(lws_dsh_alloc_tail(dsh, 0, "a", 1, "b", SIZE_MAX), 1);
	CHECK_INT(lws_dsh_alloc_tail(dsh, 0, "a", SIZE_MAX / 4, "b", SIZE_MAX / 4), 1);
	CHECK_INT(lws_dsh_get_head(dsh, 1, &object, &size), 1);
	CHECK_INT(lws_dsh_get_head(NULL, 0, &object, &size), 1);
	CHECK_INT(lws_dsh_get_size(dsh, 1), 0);
	CHECK_INT(lws_dsh_get_size(NULL, 0), 0);
	lws_dsh_free(&object);
	lws_dsh_free(NULL);
	lws_dsh_destroy(NULL);
	lws_dsh_destroy(&dsh);
}

static void test_room(void)
{
	struct lws_dsh *dsh = lws_dsh_create(NULL, 10000, 2);
	int n, count = 0;

	CHECK_INT(lws_dsh_get_size(dsh, 0), 0);
	CHECK(fits(dsh, 10000));
	CHECK(!fits(dsh, 10001));
	CHECK(fits(dsh, 10000));
	CHECK_INT(lws_dsh_get_size(dsh, 0), 0);

	/* many small ones, in two queues; what is free again in any order is one piece in the end */
	while (!put(dsh, count % 2, "0123456789"))
		count++;
	/* how much each takes beside itself, depends on the size of pointers */
	CHECK(count >= 10000 / (64 + 16) && count <= 10000 / 10);
	CHECK(lws_dsh_get_size(dsh, 0) + lws_dsh_get_size(dsh, 1) <= 10000 + 64);
	CHECK(lws_dsh_get_size(dsh, 0) >= (size_t)(count / 2) * 10);
	CHECK(!fits(dsh, 1000));
	for (n = 1; n < count; n += 2)
		CHECK_STR(take(dsh, 1), "0123456789");
	CHECK_INT(lws_dsh_get_size(dsh, 1), 0);
	/* nothing but holes */
	CHECK(!fits(dsh, 100));
	CHECK_INT(put(dsh, 1, "0123456789"), 0);
	CHECK_STR(take(dsh, 1), "0123456789");
	for (n = 0; n < count; n += 2)
		CHECK_STR(take(dsh, 0), "0123456789");
	CHECK(fits(dsh, 10000));
	lws_dsh_destroy(&dsh);
}

/* What fits into a small hole leaves the large one as it is. */
static void test_smallest_hole(void)
{
	static const size_t sizes[] = {1000, 16, 200, 16, 1000};
	struct lws_dsh *dsh;
	char bytes[1000] = "";
	void *object;
	size_t size;
	int n, order;

	for (order = 0; order < 2; order++) {
		/* the objects in the places of 1000 and 200 bytes are taken out, in either order; the rest is full */
		dsh = lws_dsh_create(NULL, 1000 + 16 + 200 + 16 + 1000 + 4 * 64 + 16, 3);
		for (n = 0; n < 5; n++)
			CHECK_INT(lws_dsh_alloc_tail(dsh, n % 2 ? 2 : n == 2 ? order : n == 0 ? !order : 2, bytes, sizes[n], NULL, 0), 0);
		while (!lws_dsh_alloc_tail(dsh, 2, bytes, 1, NULL, 0))
			; /* where pointers are small, something is left */
		CHECK(!fits(dsh, 16));
		for (n = 0; n < 2; n++) {
			REQUIRE_INT(lws_dsh_get_head(dsh, n, &object, &size), 0);
			lws_dsh_free(&object);
		}
		CHECK_INT(lws_dsh_alloc_tail(dsh, 1, bytes, 150, NULL, 0), 0);
		CHECK(fits(dsh, 1000));
		lws_dsh_destroy(&dsh);
	}
}

static void test_help(void)
{
	struct lws_dsh *first, *second, *third;
	lws_dll2_owner_t list;
	char bytes[1000];

	memset(bytes, 'x', sizeof(bytes));
	lws_dll2_owner_clear(&list);
	first = lws_dsh_create(&list, 1000, 2);
	second = lws_dsh_create(&list, 2000, 2);
	CHECK_INT(list.count, 2);

	/* it uses the other one once it is full */
	CHECK_INT(put(first, 0, "a"), 0);
	CHECK_INT(lws_dsh_alloc_tail(first, 1, bytes, 900, NULL, 0), 0);
	CHECK(fits(second, 2000));
	CHECK_INT(put(first, 0, "b"), 0);
	CHECK_INT(put(first, 0, "c"), 0);
	CHECK(!fits(second, 2000));
	CHECK(fits(second, 1500));
	CHECK_INT(put(second, 0, "other"), 0);
	CHECK_STR(take(second, 0), "other");
	CHECK_STR(take(second, 0), "-");
	CHECK_INT(lws_dsh_get_size(second, 0), 0);
	CHECK(lws_dsh_get_size(first, 0) > 0);

	/* without it, objects move to where there is room, and the order stays */
	third = lws_dsh_create(&list, 500, 1);
	CHECK_INT(lws_dsh_alloc_tail(first, 0, "d", 1, NULL, 0), 0);
	lws_dsh_destroy(&second);
	CHECK_INT(list.count, 2);
	CHECK(!fits(third, 500));
	CHECK_STR(take(first, 0), "a");
	CHECK_STR(take(first, 0), "b");
	CHECK_STR(take(first, 0), "c");
	CHECK_STR(take(first, 0), "d");
	CHECK_STR(take(first, 0), "-");
	CHECK_INT(lws_dsh_get_size(first, 0), 0);
	CHECK(fits(third, 500));

	/* where there is none, they are gone, and nothing else is */
	lws_set_log_level(0, NULL);
	CHECK_INT(lws_dsh_alloc_tail(first, 0, bytes, 10, NULL, 0), 0);
	CHECK_INT(lws_dsh_alloc_tail(first, 0, bytes, 480, NULL, 0), 0);
	for (int n = 0; !lws_dsh_alloc_tail(third, 0, "own", 3, NULL, 0); n++)
		REQUIRE(n < 10); /* where pointers are small, there may be room for one */
	lws_dsh_destroy(&third);
	CHECK(lws_dsh_get_size(first, 0) >= 10);
	CHECK(lws_dsh_get_size(first, 0) < 480);

	/* what cannot leave a buffer does not stay in it either, though it has room */
	second = lws_dsh_create(&list, 4000, 1);
	CHECK_INT(lws_dsh_alloc_tail(first, 0, bytes, 600, NULL, 0), 0);
	CHECK(lws_dsh_get_size(first, 0) > 600);
	lws_dsh_destroy(&second);
	CHECK(lws_dsh_get_size(first, 0) < 600);

	/* its own objects elsewhere go with it */
	second = lws_dsh_create(&list, 1000, 1);
	CHECK_INT(lws_dsh_alloc_tail(first, 0, bytes, 500, NULL, 0), 0);
	CHECK(!fits(second, 1000));
	lws_dsh_destroy(&first);
	CHECK(fits(second, 1000));
	CHECK_INT(list.count, 1);
	lws_dsh_destroy(&second);
	CHECK_INT(list.count, 0);
}

static char described[4000];

static void keep_log(int level, const char *line)
{
	(void)level;
	strncat(described, line, sizeof(described) - strlen(described) - 1);
}

static void test_describe(void)
{
	struct lws_dsh *dsh = lws_dsh_create(NULL, 1000, 2);

	CHECK_INT(put(dsh, 1, "a"), 0);
	lws_set_log_level(LLL_INFO, keep_log);
	lws_dsh_describe(dsh, "a title");
	lws_dsh_describe(NULL, "nothing");
	lws_set_log_level(0, NULL);
	CHECK(strstr(described, "a title") != NULL);
	CHECK(strstr(described, "kind 1: 1 objects") != NULL);
	CHECK(strstr(described, "kind 0: 0 objects") != NULL);
	CHECK(strstr(described, "nothing") == NULL);
	lws_dsh_destroy(&dsh);
}

static uint32_t seed = 1;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)seed * limit) >> 32);
}

/*
 * Three buffers in a list, two queues each, beside a model of what must be in them: numbers and lengths, the oldest first.
 * Every object has the bytes that follow from its number.
 */
enum { BUFFERS = 3, KINDS = 2, OBJECTS = 2000 };

struct model {
	struct {
		uint32_t number;
		size_t length;
	} objects[OBJECTS];
	int first, count;
};

static void fill(unsigned char *bytes, uint32_t number, size_t length)
{
	size_t n;

	for (n = 0; n < length; n++)
		bytes[n] = (unsigned char)(number * 31 + n * 7);
}

static void check_head(struct lws_dsh *dsh, int kind, struct model *model)
{
	unsigned char bytes[600];
	void *object;
	size_t size;

	REQUIRE_INT(lws_dsh_get_head(dsh, kind, &object, &size), !model->count);
	if (!model->count)
		return;
	REQUIRE_INT(size, model->objects[model->first].length);
	fill(bytes, model->objects[model->first].number, size);
	REQUIRE(!memcmp(object, bytes, size));
	lws_dsh_free(&object);
	model->first = (model->first + 1) % OBJECTS;
	model->count--;
}

static void test_random(void)
{
	static struct model models[BUFFERS][KINDS];
	struct lws_dsh *buffers[BUFFERS];
	lws_dll2_owner_t list;
	unsigned char bytes[600];
	uint32_t number = 0;
	int n, buffer, kind;

	lws_set_log_level(0, NULL);
	lws_dll2_owner_clear(&list);
	for (n = 0; n < BUFFERS; n++)
		buffers[n] = lws_dsh_create(&list, 8000, KINDS);

	for (n = 0; n < 30000; n++) {
		struct model *model;

		buffer = (int)random_below(BUFFERS);
		kind = (int)random_below(KINDS);
		model = &models[buffer][kind];
		/* times of filling and of draining */
		if (random_below(100) < (n / 3000 % 2 ? 35u : 65u)) {
			size_t length = random_below(random_below(10) ? 100 : sizeof(bytes)), first = random_below((uint32_t)length + 1);

			number++;
			fill(bytes, number, length);
			if (!lws_dsh_alloc_tail(buffers[buffer], kind, bytes, first, bytes + first, length - first)) {
				int at = (model->first + model->count++) % OBJECTS;

				model->objects[at].number = number;
				model->objects[at].length = length;
			}
		} else
			check_head(buffers[buffer], kind, model);
		if (n % 5000 == 4999) {
			/* a buffer goes, with what is its own; there is room for what others have in it */
			int other;

			for (other = 0; other < BUFFERS; other++)
				for (kind = 0; kind < KINDS; kind++)
					while (models[other][kind].count > 5)
						check_head(buffers[other], kind, &models[other][kind]);
			lws_dsh_destroy(&buffers[buffer]);
			for (kind = 0; kind < KINDS; kind++)
				models[buffer][kind].count = 0;
			buffers[buffer] = lws_dsh_create(&list, 8000, KINDS);
		}
	}

	for (buffer = 0; buffer < BUFFERS; buffer++)
		for (kind = 0; kind < KINDS; kind++) {
			while (models[buffer][kind].count)
				check_head(buffers[buffer], kind, &models[buffer][kind]);
			CHECK_INT(lws_dsh_get_size(buffers[buffer], kind), 0);
			CHECK_STR(take(buffers[buffer], kind), "-");
		}
	for (buffer = 0; buffer < BUFFERS; buffer++)
		CHECK(fits(buffers[buffer], 8000));
	for (buffer = 0; buffer < BUFFERS; buffer++)
		lws_dsh_destroy(&buffers[buffer]);
}

TEST_MAIN({"queues", test_queues}, {"arguments", test_arguments}, {"room", test_room}, {"smallest_hole", test_smallest_hole}, {"help", test_help},
	  {"describe", test_describe}, {"random", test_random})
