/* State machines: who hears of what, in which order, and who may hold a transition back. */
#include "check.h"

#include <libwebsockets.h>

#include <stdio.h>

static char heard[256];
static int refused = -1;
static int detour = -1;

static int note(struct lws_state_manager *mgr, struct lws_state_notify_link *link, int current, int target)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%d-%d ", link->name, current, target);
	strncat(heard, text, sizeof(heard) - strlen(heard) - 1);
	CHECK_INT(mgr->state, current);

	return 0;
}

static int refuse(struct lws_state_manager *mgr, struct lws_state_notify_link *link, int current, int target)
{
	note(mgr, link, current, target);

	return target == refused;
}

static int leave(struct lws_state_manager *mgr, struct lws_state_notify_link *link, int current, int target)
{
	note(mgr, link, current, target);
	lws_state_reg_deregister(link);

	return 0;
}

static int go_elsewhere(struct lws_state_manager *mgr, struct lws_state_notify_link *link, int current, int target)
{
	int to = detour;

	note(mgr, link, current, target);
	detour = -1;
	if (to >= 0)
		lws_state_transition(mgr, to);

	return 0;
}

static lws_state_manager_t fresh(void)
{
	lws_state_manager_t mgr;

	memset(&mgr, 0, sizeof(mgr));
	mgr.name = "test";
	heard[0] = 0;

	return mgr;
}

static void test_order(void)
{
	lws_state_manager_t mgr = fresh();
	lws_state_notify_link_t a = { .notify_cb = note, .name = "a" }, b = { .notify_cb = note, .name = "b" },
				c = { .notify_cb = note, .name = "c" };
	lws_state_notify_link_t *const list[] = { &b, &c, NULL };

	lws_state_reg_notifier(&mgr, &a);
	lws_state_reg_notifier_list(&mgr, list);
	lws_state_reg_notifier_list(&mgr, NULL);
	CHECK_INT(lws_state_transition(&mgr, 5), 0);
	CHECK_INT(mgr.state, 5);
	CHECK_STR(heard, "c0-5 b0-5 a0-5 c5-5 b5-5 a5-5 ");

	/* downwards too, and nothing if it is there already */
	lws_state_reg_deregister(&c);
	lws_state_reg_deregister(&c);
	lws_state_reg_deregister(&b);
	heard[0] = 0;
	CHECK_INT(lws_state_transition(&mgr, 5), 0);
	CHECK_INT(lws_state_transition(&mgr, 2), 0);
	CHECK_INT(mgr.state, 2);
	CHECK_STR(heard, "a5-2 a2-2 ");
}

static void test_steps(void)
{
	static const char *names[] = { "zero", "one", "two", "three" };
	lws_state_manager_t mgr = fresh();
	lws_state_notify_link_t a = { .notify_cb = note, .name = "a" };

	mgr.state_names = names;
	lws_state_reg_notifier(&mgr, &a);
	CHECK_INT(lws_state_transition_steps(&mgr, 3), 0);
	CHECK_INT(mgr.state, 3);
	CHECK_STR(heard, "a0-1 a1-1 a1-2 a2-2 a2-3 a3-3 ");

	heard[0] = 0;
	CHECK_INT(lws_state_transition_steps(&mgr, 3), 0);
	CHECK_INT(lws_state_transition_steps(&mgr, 1), 0);
	CHECK_INT(mgr.state, 3);
	CHECK_STR(heard, "");
}

static void test_held_back(void)
{
	lws_state_manager_t mgr = fresh();
	lws_state_notify_link_t first = { .notify_cb = refuse, .name = "r" }, second = { .notify_cb = note, .name = "n" };

	lws_state_reg_notifier(&mgr, &second);
	lws_state_reg_notifier(&mgr, &first);
	refused = 2;
	CHECK_INT(lws_state_transition_steps(&mgr, 4), 0);
	CHECK_INT(mgr.state, 1);
	CHECK_STR(heard, "r0-1 n0-1 r1-1 n1-1 r1-2 ");

	heard[0] = 0;
	CHECK_INT(lws_state_transition(&mgr, 2), 0);
	CHECK_INT(mgr.state, 1);
	CHECK_STR(heard, "r1-2 ");

	/* it asks again when it is ready */
	heard[0] = 0;
	refused = -1;
	CHECK_INT(lws_state_transition_steps(&mgr, 3), 0);
	CHECK_INT(mgr.state, 3);
	CHECK_STR(heard, "r1-2 n1-2 r2-2 n2-2 r2-3 n2-3 r3-3 n3-3 ");
}

static void test_leaves(void)
{
	lws_state_manager_t mgr = fresh();
	lws_state_notify_link_t a = { .notify_cb = note, .name = "a" }, l = { .notify_cb = leave, .name = "l" };

	lws_state_reg_notifier(&mgr, &a);
	lws_state_reg_notifier(&mgr, &l);
	CHECK_INT(lws_state_transition(&mgr, 1), 0);
	CHECK_STR(heard, "l0-1 a0-1 a1-1 ");
	CHECK_INT(mgr.notify_list.count, 1);
	CHECK_INT(lws_dll2_is_detached(&l.list), 1);
}

static void test_goes_elsewhere(void)
{
	lws_state_manager_t mgr = fresh();
	lws_state_notify_link_t a = { .notify_cb = note, .name = "a" }, g = { .notify_cb = go_elsewhere, .name = "g" };

	lws_state_reg_notifier(&mgr, &a);
	lws_state_reg_notifier(&mgr, &g);
	detour = 7;
	CHECK_INT(lws_state_transition(&mgr, 1), 0);
	CHECK_INT(mgr.state, 7);
	CHECK_STR(heard, "g0-1 g0-7 a0-7 g7-7 a7-7 ");

	/* on the way up the steps go on from there */
	heard[0] = 0;
	detour = 9;
	CHECK_INT(lws_state_transition_steps(&mgr, 10), 0);
	CHECK_INT(mgr.state, 10);
	CHECK_STR(heard, "g7-8 g7-9 a7-9 g9-9 a9-9 g9-10 a9-10 g10-10 a10-10 ");

	/* downwards they are given up */
	mgr.state = 3;
	heard[0] = 0;
	detour = 1;
	CHECK_INT(lws_state_transition_steps(&mgr, 10), 0);
	CHECK_INT(mgr.state, 1);
	CHECK_STR(heard, "g3-4 g3-1 a3-1 g1-1 a1-1 ");
}

TEST_MAIN({ "order", test_order }, { "steps", test_steps }, { "held_back", test_held_back }, { "leaves", test_leaves },
	  { "goes_elsewhere", test_goes_elsewhere })
