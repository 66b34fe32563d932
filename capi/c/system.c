/*
 * The stages in which a system comes up, what waits for them, and what the program knows of its system.
 */
#include "allocate.h"
#include "blob.h"
#include "private.h"

struct lws_attach_item {
	struct lws_attach_item *next;
	lws_attach_cb_t cb;
	lws_system_states_t state;
	void *opaque;
};

/* The requests of a service thread, oldest first. The program's lock protects them, but for what is atomic. */
struct attached {
	struct lws_attach_item *first, **last;
	int count; /* atomic */
};

struct golws_system {
	lws_state_manager_t manager;
	lws_state_notify_link_t arrival;
	const lws_system_ops_t *ops;
	lws_system_blob_t blobs[LWS_SYSBLOB_TYPE_COUNT];
	lws_sorted_usec_list_t detection; /* of lws_system_cpd_start_defer */
	lws_cpd_result_t internet;
	struct attached attached[GOLWS_MAX_THREADS];
};

static const char *state_names[] = {
	"unknown",     "context created", "initialised",      "interfaces known", "DHCP",     "portal check before time",
	"time valid",  "portal check",    "policy valid",     "registered",       "authorised 1", "authorised 2",
	"operational", "policy invalid",
};

static struct golws_system *system_of(struct lws_context *context, const char *function)
{
	return golws_context_valid(context, function) ? context->system : NULL;
}

/* Requests may have waited for this state; each service thread looks at its own. */
static int wake_attached(struct lws_state_manager *mgr, struct lws_state_notify_link *link, int current, int target)
{
	struct golws_system *system = lws_container_of(link, struct golws_system, arrival);
	int i;

	if (current != target)
		return 0;
	for (i = 0; i < mgr->context->count_threads; i++)
		if (__atomic_load_n(&system->attached[i].count, __ATOMIC_ACQUIRE)) {
			lws_cancel_service(mgr->context);
			break;
		}

	return 0;
}

int golws_system_create(struct lws_context *context, const struct lws_context_creation_info *info)
{
	struct golws_system *system = golws_zalloc(sizeof(*system), "system");
	int i;

	if (!system)
		return -1;
	system->manager.context = context;
	system->manager.parent = context;
	system->manager.name = "system";
	system->manager.state_names = state_names;
	system->manager.state = LWS_SYSTATE_CONTEXT_CREATED;
	system->ops = info->system_ops;
	for (i = 0; i < GOLWS_MAX_THREADS; i++)
		system->attached[i].last = &system->attached[i].first;
	system->arrival.notify_cb = wake_attached;
	system->arrival.name = "attached";
	lws_state_reg_notifier(&system->manager, &system->arrival);
	lws_state_reg_notifier_list(&system->manager, info->register_notifier_list);
	context->system = system;

	return 0;
}

void golws_system_start_now(struct lws_context *context)
{
	__atomic_store_n(&context->system_started, 1, __ATOMIC_RELEASE);
	lws_state_transition_steps(&context->system->manager, LWS_SYSTATE_OPERATIONAL);
}

void golws_system_end(struct lws_context *context)
{
	lws_state_transition(&context->system->manager, LWS_SYSTATE_POLICY_INVALID);
}

void golws_system_free(struct lws_context *context)
{
	struct golws_system *system = context->system;
	struct lws_attach_item *item;
	struct lws_dll2 *link;
	int i;

	if (!system)
		return;
	context->system = NULL;
	lws_sul_cancel(&system->detection);
	while ((link = lws_dll2_get_head(&system->manager.notify_list)))
		lws_dll2_remove(link);
	for (i = 0; i < GOLWS_MAX_THREADS; i++)
		while ((item = system->attached[i].first)) {
			system->attached[i].first = item->next;
			golws_free(item);
		}
	for (i = 0; i < LWS_SYSBLOB_TYPE_COUNT; i++)
		lws_system_blob_destroy(&system->blobs[i]);
	golws_free(system);
}

lws_state_manager_t *lws_system_get_state_manager(struct lws_context *context)
{
	struct golws_system *system = system_of(context, __func__);

	return system ? &system->manager : NULL;
}

const lws_system_ops_t *lws_system_get_ops(struct lws_context *context)
{
	struct golws_system *system = system_of(context, __func__);

	return system ? system->ops : NULL;
}

