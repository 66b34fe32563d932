/* Names for plugins of event loops, which programs have come to link against. */
#include "private.h"
#include "lwsgo_adopt.h"

void lws_vhost_destroy1(struct lws_vhost *vh)
{
	lws_vhost_destroy(vh);
}

void lws_close_free_wsi(struct lws *wsi, enum lws_close_status reason, const char *caller)
{
	struct golws_thread *thread;

	if (!golws_enter(wsi, __func__))
		return;
	thread = wsi->thread;
	(void)caller; /* where informational lines are not compiled in */
	lwsl_info("%s: %s\n", __func__, caller ? caller : "");
	lwsgo_close(wsi->slot, (int)reason);
	golws_leave_thread(thread); /* the handle is gone */
}

/* Connections here wait for no foreign loop. */
void __lws_close_free_wsi_final(struct lws *wsi)
{
	lws_close_free_wsi(wsi, LWS_CLOSE_STATUS_NOSTATUS, __func__);
}

void lws_destroy_event_pipe(struct lws *wsi)
{
	lws_close_free_wsi(wsi, LWS_CLOSE_STATUS_NOSTATUS, __func__);
}

/* What may be delivered is delivered in the next turn, without being asked for. */
void lws_service_do_ripe_rxflow(struct lws_context_per_thread *pt)
{
	(void)pt;
}

int _lws_plat_service_forced_tsi(struct lws_context *context, int tsi)
{
	return lws_service_tsi(context, -1, tsi) < 0 ? -1 : 0;
}

struct lws *wsi_from_fd(const struct lws_context *const_context, int fd)
{
	struct lws_context *context = (struct lws_context *)const_context;
	struct lws *found = NULL;
	int i;

	if (fd < 0 || !golws_runtime_usable() || !golws_context_valid(context, __func__))
		return NULL;
	for (i = 0; i < context->count_threads && !found; i++) {
		golws_enter_thread(context->threads[i]);
		found = (struct lws *)lwsgo_connection_of(context->index, i, fd);
		golws_leave_thread(context->threads[i]);
	}
	return found;
}
