/* Windows has no service thread yet, and so no context: what the portable parts ask of one says that there is none. */
#include <libwebsockets.h>

#include "sul.h"

struct golws_sul_heap *golws_context_sul_heap(struct lws_context *context, int tsi)
{
	(void)tsi;
	lwsl_err("%s: %p is no context\n", __func__, (void *)context);

	return NULL;
}

void golws_context_lock(struct lws_context *context, int tsi)
{
	(void)context;
	(void)tsi;
}

void golws_context_unlock(struct lws_context *context, int tsi)
{
	(void)context;
	(void)tsi;
}

void golws_context_wake(struct lws_context *context, int tsi)
{
	(void)context;
	(void)tsi;
}

int lws_get_count_threads(struct lws_context *context)
{
	(void)context;

	return 0;
}
