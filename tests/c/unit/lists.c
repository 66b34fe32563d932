/* lws_dll2 and the macros for singly linked lists */
#include "check.h"

#include <libwebsockets.h>

struct item {
	int value;
	const char *name;
	lws_dll2_t list;
	struct item *next;
};

static struct item items[5];
static lws_dll2_owner_t owner;

static struct item *item_of(const lws_dll2_t *d)
{
	return lws_container_of(d, struct item, list);
}

/* The values in the list in order, as digits, and that the links agree in both directions. */
static const char *order(void)
{
	static char text[16];
	struct lws_dll2 *prev = NULL;
	unsigned int n = 0;

	lws_start_foreach_dll(struct lws_dll2 *, d, lws_dll2_get_head(&owner)) {
		CHECK_PTR(d->prev, prev);
		CHECK_PTR(lws_dll2_owner(d), &owner);
		CHECK_INT(lws_dll2_is_detached(d), 0);
		text[n++] = (char)('0' + item_of(d)->value);
		prev = d;
	} lws_end_foreach_dll(d);

	CHECK_PTR(lws_dll2_get_tail(&owner), prev);
	CHECK_INT(owner.count, n);
	text[n] = '\0';

	return text;
}

static void fresh(void)
{
	unsigned int n;

	memset(items, 0, sizeof(items));
	memset(&owner, 0, sizeof(owner));
	for (n = 0; n < 5; n++)
		items[n].value = (int)n;
}

static void test_add_remove(void)
{
	fresh();
	CHECK_STR(order(), "");
	CHECK_INT(lws_dll2_is_detached(&items[0].list), 1);

	lws_dll2_add_tail(&items[1].list, &owner);
	lws_dll2_add_head(&items[0].list, &owner);
	lws_dll2_add_tail(&items[3].list, &owner);
	lws_dll2_add_before(&items[2].list, &items[3].list);
	CHECK_STR(order(), "0123");
	lws_dll2_add_before(&items[4].list, &items[0].list);
	CHECK_STR(order(), "40123");

	lws_dll2_remove(&items[1].list);
	CHECK_STR(order(), "4023");
	CHECK_INT(lws_dll2_is_detached(&items[1].list), 1);
	lws_dll2_remove(&items[1].list);
	lws_dll2_remove(&items[4].list);
	lws_dll2_remove(&items[3].list);
	CHECK_STR(order(), "02");
	lws_dll2_remove(&items[0].list);
	lws_dll2_remove(&items[2].list);
	CHECK_STR(order(), "");
	CHECK_PTR(owner.head, NULL);
}

static int logged;

static void count_log(int level, const char *line)
{
	(void)line;
	CHECK_INT(level, LLL_ERR);
	logged++;
}

static void test_misuse_changes_nothing(void)
{
	lws_dll2_owner_t other = { 0 };

	fresh();
	lws_set_log_level(LLL_ERR, count_log);
	lws_dll2_add_tail(&items[0].list, &owner);
	lws_dll2_add_tail(&items[0].list, &owner);
	lws_dll2_add_head(&items[0].list, &other);
	lws_dll2_add_before(&items[1].list, &items[2].list);
	CHECK_INT(logged, 3);
	CHECK_STR(order(), "0");
	CHECK_INT(other.count, 0);

	items[1].list.next = &items[2].list;
	CHECK_INT(lws_dll2_is_detached(&items[1].list), 1);
	CHECK_INT(logged, 4);
}

static int by_value(const lws_dll2_t *d, const lws_dll2_t *i)
{
	return item_of(d)->value - item_of(i)->value;
}

static int by_value_priv(void *priv, const lws_dll2_t *d, const lws_dll2_t *i)
{
	return *(int *)priv * by_value(d, i);
}

static void test_sorted(void)
{
	static const int sequence[] = { 3, 0, 4, 1, 2 };
	int direction = -1;
	unsigned int n;

	fresh();
	for (n = 0; n < 5; n++)
		lws_dll2_add_sorted(&items[sequence[n]].list, &owner, by_value);
	CHECK_STR(order(), "01234");

	fresh();
	for (n = 0; n < 5; n++)
		lws_dll2_add_sorted_priv(&items[sequence[n]].list, &owner, &direction, by_value_priv);
	CHECK_STR(order(), "43210");

	/* the newest of equals is first */
	fresh();
	items[1].value = items[0].value;
	lws_dll2_add_sorted(&items[0].list, &owner, by_value);
	lws_dll2_add_sorted(&items[1].list, &owner, by_value);
	CHECK_PTR(owner.head, &items[1].list);
}

