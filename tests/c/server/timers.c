/*
 * Timers: lws_sul_* of the program's own, lws_set_timer_usecs of a connection,
 * lws_set_timeout with its kill values.  Order and identity are checked, and
 * that nothing comes early; never how late something is.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

/* ---- lws_sul, in one thread with the service loop ---- */

struct item {
	lws_sorted_usec_list_t sul;
	struct lws_context *context;
	lws_usec_t due;
	int number, fired, again;
	struct item *victim;
};

static int order[2000], fired;

static struct lws_context *context;

static const struct lws_protocols no_protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void begin(void)
{
	struct lws_context_creation_info info;

	server_info(&info, no_protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
}

static void on_item(lws_sorted_usec_list_t *sul)
{
	struct item *item = lws_container_of(sul, struct item, sul);

	CHECK(lws_now_usecs() >= item->due);
	item->fired++;
	order[fired++] = item->number;
	/* upstream fires timers before it waits */
	lws_cancel_service(context);
	if (item->victim)
		lws_sul_cancel(&item->victim->sul);
	if (item->again-- > 0) {
		item->due = lws_now_usecs() + 2000;
		lws_sul_schedule(item->context, 0, &item->sul, on_item, 2000);
	}
}

static void schedule(struct item *item, int number, lws_usec_t us)
{
	item->context = context;
	item->number = number;
	item->due = lws_now_usecs() + us;
	lws_sul_schedule(context, 0, &item->sul, on_item, us);
}

static void run_until(int count)
{
	double until = test_now() + test_deadline();

	while (fired < count && test_now() < until)
		REQUIRE(lws_service(context, 0) >= 0);
	REQUIRE(fired >= count);
}

static void in_order(void)
{
	static struct item items[1000];
	static lws_usec_t times[1000]; /* under valgrind the main thread's stack is small */
	int i;

	begin();
	for (i = 0; i < 1000; i++) {
		schedule(&items[i], i, 20000 + 100 * (i * 373 % 1000));
		times[i] = items[i].sul.us;
	}
	run_until(1000);
	for (i = 1; i < 1000; i++)
		if (!CHECK(times[order[i - 1]] <= times[order[i]]))
			break;
	for (i = 0; i < 1000; i++)
		if (!CHECK_INT(items[i].fired, 1))
			break;
	lws_context_destroy(context);
}

/* lws_sul_schedule leaves the absolute time in the item, as programs read it */
static void time_is_left_in_the_item(void)
{
	static struct item item;
	lws_usec_t before, after;

	begin();
	before = lws_now_usecs();
	schedule(&item, 1, 5000000);
	after = lws_now_usecs();
	CHECK(item.sul.us >= before + 5000000 && item.sul.us <= after + 5000000);
	CHECK(!lws_dll2_is_detached(&item.sul.list));
	lws_sul_cancel(&item.sul);
	lws_context_destroy(context);
}

static void cancelled(void)
{
	static struct item items[4];

	begin();
	schedule(&items[0], 0, 5000);
	schedule(&items[1], 1, 1000);
	schedule(&items[2], 2, 10000);
	schedule(&items[3], 3, 30000);
	lws_sul_cancel(&items[1].sul);
	CHECK(lws_dll2_is_detached(&items[1].sul.list));
	lws_sul_cancel(&items[1].sul); /* twice is fine */
	items[0].victim = &items[2];   /* from a callback */
	run_until(2);
	CHECK_INT(order[0], 0);
	CHECK_INT(order[1], 3);
	CHECK_INT(items[1].fired + items[2].fired, 0);
	/* LWS_SET_TIMER_USEC_CANCEL by schedule */
	schedule(&items[1], 1, 1000);
	lws_sul_schedule(context, 0, &items[1].sul, on_item, LWS_SET_TIMER_USEC_CANCEL);
	schedule(&items[2], 2, 20000);
	run_until(3);
	CHECK_INT(items[1].fired, 0);
	lws_context_destroy(context);
}

static void rescheduled(void)
{
	static struct item items[3];

	begin();
	/* later, then sooner than first asked: only the last counts */
	schedule(&items[0], 0, 1000);
	schedule(&items[0], 0, 40000);
	schedule(&items[1], 1, 60000000);
	schedule(&items[1], 1, 20000);
	run_until(2);
	CHECK_INT(order[0], 1);
	CHECK_INT(order[1], 0);
	CHECK_INT(items[0].fired, 1);
	/* from its own callback */
	items[2].again = 5;
	schedule(&items[2], 2, 1000);
	run_until(8);
	CHECK_INT(items[2].fired, 6);
	lws_context_destroy(context);
}

static void forget_scheduled(lws_sorted_usec_list_t *sul)
{
	struct item *item = lws_container_of(sul, struct item, sul);

	/* the memory of the item belongs to the program again */
	order[fired++] = item->number;
	lws_cancel_service(context);
	free(item);
}

static void freed_in_its_callback(void)
{
	struct item *item = calloc(1, sizeof(*item));

	REQUIRE(item != NULL);
	begin();
	item->number = 7;
	lws_sul_schedule(context, 0, &item->sul, forget_scheduled, 1000);
	run_until(1);
	CHECK_INT(order[0], 7);
	lws_context_destroy(context);
}

static void pending_at_destroy(void)
{
	static struct item item;

	begin();
	schedule(&item, 1, 60000000);
	lws_context_destroy(context);
	CHECK_INT(item.fired, 0);
}

static void wakes_an_idle_loop(void)
{
	static struct item item;
	int calls = 0;

	begin();
	schedule(&item, 1, 300000);
	while (!item.fired && calls < 100000) {
		REQUIRE(lws_service(context, 0) >= 0);
		calls++;
	}
	CHECK_INT(item.fired, 1);
	/* it slept, but for the last fraction of a millisecond perhaps */
	CHECK(calls < 30000);
	lws_context_destroy(context);
}

/* ---- timers of connections ---- */

static struct {
	atomic_int timers, closed, destroyed;
	atomic_llong due, ended;
} seen;

static int on_ws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	const char *text = in;
	unsigned char buffer[LWS_PRE + 8];

	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		if (!strncmp(text, "timer", len)) {
			atomic_store(&seen.due, lws_now_usecs() + 50000);
			lws_set_timer_usecs(wsi, 50000);
		} else if (!strncmp(text, "late timer", len)) {
			/* the time it took to get here is not taken off */
			test_sleep_ms(100);
			atomic_store(&seen.due, lws_now_usecs() + 50000);
			lws_set_timer_usecs(wsi, 50000);
		} else if (!strncmp(text, "late timeout", len)) {
			test_sleep_ms(1200);
			atomic_store(&seen.due, lws_now_usecs() + 1000000);
			lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, 1);
		} else if (!strncmp(text, "cancel", len)) {
			lws_set_timer_usecs(wsi, 50000);
			lws_set_timer_usecs(wsi, LWS_SET_TIMER_USEC_CANCEL);
		} else if (!strncmp(text, "timeout", len))
			lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, 1);
		else if (!strncmp(text, "no timeout", len)) {
			lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, 1);
			lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
		} else if (!strncmp(text, "kill", len))
			lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
		return 0;
	case LWS_CALLBACK_TIMER:
		CHECK(lws_now_usecs() >= atomic_load(&seen.due));
		CHECK_PTR(lws_wsi_user(wsi), user);
		if (atomic_fetch_add(&seen.timers, 1) == 0)
			lws_set_timer_usecs(wsi, 10000); /* once more */
		memcpy(buffer + LWS_PRE, "tick", 4);
		return lws_write(wsi, buffer + LWS_PRE, 4, LWS_WRITE_TEXT) < 4 ? -1 : 0;
	case LWS_CALLBACK_CLOSED:
		atomic_store(&seen.ended, lws_now_usecs());
		atomic_fetch_add(&seen.closed, 1);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		atomic_fetch_add(&seen.destroyed, 1);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "timed", on_ws, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct server server;
