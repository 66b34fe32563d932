/* lws_ring, held against a plain queue */
#include "check.h"

#include <libwebsockets.h>

static int destroyed[64], destroyed_count;

static void destroy(void *element)
{
	destroyed[destroyed_count++ % 64] = *(int *)element;
}

static void test_limits(void)
{
	CHECK_PTR(lws_ring_create(0, 4, NULL), NULL);
	CHECK_PTR(lws_ring_create(4, 1, NULL), NULL);
	CHECK_PTR(lws_ring_create((size_t)1 << 31, 4, NULL), NULL);
	CHECK_PTR(lws_ring_create(4, SIZE_MAX / 2, NULL), NULL);
	lws_ring_destroy(NULL);
}

static void test_one_reader(void)
{
	struct lws_ring *ring = lws_ring_create(sizeof(int), 4, destroy);
	int in[5] = { 10, 11, 12, 13, 14 }, out[5] = { 0 };

	REQUIRE(ring != NULL);
	CHECK_INT(lws_ring_get_count_free_elements(ring), 3);
	CHECK_PTR(lws_ring_get_element(ring, NULL), NULL);

	CHECK_INT(lws_ring_insert(ring, in, 5), 3);
	CHECK_INT(lws_ring_insert(ring, in, 1), 0);
	CHECK_INT(lws_ring_get_count_free_elements(ring), 0);
	CHECK_INT(lws_ring_get_count_waiting_elements(ring, NULL), 3);
	CHECK_INT(*(const int *)lws_ring_get_element(ring, NULL), 10);

	CHECK_INT(lws_ring_consume(ring, NULL, out, 2), 2);
	CHECK_INT(out[0], 10);
	CHECK_INT(out[1], 11);
	CHECK_INT(destroyed_count, 2);
	CHECK_INT(destroyed[1], 11);

	/* over the end */
	CHECK_INT(lws_ring_insert(ring, in + 3, 2), 2);
	CHECK_INT(lws_ring_consume(ring, NULL, out, 9), 3);
	CHECK_INT(out[0], 12);
	CHECK_INT(out[1], 13);
	CHECK_INT(out[2], 14);
	CHECK_INT(lws_ring_consume(ring, NULL, out, 9), 0);
	CHECK_INT(destroyed_count, 5);

	lws_ring_insert(ring, in, 2);
	lws_ring_destroy(ring);
	CHECK_INT(destroyed_count, 7);
	CHECK_INT(destroyed[6], 11);
}

struct reader {
	uint32_t tail;
	struct reader *next;
};

static void test_several_readers(void)
{
	struct lws_ring *ring = lws_ring_create(sizeof(int), 8, destroy);
	struct reader a = { 0 }, b = { 0 }, *readers = &a;
	int n;

	REQUIRE(ring != NULL);
	a.tail = b.tail = lws_ring_get_oldest_tail(ring);
	a.next = &b;

	for (n = 0; n < 5; n++)
		lws_ring_insert(ring, &n, 1);

	lws_ring_consume_and_update_oldest_tail(ring, struct reader, &a.tail, 3, readers, tail, next);
	CHECK_INT(destroyed_count, 0);
	CHECK_INT(lws_ring_get_count_waiting_elements(ring, &a.tail), 2);
	CHECK_INT(lws_ring_get_count_waiting_elements(ring, &b.tail), 5);
	CHECK_INT(lws_ring_get_count_waiting_elements(ring, NULL), 5);
	CHECK_INT(*(const int *)lws_ring_get_element(ring, &a.tail), 3);

	lws_ring_consume_and_update_oldest_tail(ring, struct reader, &b.tail, 1, readers, tail, next);
	CHECK_INT(destroyed_count, 1);
	CHECK_INT(lws_ring_get_count_free_elements(ring), 3);
	lws_ring_consume_and_update_oldest_tail(ring, struct reader, &b.tail, 9, readers, tail, next);
	CHECK_INT(destroyed_count, 3);
	CHECK_PTR(lws_ring_get_element(ring, &b.tail), NULL);
	lws_ring_consume_and_update_oldest_tail(ring, struct reader, &a.tail, 2, readers, tail, next);
	CHECK_INT(destroyed_count, 5);
	CHECK_INT(lws_ring_get_count_free_elements(ring), 7);

	lws_ring_destroy(ring);
}

static void test_in_place(void)
{
	struct lws_ring *ring = lws_ring_create(1, 8, NULL);
	uint32_t tail;
	size_t bytes;
	void *start;
	char out[8];

	REQUIRE(ring != NULL);
	tail = lws_ring_get_oldest_tail(ring);
	REQUIRE_INT(lws_ring_next_linear_insert_range(ring, &start, &bytes), 0);
	CHECK_INT(bytes, 7);
	memcpy(start, "abcdef", 6);
	lws_ring_bump_head(ring, 6);
	lws_ring_consume_single_tail(ring, &tail, 4);

	/* two up to the end, then the rest from the start */
	REQUIRE_INT(lws_ring_next_linear_insert_range(ring, &start, &bytes), 0);
	CHECK_INT(bytes, 2);
	memcpy(start, "gh", 2);
	lws_ring_bump_head(ring, 2);
	REQUIRE_INT(lws_ring_next_linear_insert_range(ring, &start, &bytes), 0);
	CHECK_INT(bytes, 3);
	memcpy(start, "ijk", 3);
	lws_ring_bump_head(ring, 3);
	CHECK_INT(lws_ring_next_linear_insert_range(ring, &start, &bytes), 1);

	CHECK_INT(lws_ring_consume(ring, &tail, out, sizeof(out)), 7);
	CHECK_MEM(out, 7, "efghijk", 7);

	/* more than is free is refused */
	lws_set_log_level(0, NULL);
	lws_ring_bump_head(ring, 8);
	CHECK_INT(lws_ring_get_count_waiting_elements(ring, &tail), 0);

	lws_ring_destroy(ring);
}

static void test_against_a_queue(void)
{
	size_t sizes[] = { 1, 3, 8, 24 };
	unsigned int s, round;

	srand(1);
	for (s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		size_t size = sizes[s], places = 2 + (size_t)rand() % 10, n, want;
		struct lws_ring *ring = lws_ring_create(size, places, NULL);
		unsigned char block[12 * 24], first = 0, next = 0;

		REQUIRE(ring != NULL);
		for (round = 0; round < 2000; round++) {
			size_t waiting = (unsigned char)(next - first), some = (size_t)rand() % 12;

			REQUIRE_INT(lws_ring_get_count_waiting_elements(ring, NULL), waiting);
			REQUIRE_INT(lws_ring_get_count_free_elements(ring), places - 1 - waiting);
			if (rand() & 1) {
				for (n = 0; n < some; n++)
					memset(block + n * size, (unsigned char)(next + n), size);
				want = some < places - 1 - waiting ? some : places - 1 - waiting;
				REQUIRE_INT(lws_ring_insert(ring, block, some), want);
				next = (unsigned char)(next + want);
			} else {
				want = some < waiting ? some : waiting;
				REQUIRE_INT(lws_ring_consume(ring, NULL, block, some), want);
				for (n = 0; n < want * size; n++)
					REQUIRE_INT(block[n], (unsigned char)(first + n / size));
				first = (unsigned char)(first + want);
			}
		}
		lws_ring_destroy(ring);
	}
}

TEST_MAIN({ "limits", test_limits }, { "one reader", test_one_reader }, { "several readers", test_several_readers },
	  { "in place", test_in_place }, { "against a queue", test_against_a_queue })
