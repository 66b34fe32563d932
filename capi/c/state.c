#include <libwebsockets.h>

static const char *name_of(const lws_state_manager_t *mgr, int state, char *number, size_t size)
{
	if (mgr->state_names && state >= 0)
		return mgr->state_names[state];
	lws_snprintf(number, size, "%d", state);

	return number;
}

static void log_transition(const lws_state_manager_t *mgr, int from, int to, const char *held_back_by)
{
	char from_number[16], to_number[16];

	_lws_log(LLL_INFO, "%s: %s -> %s%s%s\n", mgr->name ? mgr->name : "state",
		 name_of(mgr, from, from_number, sizeof(from_number)), name_of(mgr, to, to_number, sizeof(to_number)),
		 held_back_by ? ": held back by " : "", held_back_by ? held_back_by : "");
}

/* Returns whether a notifier held the transition back, or went elsewhere itself. A notifier may remove itself. */
static int notify(lws_state_manager_t *mgr, int current, int target)
{
	lws_start_foreach_dll_safe(struct lws_dll2 *, p, next, lws_dll2_get_head(&mgr->notify_list)) {
		lws_state_notify_link_t *link = lws_container_of(p, lws_state_notify_link_t, list);
		const char *name = link->name ? link->name : "a notifier";

		if (link->notify_cb(mgr, link, current, target) || (current != target && mgr->state != current)) {
			log_transition(mgr, current, target, name);
			return 1;
		}
	} lws_end_foreach_dll_safe(p, next);

	return 0;
}

static void transition(lws_state_manager_t *mgr, int target)
{
	int before = mgr->state;

	if (notify(mgr, before, target))
		return;

	mgr->state = target;
	log_transition(mgr, before, target, NULL);
	notify(mgr, target, target);
}

void lws_state_reg_notifier(lws_state_manager_t *mgr, lws_state_notify_link_t *nl)
{
	lws_dll2_add_head(&nl->list, &mgr->notify_list);
}

void lws_state_reg_deregister(lws_state_notify_link_t *nl)
{
	lws_dll2_remove(&nl->list);
}

void lws_state_reg_notifier_list(lws_state_manager_t *mgr, lws_state_notify_link_t *const *nl)
{
	for (; nl && *nl; nl++)
		lws_state_reg_notifier(mgr, *nl);
}

int lws_state_transition_steps(lws_state_manager_t *mgr, int target)
{
	int before;

	do {
		before = mgr->state;
		if (before < target)
			transition(mgr, before + 1);
	} while (mgr->state > before);

	return 0;
}

int lws_state_transition(lws_state_manager_t *mgr, int target)
{
	if (mgr->state != target)
		transition(mgr, target);

	return 0;
}
