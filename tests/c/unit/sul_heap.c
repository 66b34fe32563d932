/* The timer heap by itself, with a context that is only a lock which is counted. */
#include "check.h"

#include <inttypes.h>

#include "../../../capi/c/allocate.c"
#include "../../../capi/c/clock.c"
#include "../../../capi/c/dll2.c"
#include "../../../capi/c/log.c"
#include "../../../capi/c/sul.c"

#define MANY 100000

/* Two service threads */
static struct golws_sul_heap *heaps[2];
static pthread_mutex_t mutexes[2];
static int locked[2], woken[2];
static struct lws_context *context = (struct lws_context *)heaps;

struct golws_sul_heap *golws_context_sul_heap(struct lws_context *ctx, int tsi)
{
	CHECK_PTR(ctx, context);
	return tsi >= 0 && tsi < 2 ? heaps[tsi] : NULL;
}

void golws_context_lock(struct lws_context *ctx, int tsi)
{
	CHECK_PTR(ctx, context);
	pthread_mutex_lock(&mutexes[tsi]);
	locked[tsi]++;
}

void golws_context_unlock(struct lws_context *ctx, int tsi)
{
	CHECK_PTR(ctx, context);
	CHECK(locked[tsi]-- > 0);
	pthread_mutex_unlock(&mutexes[tsi]);
}

void golws_context_wake(struct lws_context *ctx, int tsi)
{
	CHECK_PTR(ctx, context);
	__atomic_add_fetch(&woken[tsi], 1, __ATOMIC_RELAXED);
}

int lws_get_count_threads(struct lws_context *ctx)
{
	CHECK_PTR(ctx, context);
	return 2;
}

static void start(void)
{
	pthread_mutexattr_t recursive;
	int tsi;

	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	for (tsi = 0; tsi < 2; tsi++) {
		pthread_mutex_init(&mutexes[tsi], &recursive);
		heaps[tsi] = golws_sul_heap_create(context, tsi);
		REQUIRE(heaps[tsi] != NULL);
		CHECK_INT(golws_sul_heap_count(heaps[tsi]), 0);
		CHECK(golws_sul_heap_next(heaps[tsi]) == INT64_MAX);
	}
}

static void stop(void)
{
	CHECK_INT(locked[0], 0);
	CHECK_INT(locked[1], 0);
	golws_sul_heap_destroy(heaps[0]);
	golws_sul_heap_destroy(heaps[1]);
}

static void check_heap(const struct golws_sul_heap *heap)
{
	size_t n;
	int kind;

	for (kind = 0; kind < 2; kind++)
		for (n = 0; n < heap->owners[kind].count; n++) {
			const struct slot *slot = &heap->slots[kind][n];

			REQUIRE(place_of(slot->sul) == n);
			REQUIRE(slot->sul->list.owner == &heap->owners[kind]);
			REQUIRE(!n || !before(slot, &heap->slots[kind][(n - 1) / 2]));
		}
}

struct timer {
	lws_sorted_usec_list_t sul;
	lws_usec_t us; /* when it is due, 0 if not scheduled */
	int number;
};

static struct timer *last_called;
static int called;
static char order[64];

static void note(lws_sorted_usec_list_t *sul)
{
	struct timer *timer = lws_container_of(sul, struct timer, sul);

	CHECK_INT(lws_dll2_is_detached(&sul->list), 1);
	CHECK_INT(sul->us, 0);
	last_called = timer;
	if (called < 63)
		order[called] = (char)('a' + timer->number);
	called++;
}

static void set(struct timer *timer, lws_usec_t us)
{
	timer->sul.us = us;
	timer->sul.cb = note;
	lws_sul2_schedule(context, 0, LWSSULLI_MISS_IF_SUSPENDED, &timer->sul);
}

static void test_order(void)
{
	static const lws_usec_t times[] = { 50, 20, 30, 20, 10, 50, 20 };
	struct timer timers[7];
	int n;

	start();
	memset(timers, 0, sizeof(timers));
	for (n = 0; n < 7; n++) {
		timers[n].number = n;
		CHECK_INT(lws_dll2_is_detached(&timers[n].sul.list), 1);
		set(&timers[n], times[n]);
		CHECK_INT(lws_dll2_is_detached(&timers[n].sul.list), 0);
		CHECK(timers[n].sul.us == times[n]);
	}
	CHECK(golws_sul_heap_next(heaps[0]) == 10);
	CHECK_INT(golws_sul_heap_service(heaps[0], 9), 0);
	CHECK_INT(golws_sul_heap_service(heaps[0], 20), 4);
	CHECK_STR(order, "ebdg");
	CHECK(golws_sul_heap_next(heaps[0]) == 30);
	CHECK_INT(golws_sul_heap_service(heaps[0], 1000), 3);
	CHECK_STR(order, "ebdgcaf");
	CHECK(golws_sul_heap_next(heaps[0]) == INT64_MAX);
	stop();
}