static struct client client;

static void connect_timed(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	server_run(&server, &info);
	client_ws(&client, server.port, "/", "timed");
}

static void say(const char *text)
{
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, text, strlen(text));
}

static void expect_ticks(int count)
{
	struct client_frame frame;

	while (count--) {
		client_ws_message(&client, &frame);
		CHECK_MEM(frame.payload, frame.length, "tick", 4);
		client_frame_free(&frame);
	}
}

static void of_connection(void)
{
	connect_timed();
	say("timer");
	expect_ticks(2);
	CHECK(client_silent(&client, 200));
	CHECK_INT(atomic_load(&seen.timers), 2);
	client_close(&client);
	server_destroy(&server);
}

static void counted_from_the_call(void)
{
	connect_timed();
	say("late timer");
	expect_ticks(2);
	say("late timeout");
	CHECK_INT(client_drain(&client), 0);
	WAIT_FOR(atomic_load(&seen.closed) == 1);
	CHECK(atomic_load(&seen.ended) >= atomic_load(&seen.due));
	client_close(&client);
	server_destroy(&server);
}

static void of_connection_cancelled(void)
{
#ifndef TEST_GOLWS
	test_skip("upstream takes LWS_SET_TIMER_USEC_CANCEL for a time in the past");
#endif
	connect_timed();
	say("cancel");
	CHECK(client_silent(&client, 300));
	client_close(&client);
	server_destroy(&server);
	CHECK_INT(atomic_load(&seen.timers), 0);
}

/* the connection is gone before its timer */
static void of_closed_connection(void)
{
	connect_timed();
	say("timer");
	client_close(&client);
	WAIT_FOR(atomic_load(&seen.closed) == 1);
	test_sleep_ms(200);
	CHECK_INT(atomic_load(&seen.timers), 0);
	server_destroy(&server);
}

static void closed_by(const char *what)
{
	connect_timed();
	say(what);
	CHECK_INT(client_drain(&client), 0);
	WAIT_FOR(atomic_load(&seen.closed) == 1);
	client_close(&client);
	server_destroy(&server);
	CHECK_INT(atomic_load(&seen.closed), 1);
}

static void timeout_closes(void) { closed_by("timeout"); }
static void kill_closes(void) { closed_by("kill"); }

static void timeout_taken_back(void)
{
	connect_timed();
	say("no timeout");
	CHECK(client_silent(&client, 1500));
	say("timer");
	expect_ticks(2);
	client_close(&client);
	server_destroy(&server);
}

TEST_MAIN({ "in_order", in_order },
	  { "time_is_left_in_the_item", time_is_left_in_the_item },
	  { "cancelled", cancelled }, { "rescheduled", rescheduled },
	  { "freed_in_its_callback", freed_in_its_callback },
	  { "pending_at_destroy", pending_at_destroy },
	  { "wakes_an_idle_loop", wakes_an_idle_loop }, { "of_connection", of_connection },
	  { "counted_from_the_call", counted_from_the_call },
	  { "of_connection_cancelled", of_connection_cancelled },
	  { "of_closed_connection", of_closed_connection }, { "timeout_closes", timeout_closes },
	  { "kill_closes", kill_closes }, { "timeout_taken_back", timeout_taken_back })
