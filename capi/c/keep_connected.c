/*
 * Clients that stay connected. All of one's connections are on one service thread, whose lock guards it. A list of all of
 * them, with a lock of its own under which nothing else is done, tells whether a pointer is one of them.
 */
#include "keep_connected.h"

/* Strings of struct lws_client_connect_info that are copied */
#define EACH_STRING(X) X(address) X(path) X(host) X(origin) X(protocol) X(method) X(iface) X(local_protocol_name) X(alpn)

struct lws_keep_connected {
	struct lws_keep_connected *next;
	struct golws_thread *thread;
	struct lws_client_connect_info info;
	lws_keep_connected_cb_t cb;
	void *opaque;
	lws_sorted_usec_list_t sul;
	struct lws *wsi; /* the present connection */
	lws_usec_t up_since; /* 0: it is not up */
	lws_usec_t retry_after; /* what the server has asked for */
	char reason[128];
	unsigned int close_code;
	uint16_t tries;
	uint8_t created; /* the try at hand has made a connection */
	uint8_t tried; /* the first try is over */
	uint8_t ending;
	uint8_t over;
	int calling; /* depth of cb */
};

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct lws_keep_connected *list;

static const uint32_t default_delays[] = {1000, 2000, 5000, 10000, 30000};
static const lws_retry_bo_t default_policy = {
	.retry_ms_table = default_delays,
	.retry_ms_table_count = LWS_ARRAY_SIZE(default_delays),
	.conceal_count = LWS_RETRY_CONCEAL_ALWAYS,
	.jitter_percent = 20,
};

static void attempt(lws_sorted_usec_list_t *sul);

static const lws_retry_bo_t *policy_of(const struct lws_keep_connected *keep)
{
	const lws_retry_bo_t *policy = keep->info.retry_and_idle_policy;

	return policy && policy->retry_ms_table && policy->retry_ms_table_count ? policy : &default_policy;
}

static int listed(const struct lws_keep_connected *keep)
{
	const struct lws_keep_connected *one;

	for (one = list; one && one != keep; one = one->next)
		;
	return !!one;
}

static void unlist(struct lws_keep_connected *keep)
{
	struct lws_keep_connected **place;

	pthread_mutex_lock(&list_lock);
	for (place = &list; *place; place = &(*place)->next)
		if (*place == keep) {
			*place = keep->next;
			break;
		}
	pthread_mutex_unlock(&list_lock);
}

static void release(struct lws_keep_connected *keep)
{
#define RELEASE(name) free((char *)keep->info.name);
	EACH_STRING(RELEASE)
	free(keep);
}

/* Returns 0 if keep is gone. */
static int tell(struct lws_keep_connected *keep, enum lws_keep_connected_event event, const char *reason,
		unsigned int delay_ms)
{
	const struct lws_keep_connected_status status = {
		.event = event,
		.wsi = event == LWS_KEEP_CONNECTED_UP ? keep->wsi : NULL,
		.reason = reason,
		.delay_ms = delay_ms,
		.tries = keep->tries,
		.was_up = event != LWS_KEEP_CONNECTED_UP && keep->up_since,
		.close_code = event != LWS_KEEP_CONNECTED_UP ? keep->close_code : 0,
	};

	keep->calling++;
	if (keep->cb)
		keep->cb(keep, &status, keep->opaque);
	if (!--keep->calling && keep->over) {
		release(keep);
		return 0;
	}
	return !keep->over;
}

static void finish(struct lws_keep_connected *keep, const char *reason)
{
	if (keep->over)
		return;
	keep->over = 1;
	lws_sul_cancel(&keep->sul);
	unlist(keep);
	if (keep->info.pwsi)
		*keep->info.pwsi = NULL;
	tell(keep, LWS_KEEP_CONNECTED_ENDED, reason, 0);
}

static void schedule(struct lws_keep_connected *keep, lws_usec_t us)
{
	lws_sul_schedule(keep->info.context, keep->thread->tsi, &keep->sul, attempt, us);
}

