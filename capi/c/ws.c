/* What only WebSocket connections have. */
#include "private.h"
#include "lwsgo.h"

void lws_close_reason(struct lws *wsi, enum lws_close_status status, unsigned char *buf, size_t len)
{
	if (!golws_enter(wsi, __func__))
		return;
	lwsgo_ws_close_reason(wsi->slot, (int)status, buf, buf ? len : 0);
	golws_leave(wsi);
}
