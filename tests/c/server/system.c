/*
 * The stages of the system: who hears of them and when, what waits for them, what the device knows of itself.
 */
#include "check.h"
#include "server.h"

#include <stdio.h>

static char heard[512];
static int hold = -1;
static struct lws_context *seen;

static void note(const char *text)
{
	strncat(heard, text, sizeof(heard) - strlen(heard) - 1);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	(void)wsi;
	(void)user;
	(void)in;
	(void)length;
	if (reason == LWS_CALLBACK_PROTOCOL_INIT)
		note("init ");
	if (reason == LWS_CALLBACK_PROTOCOL_DESTROY)
		note("destroy ");

	return 0;
}

static const struct lws_protocols protocols[] = { { "test", on_event, 0, 0, 0, NULL, 0 },
						  { NULL, NULL, 0, 0, 0, NULL, 0 } };

static int on_state(struct lws_state_manager *mgr, struct lws_state_notify_link *link, int current, int target)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%d-%d ", link->name, current, target);
	note(text);
	seen = lws_system_context_from_system_mgr(mgr);

	return current != target && target == hold;
}

static struct lws_context *create(struct lws_state_notify_link *const *list, const lws_system_ops_t *ops)
{
	struct lws_context_creation_info info;
	struct lws_context *context;

	heard[0] = 0;
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.register_notifier_list = list;
	info.system_ops = ops;
	context = lws_create_context(&info);
	REQUIRE(context);

	return context;
}

static void test_stages(void)
{
	lws_state_notify_link_t link = { .notify_cb = on_state, .name = "" };
	lws_state_notify_link_t *const list[] = { &link, NULL };
	struct lws_context *context = create(list, NULL);
	lws_state_manager_t *manager = lws_system_get_state_manager(context);

	REQUIRE(manager);
	CHECK_INT(manager->state, LWS_SYSTATE_CONTEXT_CREATED);
	CHECK_STR(heard, "");

	CHECK_INT(lws_service(context, -1), 0);
	CHECK_INT(manager->state, LWS_SYSTATE_OPERATIONAL);
	CHECK_PTR(seen, context);
	CHECK_STR(heard, "init 1-2 2-2 2-3 3-3 3-4 4-4 4-5 5-5 5-6 6-6 6-7 7-7 7-8 8-8 8-9 9-9 9-10 10-10 10-11 11-11 "
			 "11-12 12-12 ");

	heard[0] = 0;
	CHECK_INT(lws_service(context, -1), 0);
	CHECK_STR(heard, "");
	lws_context_destroy(context);
	CHECK_STR(heard, "12-13 13-13 destroy ");
	CHECK_INT(lws_dll2_is_detached(&link.list), 1);
}

static void test_held_back(void)
{
	lws_state_notify_link_t first = { .notify_cb = on_state, .name = "a" }, second = { .notify_cb = on_state, .name = "b" };
	lws_state_notify_link_t *const list[] = { &first, &second, NULL };
	struct lws_context *context = create(list, NULL);
	lws_state_manager_t *manager = lws_system_get_state_manager(context);

	hold = LWS_SYSTATE_IFACE_COLDPLUG;
	CHECK_INT(lws_service(context, -1), 0);
	CHECK_INT(manager->state, LWS_SYSTATE_INITIALIZED);
	CHECK_STR(heard, "init b1-2 a1-2 b2-2 a2-2 b2-3 ");

	/* not tried again by itself, and lws_service goes on */
	CHECK_INT(lws_service(context, -1), 0);
	CHECK_INT(manager->state, LWS_SYSTATE_INITIALIZED);

	hold = -1;
	CHECK_INT(lws_state_transition_steps(manager, LWS_SYSTATE_OPERATIONAL), 0);
	CHECK_INT(manager->state, LWS_SYSTATE_OPERATIONAL);
	lws_context_destroy(context);
}

static void test_never_serviced(void)
{
	lws_state_notify_link_t link = { .notify_cb = on_state, .name = "" };
	lws_state_notify_link_t *const list[] = { &link, NULL };

	lws_context_destroy(create(list, NULL));
	CHECK_STR(heard, "1-13 13-13 ");

	lws_context_destroy(create(NULL, NULL));
	CHECK_PTR(lws_system_get_state_manager(NULL), NULL);
	CHECK_PTR(lws_system_context_from_system_mgr(NULL), NULL);
}

static int leave(struct lws_state_manager *mgr, struct lws_state_notify_link *link, int current, int target)
{
	on_state(mgr, link, current, target);
	if (current == LWS_SYSTATE_TIME_VALID && target == LWS_SYSTATE_TIME_VALID)
		lws_context_destroy(mgr->context);

	return 0;
}

static void test_destroyed_by_notifier(void)
{
	lws_state_notify_link_t link = { .notify_cb = leave, .name = "" };
	lws_state_notify_link_t *const list[] = { &link, NULL };
	struct lws_context *context = create(list, NULL);

	CHECK(lws_service(context, 0) < 0);
	CHECK(strstr(heard, "12-13 13-13 destroy ") != NULL);
}