/* There is no connection any more. */
static void down(struct lws_keep_connected *keep)
{
	const lws_retry_bo_t *policy = policy_of(keep);
	uint16_t place = keep->tries < policy->retry_ms_table_count ? keep->tries :
								       (uint16_t)(policy->retry_ms_table_count - 1);
	lws_usec_t now = lws_now_usecs(), us;
	char conceal;

	if (keep->up_since && now - keep->up_since >= (lws_usec_t)policy->retry_ms_table[place] * LWS_US_PER_MS)
		keep->tries = 0;
	us = (lws_usec_t)lws_retry_get_delay_ms(keep->info.context, policy, &keep->tries, &conceal) * LWS_US_PER_MS;
	if (!conceal && policy->conceal_count != LWS_RETRY_CONCEAL_ALWAYS) {
		finish(keep, keep->reason);
		return;
	}
	if (us < keep->retry_after)
		us = keep->retry_after;
	schedule(keep, us);
	us /= LWS_US_PER_MS;
	if (tell(keep, LWS_KEEP_CONNECTED_DOWN, keep->reason, us < UINT32_MAX ? (unsigned int)us : UINT32_MAX))
		keep->up_since = 0;
}

static void attempt(lws_sorted_usec_list_t *sul)
{
	struct lws_keep_connected *keep = lws_container_of(sul, struct lws_keep_connected, sul);

	keep->created = 0;
	keep->up_since = keep->retry_after = 0;
	keep->close_code = 0;
	keep->calling++; /* it may be over within */
	golws_client_connect(&keep->info, "lws_client_keep_connected", keep);
	if (!--keep->calling && keep->over) {
		release(keep);
		return;
	}
	if (!keep->created && !keep->over) {
		lws_strncpy(keep->reason, "no connection could be begun, see the log", sizeof(keep->reason));
		if (keep->tried)
			down(keep);
		else
			finish(keep, keep->reason);
		return;
	}
	keep->tried = 1;
}

struct golws_thread *golws_keep_connected_thread(struct lws_keep_connected *keep)
{
	return keep->thread;
}

void golws_keep_connected_created(struct lws_keep_connected *keep, struct lws *wsi)
{
	keep->created = 1;
	keep->wsi = wsi;
	lws_strncpy(keep->reason, "closed", sizeof(keep->reason));
}

static void set_reason(struct lws_keep_connected *keep, const char *text, size_t len)
{
	if (!text || !len)
		return;
	if (len >= sizeof(keep->reason))
		len = sizeof(keep->reason) - 1;
	memcpy(keep->reason, text, len);
	keep->reason[len] = '\0';
}

static void up(struct lws_keep_connected *keep, int result)
{
	if (result || keep->up_since)
		return;
	keep->up_since = lws_now_usecs();
	tell(keep, LWS_KEEP_CONNECTED_UP, NULL, 0);
}

/* The last that is heard of a connection */
static void destroyed(struct lws_keep_connected *keep, struct lws *wsi)
{
	keep->wsi = NULL;
	if (keep->info.pwsi && *keep->info.pwsi == wsi)
		*keep->info.pwsi = NULL;
	if (keep->ending)
		finish(keep, "ended by the program");
	else if (wsi->context->being_destroyed)
		finish(keep, "the context is destroyed");
	else if (wsi->vhost->being_destroyed)
		finish(keep, "the vhost is destroyed");
	else
		down(keep);
}

void golws_keep_connected_observe(struct lws *wsi, int reason, const void *in, size_t len, int result)
{
	struct lws_keep_connected *keep = wsi->client->kept;
	const unsigned char *bytes = in;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		keep->up_since = 0; /* it was rejected at the last moment */
		set_reason(keep, in, len);
		lws_http_check_retry_after(wsi, &keep->retry_after);
		break;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		lws_http_check_retry_after(wsi, &keep->retry_after);
		if (keep->info.method) /* else it is on its way to a WebSocket */
			up(keep, result);
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
	case LWS_CALLBACK_RAW_CONNECTED:
	case LWS_CALLBACK_MQTT_CLIENT_ESTABLISHED:
		up(keep, result);
		break;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		keep->close_code = len >= 2 ? (unsigned int)bytes[0] << 8 | bytes[1] : 0;
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		wsi->client->kept = NULL;
		destroyed(keep, wsi);
		break;
	default:
		break;
	}
}

