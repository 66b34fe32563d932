/*
 * A context that takes no new connections and ends with its last one.
 */
#include "private.h"

static void reload(struct lws_context *context, int tsi, void *opaque)
{
	lws_reload_func callback = context->reload;

	(void)tsi;
	(void)opaque;
	context->reload = NULL;
	if (callback)
		callback();
}

void lws_context_deprecate(struct lws_context *context, lws_reload_func cb)
{
	if (!golws_enter_context(context, __func__))
		return;
	if (!context->deprecated && !context->being_destroyed) {
		context->reload = cb;
		lwsgo_context_stop_listening(context->index);
		__atomic_store_n(&context->deprecated, 1, __ATOMIC_RELEASE);
		if (lws_service_post(context, 0, reload, NULL))
			context->reload = NULL;
	}
	golws_leave_context(context);
}

int lws_context_is_deprecated(struct lws_context *context)
{
	return golws_context_valid(context, __func__) && __atomic_load_n(&context->deprecated, __ATOMIC_ACQUIRE);
}

/* With the lock of one service thread held, at the end of its turn. */
void golws_deprecated_turn(struct lws_context *context)
{
	if (!golws_enter_context(context, "lws_service"))
		return;
	if (!context->reload && !lwsgo_context_connections(context->index)) {
		lwsl_notice("lws_service: the deprecated context ends with its last connection\n");
		context->destroy_requested = 1;
	}
	golws_leave_context(context);
}