/* Requests from other threads, with a lock of the program's */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t service_thread;

static int attach(struct lws_context *context, int tsi, lws_attach_cb_t cb, lws_system_states_t state, void *opaque,
		  struct lws_attach_item **get)
{
	int result;

	pthread_mutex_lock(&lock);
	result = __lws_system_attach(context, tsi, cb, state, opaque, get);
	pthread_mutex_unlock(&lock);

	return result;
}

static void on_attached(struct lws_context *context, int tsi, void *opaque)
{
	char text[32];

	CHECK(pthread_equal(service_thread, pthread_self()));
	CHECK(lws_system_get_state_manager(context) != NULL);
	snprintf(text, sizeof(text), "%s@%d ", (const char *)opaque, tsi);
	note(text);
}

static void *ask(void *opaque)
{
	struct lws_context *context = opaque;
	const lws_system_ops_t *ops = lws_system_get_ops(context);

	CHECK_INT(ops->attach(context, 0, on_attached, LWS_SYSTATE_OPERATIONAL, "late", NULL), 0);
	CHECK_INT(ops->attach(context, 0, on_attached, LWS_SYSTATE_UNKNOWN, "one", NULL), 0);
	CHECK_INT(ops->attach(context, 0, on_attached, LWS_SYSTATE_UNKNOWN, "two", NULL), 0);
	CHECK_INT(ops->attach(context, 7, on_attached, LWS_SYSTATE_UNKNOWN, "nowhere", NULL), 1);

	return NULL;
}

static void test_attach(void)
{
	static const lws_system_ops_t ops = { .attach = attach };
	lws_state_notify_link_t link = { .notify_cb = on_state, .name = "" };
	lws_state_notify_link_t *const list[] = { &link, NULL };
	struct lws_context *context = create(list, &ops);
	lws_state_manager_t *manager = lws_system_get_state_manager(context);
	pthread_t thread;

	CHECK_PTR(lws_system_get_ops(context), &ops);
	service_thread = pthread_self();
	hold = LWS_SYSTATE_OPERATIONAL;
	CHECK_INT(lws_service(context, -1), 0);
	CHECK_INT(manager->state, LWS_SYSTATE_AUTH2);

	heard[0] = 0;
	REQUIRE(!pthread_create(&thread, NULL, ask, context));
	pthread_join(thread, NULL);
	CHECK_INT(lws_service(context, 0), 0);
	CHECK_STR(heard, "one@0 two@0 ");

	/* the third waits for its state, and arriving there is enough to wake the service thread */
	hold = -1;
	heard[0] = 0;
	CHECK_INT(lws_service(context, -1), 0);
	CHECK_STR(heard, "");
	lws_state_transition(manager, LWS_SYSTATE_OPERATIONAL);
	CHECK_STR(heard, "11-12 12-12 ");
	CHECK_INT(lws_service(context, 0), 0);
	CHECK_STR(heard, "11-12 12-12 late@0 ");

	/* what is never called is freed with the context */
	CHECK_INT(attach(context, 0, on_attached, LWS_SYSTATE_POLICY_INVALID, "never", NULL), 0);
	lws_context_destroy(context);
	CHECK(!strstr(heard, "never"));
}

/* Whether the internet can be reached */

static int detections;

static int detect(struct lws_context *context)
{
	CHECK_INT(lws_system_cpd_state_get(context), LWS_CPD_UNKNOWN);
	detections++;

	return 0;
}

static void test_internet(void)
{
	static const lws_system_ops_t ops = { .captive_portal_detect_request = detect };
	lws_state_notify_link_t link = { .notify_cb = on_state, .name = "" };
	lws_state_notify_link_t *const list[] = { &link, NULL };
	struct lws_context *context = create(list, &ops);
	lws_state_manager_t *manager = lws_system_get_state_manager(context);

	hold = LWS_SYSTATE_CPD_PRE_TIME;
	CHECK_INT(lws_service(context, -1), 0);
	hold = -1;
	CHECK_INT(lws_system_cpd_state_get(context), LWS_CPD_UNKNOWN);
	CHECK_INT(lws_system_cpd_start(context), 0);
	CHECK_INT(detections, 1);
	CHECK_INT(manager->state, LWS_SYSTATE_DHCP);
	lws_system_cpd_set(context, LWS_CPD_INTERNET_OK);
	CHECK_INT(manager->state, LWS_SYSTATE_OPERATIONAL);
	CHECK_INT(lws_system_cpd_state_get(context), LWS_CPD_INTERNET_OK);

	/* once told, until it is asked again */
	lws_system_cpd_set(context, LWS_CPD_NO_INTERNET);
	CHECK_INT(lws_system_cpd_state_get(context), LWS_CPD_INTERNET_OK);
	lws_system_cpd_start_defer(context, 1000);
	CHECK_INT(detections, 1);
	while (detections < 2)
		REQUIRE_INT(lws_service(context, 0), 0);
	CHECK_INT(lws_system_cpd_state_get(context), LWS_CPD_UNKNOWN);
	lws_system_cpd_set(context, LWS_CPD_CAPTIVE_PORTAL);
	CHECK_INT(lws_system_cpd_state_get(context), LWS_CPD_CAPTIVE_PORTAL);

	/* a detection that is still to come does not outlive the context */
	lws_system_cpd_start_defer(context, 1000 * LWS_US_PER_SEC);
	lws_context_destroy(context);
	CHECK_INT(detections, 2);

	context = create(NULL, NULL);
	CHECK_INT(lws_system_cpd_start(context), 1);
	lws_context_destroy(context);
	CHECK_INT(lws_system_cpd_start(NULL), 1);
}