void golws_keep_connected_abandon(struct lws_context *context, const struct lws_vhost *vhost)
{
	struct lws_keep_connected *keep;

	do {
		pthread_mutex_lock(&list_lock);
		for (keep = list; keep; keep = keep->next)
			if (keep->info.context == context && !keep->wsi && (!vhost || keep->info.vhost == vhost))
				break;
		pthread_mutex_unlock(&list_lock);
		/* The service locks are held: it stays what it is. */
		if (keep)
			finish(keep, vhost ? "the vhost is destroyed" : "the context is destroyed");
	} while (keep);
}

static int copy_strings(struct lws_keep_connected *keep, const struct lws_client_connect_info *from)
{
#define FORGET(name) keep->info.name = NULL;
#define COPY(name)                                                                                                     \
	if (from->name && !(keep->info.name = strdup(from->name)))                                                     \
		return -1;
	EACH_STRING(FORGET)
	EACH_STRING(COPY)
	return 0;
}

struct lws_keep_connected *lws_client_keep_connected(const struct lws_client_connect_info *ccinfo,
						     lws_keep_connected_cb_t cb, void *opaque)
{
	struct lws_context *context = ccinfo ? ccinfo->context : NULL;
	struct lws_keep_connected *keep;

	if (!ccinfo || !ccinfo->address || ccinfo->parent_wsi) {
		lwsl_err("%s: %s\n", __func__, !ccinfo ? "ccinfo is NULL" : !ccinfo->address ? "no address is given" :
										       "parent_wsi must be NULL");
		return NULL;
	}
	if (!golws_runtime_usable() || !golws_context_valid(context, __func__) ||
	    (ccinfo->vhost && !golws_vhost_valid(ccinfo->vhost, __func__)))
		return NULL;
	keep = calloc(1, sizeof(*keep));
	if (!keep)
		return NULL;
	keep->info = *ccinfo;
	keep->cb = cb;
	keep->opaque = opaque;
	if (copy_strings(keep, ccinfo)) {
		release(keep);
		return NULL;
	}
	keep->thread = golws_client_thread(context, NULL);
	if (keep->info.pwsi)
		*keep->info.pwsi = NULL;
	golws_enter_thread(keep->thread);
	if (context->being_destroyed || context->destroy_requested ||
	    !(keep->info.vhost || (keep->info.vhost = golws_client_vhost(context, __func__)))) {
		golws_leave_thread(keep->thread);
		release(keep);
		return NULL;
	}
	pthread_mutex_lock(&list_lock);
	keep->next = list;
	list = keep;
	pthread_mutex_unlock(&list_lock);
	schedule(keep, 0);
	golws_leave_thread(keep->thread);
	return keep;
}

/* Takes the service lock if keep is one of those that there are. */
static struct golws_thread *enter(struct lws_keep_connected *keep, const char *function)
{
	struct golws_thread *thread = NULL;
	int live = 0;

	if (!golws_runtime_usable())
		return NULL;
	pthread_mutex_lock(&list_lock);
	if (listed(keep))
		thread = keep->thread;
	pthread_mutex_unlock(&list_lock);
	if (thread) {
		golws_enter_thread(thread);
		pthread_mutex_lock(&list_lock);
		live = listed(keep);
		pthread_mutex_unlock(&list_lock);
		if (!live)
			golws_leave_thread(thread);
	}
	if (live)
		return thread;
	lwsl_err("%s: %p is not kept connected\n", function, (void *)keep);
	return NULL;
}

struct lws *lws_keep_connected_wsi(struct lws_keep_connected *keep)
{
	struct golws_thread *thread = enter(keep, __func__);
	struct lws *wsi;

	if (!thread)
		return NULL;
	wsi = keep->wsi;
	golws_leave_thread(thread);
	return wsi;
}

int lws_keep_connected_now(struct lws_keep_connected *keep)
{
	struct golws_thread *thread = enter(keep, __func__);

	if (!thread)
		return 1;
	if (!keep->wsi && !keep->ending) {
		keep->tries = 0;
		schedule(keep, 0);
	}
	golws_leave_thread(thread);
	return 0;
}

int lws_keep_connected_end(struct lws_keep_connected *keep)
{
	struct golws_thread *thread = enter(keep, __func__);

	if (!thread)
		return 1;
	if (!keep->ending) {
		keep->ending = 1;
		if (keep->wsi)
			lws_set_timeout(keep->wsi, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_ASYNC);
		else
			finish(keep, "ended by the program");
	}
	golws_leave_thread(thread);
	return 0;
}
