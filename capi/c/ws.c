/* What only WebSocket connections have. */
#include "private.h"
#include "lwsgo.h"
#include "scratch.h"

void lws_close_reason(struct lws *wsi, enum lws_close_status status, unsigned char *buf, size_t len)
{
	if (!golws_enter(wsi, __func__))
		return;
	lwsgo_ws_close_reason(wsi->slot, (int)status, buf, buf ? len : 0);
	golws_leave(wsi);
}

int lws_set_extension_option(struct lws *wsi, const char *ext_name, const char *opt_name, const char *opt_val)
{
	int n;

	if (!ext_name || !opt_name)
		return -1;
	if (!golws_enter(wsi, __func__))
		return -1;
	/* An option without a value is switched on. */
	n = lwsgo_ws_set_extension_option(wsi->slot, (void *)ext_name, (void *)opt_name, (void *)(opt_val ? opt_val : "1"));
	golws_leave(wsi);
	return n;
}

static int get_close_payload(struct lws *wsi, struct golws_scratch *scratch, const char *function)
{
	int n = 0;

	if (golws_enter(wsi, function)) {
		n = lwsgo_ws_close_payload(wsi->slot, scratch->close_payload, sizeof(scratch->close_payload) - 1);
		golws_leave(wsi);
	}
	scratch->close_payload[n] = '\0';
	return n;
}

int lws_get_close_length(struct lws *wsi)
{
	return get_close_payload(wsi, golws_scratch(), __func__);
}

unsigned char *lws_get_close_payload(struct lws *wsi)
{
	struct golws_scratch *scratch = golws_scratch();

	get_close_payload(wsi, scratch, __func__);
	return scratch->close_payload;
}