struct lws_context *lws_system_context_from_system_mgr(lws_state_manager_t *mgr)
{
	return mgr ? mgr->context : NULL;
}

lws_system_blob_t *lws_system_get_blob(struct lws_context *context, lws_system_blob_item_t type, int idx)
{
	struct golws_system *system = system_of(context, __func__);
	/* the first type has the place of the second too */
	int count = type == LWS_SYSBLOB_TYPE_AUTH ? LWS_SYSBLOB_TYPE_CLIENT_CERT_DER : 1;

	if (!system || (int)type < 0 || type >= LWS_SYSBLOB_TYPE_COUNT || idx < 0 || idx >= count)
		return NULL;

	return &system->blobs[(int)type + idx];
}

/* Requests */

int __lws_system_attach(struct lws_context *context, int tsi, lws_attach_cb_t cb, lws_system_states_t state, void *opaque,
			struct lws_attach_item **get)
{
	struct golws_system *system = system_of(context, __func__);
	struct lws_attach_item *item, **place;
	struct attached *attached;

	if (!system || tsi < 0 || tsi >= context->count_threads)
		return 1;
	attached = &system->attached[tsi];

	if (!get) {
		item = golws_zalloc(sizeof(*item), "attach");
		if (!item)
			return 1;
		item->cb = cb;
		item->state = state;
		item->opaque = opaque;
		*attached->last = item;
		attached->last = &item->next;
		__atomic_fetch_add(&attached->count, 1, __ATOMIC_RELEASE);
		lws_cancel_service(context);
		return 0;
	}

	*get = NULL;
	for (place = &attached->first; (item = *place); place = &item->next)
		if (system->manager.state >= (int)item->state) {
			*place = item->next;
			if (!item->next)
				attached->last = place;
			__atomic_fetch_sub(&attached->count, 1, __ATOMIC_RELEASE);
			*get = item;
			break;
		}

	return 0;
}

void golws_system_attached(struct golws_thread *thread)
{
	struct golws_system *system = thread->context->system;
	struct lws_attach_item *item;

	while (__atomic_load_n(&system->attached[thread->tsi].count, __ATOMIC_ACQUIRE)) {
		if (!system->ops || !system->ops->attach) {
			lwsl_err("__lws_system_attach: lws_system_ops_t.attach is missing, nothing is called\n");
			return;
		}
		item = NULL;
		if (system->ops->attach(thread->context, thread->tsi, NULL, LWS_SYSTATE_UNKNOWN, NULL, &item) || !item)
			return;
		item->cb(thread->context, thread->tsi, item->opaque);
		golws_free(item);
	}
}

/* Whether the internet can be reached */

int lws_system_cpd_start(struct lws_context *context)
{
	struct golws_system *system;
	int result = 1;

	if (!golws_enter_context(context, __func__))
		return 1;
	system = context->system;
	system->internet = LWS_CPD_UNKNOWN;
	if (system->ops && system->ops->captive_portal_detect_request)
		result = system->ops->captive_portal_detect_request(context);
	else
		lwsl_info("%s: no lws_system_ops_t.captive_portal_detect_request\n", __func__);
	golws_leave_context(context);

	return result;
}

static void start_detection(lws_sorted_usec_list_t *sul)
{
	lws_system_cpd_start(lws_container_of(sul, struct golws_system, detection)->manager.context);
}

void lws_system_cpd_start_defer(struct lws_context *cx, lws_usec_t defer_us)
{
	struct golws_system *system = system_of(cx, __func__);

	if (system)
		lws_sul_schedule(cx, 0, &system->detection, start_detection, defer_us);
}

void lws_system_cpd_set(struct lws_context *context, lws_cpd_result_t result)
{
	struct golws_system *system;

	if (!golws_enter_context(context, __func__))
		return;
	system = context->system;
	if (system->internet == LWS_CPD_UNKNOWN) {
		system->internet = result;
		if (system->manager.state != LWS_SYSTATE_POLICY_INVALID)
			lws_state_transition_steps(&system->manager, LWS_SYSTATE_OPERATIONAL);
	}
	golws_leave_context(context);
}

lws_cpd_result_t lws_system_cpd_state_get(struct lws_context *context)
{
	struct golws_system *system = system_of(context, __func__);

	return system ? system->internet : LWS_CPD_UNKNOWN;
}