static void test_blobs(void)
{
	static const uint8_t text[] = "0123456789";
	struct lws_context *context = create(NULL, NULL);
	lws_system_blob_t *blob = lws_system_get_blob(context, LWS_SYSBLOB_TYPE_DEVICE_SERIAL, 0);
	const uint8_t *at = NULL;
	uint8_t copy[16];
	size_t length;

	REQUIRE(blob);
	CHECK_PTR(lws_system_get_blob(context, LWS_SYSBLOB_TYPE_DEVICE_SERIAL, 0), blob);
	CHECK_PTR(lws_system_get_blob(context, LWS_SYSBLOB_TYPE_DEVICE_SERIAL, 1), NULL);
	CHECK_PTR(lws_system_get_blob(context, LWS_SYSBLOB_TYPE_DEVICE_SERIAL, -1), NULL);
	CHECK_PTR(lws_system_get_blob(context, LWS_SYSBLOB_TYPE_COUNT, 0), NULL);
	CHECK_PTR(lws_system_get_blob(NULL, LWS_SYSBLOB_TYPE_AUTH, 0), NULL);
	CHECK(lws_system_get_blob(context, LWS_SYSBLOB_TYPE_AUTH, 1) != NULL);
	CHECK(lws_system_get_blob(context, LWS_SYSBLOB_TYPE_AUTH, 1) !=
	      lws_system_get_blob(context, LWS_SYSBLOB_TYPE_AUTH, 0));
	CHECK_PTR(lws_system_get_blob(context, LWS_SYSBLOB_TYPE_AUTH, 2), NULL);

	CHECK_INT(lws_system_blob_get_size(blob), 0);
	CHECK_INT(lws_system_blob_get_single_ptr(blob, &at), -1);
	length = sizeof(copy);
	CHECK(lws_system_blob_get(blob, copy, &length, 0) != 0);
	CHECK_INT(length, 0);

	/* the program's memory */
	lws_system_blob_direct_set(blob, text, 10);
	CHECK_INT(lws_system_blob_get_size(blob), 10);
	CHECK_INT(lws_system_blob_get_single_ptr(blob, &at), 0);
	CHECK_PTR(at, text);
	length = sizeof(copy);
	CHECK_INT(lws_system_blob_get(blob, copy, &length, 7), 0);
	CHECK_MEM(copy, length, "789", 3);
	CHECK(lws_system_blob_get(blob, copy, &length, 10) != 0);
	lws_set_log_level(0, NULL);
	CHECK_INT(lws_system_blob_heap_append(blob, text, 1), -1);

	/* copies, in pieces */
	lws_system_blob_heap_empty(blob);
	CHECK_INT(lws_system_blob_get_size(blob), 0);
	CHECK_INT(lws_system_blob_heap_append(blob, text, 4), 0);
	CHECK_INT(lws_system_blob_get_single_ptr(blob, &at), 0);
	CHECK_MEM(at, 4, "0123", 4);
	CHECK(at != text);
	CHECK_INT(lws_system_blob_heap_append(blob, text + 4, 6), 0);
	CHECK_INT(lws_system_blob_heap_append(blob, text, 0), -1);
	CHECK_INT(lws_system_blob_get_size(blob), 10);
	CHECK_INT(lws_system_blob_get_single_ptr(blob, &at), -1);
	length = 4;
	CHECK_INT(lws_system_blob_get(blob, copy, &length, 2), 0);
	CHECK_MEM(copy, length, "2345", 4);
	length = sizeof(copy);
	CHECK_INT(lws_system_blob_get(blob, copy, &length, 9), 0);
	CHECK_MEM(copy, length, "9", 1);
	CHECK(lws_system_blob_get(blob, copy, &length, 10) != 0);

	/* pointing elsewhere frees the copies; what is left is freed with the context */
	lws_system_blob_direct_set(blob, text, 1);
	CHECK_INT(lws_system_blob_get_size(blob), 1);
	lws_system_blob_destroy(blob);
	lws_system_blob_destroy(NULL);
	CHECK_INT(lws_system_blob_get_size(blob), 0);
	CHECK_INT(lws_system_blob_heap_append(blob, text, 4), 0);
	lws_context_destroy(context);
}

TEST_MAIN({ "stages", test_stages }, { "held back", test_held_back }, { "never serviced", test_never_serviced },
	  { "destroyed by a notifier", test_destroyed_by_notifier }, { "attach", test_attach },
	  { "internet", test_internet }, { "blobs", test_blobs })