static int remove_even(struct lws_dll2 *d, void *user)
{
	(*(int *)user)++;
	if (!(item_of(d)->value & 1))
		lws_dll2_remove(d);

	return item_of(d)->value == 3;
}

static void test_foreach(void)
{
	int calls = 0;
	unsigned int n;

	fresh();
	for (n = 0; n < 5; n++)
		lws_dll2_add_tail(&items[n].list, &owner);
	CHECK_INT(lws_dll2_foreach_safe(&owner, &calls, remove_even), 1);
	CHECK_INT(calls, 4);
	CHECK_STR(order(), "134");

	lws_dll2_remove(&items[3].list);
	CHECK_INT(lws_dll2_foreach_safe(&owner, &calls, remove_even), 0);
	CHECK_STR(order(), "1");

	lws_start_foreach_dll_safe(struct lws_dll2 *, d, next, lws_dll2_get_head(&owner)) {
		lws_dll2_remove(d);
	} lws_end_foreach_dll_safe(d, next);
	CHECK_STR(order(), "");
}

static void test_clear(void)
{
	fresh();
	lws_dll2_add_tail(&items[0].list, &owner);
	lws_dll2_owner_clear(&owner);
	lws_dll2_clear(&items[0].list);
	CHECK_STR(order(), "");
	CHECK_INT(lws_dll2_is_detached(&items[0].list), 1);
}

static void test_search(void)
{
	fresh();
	items[1].name = "horse";
	items[2].name = "hors";
	lws_dll2_add_tail(&items[0].list, &owner);
	lws_dll2_add_tail(&items[1].list, &owner);
	lws_dll2_add_tail(&items[2].list, &owner);

	CHECK_PTR(lws_dll2_search_sz_pl(&owner, "horseshoe", 5, struct item, list, name), &items[1]);
	CHECK_PTR(lws_dll2_search_sz_pl(&owner, "horse", 4, struct item, list, name), &items[2]);
	CHECK_PTR(lws_dll2_search_sz_pl(&owner, "horse", 3, struct item, list, name), NULL);
	CHECK_PTR(lws_dll2_search_sz_pl(&owner, "mule", 4, struct item, list, name), NULL);
}

static void test_singly_linked(void)
{
	struct item *head = NULL;
	int sum = 0;

	fresh();
	lws_ll_fwd_insert((&items[1]), next, head);
	lws_ll_fwd_insert((&items[2]), next, head);
	lws_ll_fwd_insert((&items[3]), next, head);
	lws_start_foreach_ll(struct item *, i, head) {
		sum = 10 * sum + i->value;
	} lws_end_foreach_ll(i, next);
	CHECK_INT(sum, 321);

	lws_ll_fwd_remove(struct item, next, (&items[2]), head);
	lws_ll_fwd_remove(struct item, next, (&items[4]), head);
	sum = 0;
	lws_start_foreach_ll_safe(struct item *, i, head, next) {
		sum = 10 * sum + i->value;
		i->next = NULL;
	} lws_end_foreach_ll_safe(i);
	CHECK_INT(sum, 31);

	items[3].next = &items[1];
	sum = 0;
	lws_start_foreach_llp(struct item **, p, head) {
		sum = 10 * sum + (*p)->value;
	} lws_end_foreach_llp(p, next);
	lws_start_foreach_llp_safe(struct item **, p, head, next) {
		sum = 10 * sum + (*p)->value;
	} lws_end_foreach_llp_safe(p);
	CHECK_INT(sum, 3131);

	lws_ll_fwd_remove(struct item, next, (&items[3]), head);
	CHECK_PTR(head, &items[1]);
}

TEST_MAIN({ "add and remove", test_add_remove }, { "misuse changes nothing", test_misuse_changes_nothing },
	  { "sorted", test_sorted }, { "foreach", test_foreach }, { "clear", test_clear }, { "search", test_search },
	  { "singly linked", test_singly_linked })