/* Against a table that is searched from end to end. */
static void test_random(void)
{
	struct timer timers[200];
	lws_usec_t now = 1000;
	int round, n;

	start();
	memset(timers, 0, sizeof(timers));
	srand(7);
	for (round = 0; round < 20000; round++) {
		struct timer *timer = &timers[rand() % 200];
		lws_usec_t earliest = INT64_MAX;
		int due = 0;

		switch (rand() % 4) {
		case 0:
		case 1:
			timer->us = now + rand() % 100;
			set(timer, timer->us);
			break;
		case 2:
			timer->us = 0;
			if (rand() & 1)
				lws_sul_cancel(&timer->sul);
			else
				lws_dll2_remove(&timer->sul.list);
			break;
		case 3:
			now += rand() % 5;
			for (n = 0; n < 200; n++)
				if (timers[n].us && timers[n].us <= now) {
					timers[n].us = 0;
					due++;
				}
			REQUIRE_INT(golws_sul_heap_service(heaps[0], now), due);
			break;
		}

		for (n = 0; n < 200; n++) {
			REQUIRE_INT(lws_dll2_is_detached(&timers[n].sul.list), !timers[n].us);
			if (timers[n].us && timers[n].us < earliest)
				earliest = timers[n].us;
		}
		REQUIRE(golws_sul_heap_next(heaps[0]) == earliest);
		check_heap(heaps[0]);
	}
	stop();
}

/* Scheduled, moved and cancelled in the middle, with a hundred thousand pending. */
static void test_many(void)
{
	struct timer *timers = calloc(MANY, sizeof(*timers));
	int n;

	REQUIRE(timers != NULL);
	start();
	for (n = 0; n < MANY; n++)
		set(&timers[n], 1 + (lws_usec_t)n * 7919 % MANY);
	CHECK_INT(golws_sul_heap_count(heaps[0]), MANY);
	check_heap(heaps[0]);
	for (n = 0; n < MANY; n += 2)
		lws_sul_cancel(&timers[n].sul);
	for (n = 0; n < MANY; n += 2)
		set(&timers[n], 2 * MANY - n);
	for (n = 1; n < MANY; n += 4)
		lws_dll2_remove(&timers[n].sul.list);
	check_heap(heaps[0]);
	CHECK_INT(golws_sul_heap_service(heaps[0], 3 * MANY), MANY - MANY / 4);
	free(timers);
	stop();
}

static struct timer *freed;

static void free_itself(lws_sorted_usec_list_t *sul)
{
	called++;
	free(lws_container_of(sul, struct timer, sul));
}

static void free_other(lws_sorted_usec_list_t *sul)
{
	(void)sul;
	called++;
	lws_sul_cancel(&freed->sul);
	free(freed);
}

static void test_free_in_callback(void)
{
	struct timer *itself = calloc(1, sizeof(*itself)), other;

	memset(&other, 0, sizeof(other));
	freed = calloc(1, sizeof(*freed));
	start();
	itself->sul.cb = free_itself;
	itself->sul.us = 1;
	other.sul.cb = free_other;
	other.sul.us = 2;
	lws_sul2_schedule(context, 0, LWSSULLI_MISS_IF_SUSPENDED, &itself->sul);
	lws_sul2_schedule(context, 0, LWSSULLI_MISS_IF_SUSPENDED, &other.sul);
	set(freed, 3);
	CHECK_INT(golws_sul_heap_service(heaps[0], 5), 2);
	CHECK_INT(called, 2);
	CHECK_INT(golws_sul_heap_count(heaps[0]), 0);
	stop();
}

static void again(lws_sorted_usec_list_t *sul)
{
	called++;
	lws_sul_schedule(context, 0, sul, again, 0);
}

/* A callback that schedules itself for at once leaves room for others, and is called once each round. */
static void test_reschedule(void)
{
	lws_sorted_usec_list_t sul = { 0 };
	struct timer other = { .number = 3 };

	start();
	lws_sul_schedule(context, 0, &sul, again, 0);
	set(&other, lws_now_usecs());
	CHECK_INT(golws_sul_heap_service(heaps[0], INT64_MAX), 2);
	CHECK_PTR(last_called, &other);
	CHECK_INT(golws_sul_heap_service(heaps[0], INT64_MAX), 1);
	CHECK_INT(called, 3);
	lws_sul_cancel(&sul);
	CHECK_INT(lws_dll2_is_detached(&sul.list), 1);
	stop();
}

static void test_schedule(void)
{
	struct timer a = { .number = 0 }, b = { .number = 1 };
	lws_usec_t now = lws_now_usecs(), us;

	start();
	lws_sul_schedule(context, 0, &a.sul, note, 5 * LWS_US_PER_SEC);
	CHECK_INT(woken[0], 1);
	us = golws_sul_heap_next(heaps[0]) - now;
	CHECK(us >= 5 * LWS_US_PER_SEC && us < 600 * LWS_US_PER_SEC);

	/* later than the first: nobody need wake up; earlier: somebody must */
	lws_sul_schedule(context, 0, &b.sul, note, 6000 * LWS_US_PER_SEC);
	CHECK_INT(woken[0], 1);
	lws_sul_schedule(context, 0, &b.sul, note, LWS_US_PER_SEC / 1000);
	CHECK_INT(woken[0], 2);
	CHECK_INT(golws_sul_heap_count(heaps[0]), 2);

	/* to another thread */
	lws_sul_schedule(context, 1, &b.sul, note, 1);
	CHECK_INT(woken[1], 1);
	CHECK_INT(golws_sul_heap_count(heaps[0]), 1);
	CHECK_INT(golws_sul_heap_count(heaps[1]), 1);

	lws_sul_schedule(context, 1, &b.sul, note, LWS_SET_TIMER_USEC_CANCEL);
	CHECK_INT(golws_sul_heap_count(heaps[1]), 0);
	CHECK_INT(b.sul.us, 0);
	lws_sul_schedule(context, 7, &b.sul, note, 1);
	CHECK_INT(lws_dll2_is_detached(&b.sul.list), 1);

	/* for ever, and long ago */
	lws_sul_schedule(context, 1, &b.sul, note, INT64_MAX);
	CHECK(golws_sul_heap_next(heaps[1]) == INT64_MAX);
	lws_sul_schedule(context, 1, &b.sul, note, -1000000);
	CHECK_INT(golws_sul_heap_service(heaps[1], now), 1);
	lws_sul_cancel(&a.sul);
	stop();
}

static void test_without_function(void)
{
	lws_sorted_usec_list_t sul = { 0 };

	start();
	lws_set_log_level(0, NULL);
	lws_sul_schedule(context, 0, &sul, NULL, 1);
	CHECK_INT(lws_dll2_is_detached(&sul.list), 1);
	stop();
}

static void test_wakeable(void)
{
	struct timer a = { .number = 0 }, b = { .number = 1 }, c = { .number = 2 };
	lws_usec_t us = 77, b_us;

	start();
	CHECK_INT(lws_sul_earliest_wakeable_event(context, &us), 1);
	CHECK_INT(us, 77);
	lws_sul_schedule(context, 0, &a.sul, note, 1);
	CHECK_INT(lws_sul_earliest_wakeable_event(context, &us), 1);
	lws_sul_schedule_wakesuspend(context, 1, &b.sul, note, 2000);
	b_us = b.sul.us;
	lws_sul_schedule_wakesuspend(context, 0, &c.sul, note, 900000000);
	CHECK_INT(lws_sul_earliest_wakeable_event(context, &us), 0);
	CHECK(us == b_us);

	/* both kinds are called in one order */
	a.sul.us = c.sul.us + 1;
	lws_sul2_schedule(context, 0, LWSSULLI_MISS_IF_SUSPENDED, &a.sul);
	CHECK_INT(golws_sul_heap_service(heaps[0], INT64_MAX), 2);
	CHECK_STR(order, "ca");
	lws_sul_cancel(&b.sul);
	CHECK_INT(lws_sul_earliest_wakeable_event(context, &us), 1);
	stop();
}

/* Entries that were forgotten with their heap can be cancelled and scheduled again, also when the heap is in use again. */
static void test_forgotten(void)
{
	struct timer old[3], fresh[3];
	int n;

	memset(old, 0, sizeof(old));
	memset(fresh, 0, sizeof(fresh));
	start();
	for (n = 0; n < 3; n++)
		set(&old[n], 100 + n);
	stop();

	lws_sul_cancel(&old[0].sul);
	CHECK_INT(lws_dll2_is_detached(&old[0].sul.list), 1);

	start();
	for (n = 0; n < 3; n++)
		set(&fresh[n], 200 + n);
	lws_dll2_remove(&old[1].sul.list);
	CHECK_INT(lws_dll2_is_detached(&old[1].sul.list), 1);
	set(&old[2], 150);
	CHECK_INT(golws_sul_heap_count(heaps[0]), 4);
	check_heap(heaps[0]);
	CHECK_INT(golws_sul_heap_service(heaps[0], 1000), 4);
	stop();
}

#define ROUNDS 20000

static lws_sorted_usec_list_t shared[2][20];

static void count_call(lws_sorted_usec_list_t *sul)
{
	(void)sul;
	__atomic_add_fetch(&called, 1, __ATOMIC_RELAXED);
}

static void *schedule_and_cancel(void *arg)
{
	lws_sorted_usec_list_t *mine = arg;
	unsigned int seed = (unsigned int)(mine == shared[0]), n;

	for (n = 0; n < ROUNDS; n++) {
		lws_sorted_usec_list_t *sul = &mine[rand_r(&seed) % 20];

		switch (rand_r(&seed) % 3) {
		case 0:
			lws_sul_cancel(sul);
			break;
		case 1:
			lws_dll2_remove(&sul->list);
			break;
		default:
			lws_sul_schedule(context, rand_r(&seed) % 2, sul, count_call, rand_r(&seed) % 50);
		}
	}

	return NULL;
}

static int scheduling;

static void *service(void *arg)
{
	int tsi = (int)(intptr_t)arg;

	while (__atomic_load_n(&scheduling, __ATOMIC_ACQUIRE)) {
		golws_context_lock(context, tsi);
		golws_sul_heap_service(heaps[tsi], lws_now_usecs());
		golws_context_unlock(context, tsi);
	}

	return NULL;
}

static void test_threads(void)
{
	pthread_t users[2], services[2];
	int n, m;

	start();
	scheduling = 1;
	for (n = 0; n < 2; n++) {
		REQUIRE(!pthread_create(&services[n], NULL, service, (void *)(intptr_t)n));
		REQUIRE(!pthread_create(&users[n], NULL, schedule_and_cancel, shared[n]));
	}
	for (n = 0; n < 2; n++)
		pthread_join(users[n], NULL);
	__atomic_store_n(&scheduling, 0, __ATOMIC_RELEASE);
	for (n = 0; n < 2; n++)
		pthread_join(services[n], NULL);

	check_heap(heaps[0]);
	check_heap(heaps[1]);
	CHECK(called > 0);
	for (n = 0; n < 2; n++)
		for (m = 0; m < 20; m++)
			lws_sul_cancel(&shared[n][m]);
	CHECK_INT(golws_sul_heap_count(heaps[0]) + golws_sul_heap_count(heaps[1]), 0);
	stop();
}

/* The lists of a program itself: __lws_sul_insert() and __lws_sul_service_ripe(). */
static void test_own_lists(void)
{
	struct timer timers[4];
	lws_dll2_owner_t own[2];
	int n;

	memset(timers, 0, sizeof(timers));
	memset(own, 0, sizeof(own));
	for (n = 0; n < 4; n++) {
		timers[n].number = n;
		timers[n].sul.cb = note;
	}
	timers[0].sul.us = 30;
	timers[1].sul.us = 10;
	timers[2].sul.us = 20;
	timers[3].sul.us = 30;

	CHECK_INT(__lws_sul_service_ripe(own, 2, 5), 0);
	CHECK_INT(__lws_sul_insert(&own[0], &timers[0].sul), 0);
	CHECK_INT(__lws_sul_insert(&own[0], &timers[1].sul), 0);
	CHECK_INT(__lws_sul_insert(&own[1], &timers[2].sul), 0);
	CHECK_INT(__lws_sul_insert(&own[0], &timers[3].sul), 0);
	CHECK_INT(own[0].count, 3);
	CHECK_PTR(own[0].head, &timers[1].sul.list);
	CHECK_INT(__lws_sul_service_ripe(own, 2, 9), 1);
	CHECK_INT(__lws_sul_service_ripe(own, 2, 20), 10);
	CHECK_STR(order, "bc");
	CHECK_INT(__lws_sul_service_ripe(own, 2, 40), 0);
	CHECK_STR(order, "bcad");
}

TEST_MAIN({ "order", test_order }, { "random", test_random }, { "many", test_many },
	  { "free in callback", test_free_in_callback }, { "reschedule", test_reschedule },
	  { "schedule", test_schedule }, { "without function", test_without_function }, { "wakeable", test_wakeable },
	  { "forgotten", test_forgotten }, { "own lists", test_own_lists },
	  { "threads", test_threads })
