/*
 * Requests for writable callbacks. They never wait, because programs make them with locks held that their callbacks
 * take too: a handle is pushed on a lock-free stack that the service thread takes as a whole.
 */
#include "private.h"

static void wake_if_foreign(struct golws_thread *thread)
{
	/* The service thread looks at the requests before it waits. */
	if (!(golws_thread_is_mine(thread) && thread->in_service))
		golws_thread_wake(thread);
}

int lws_callback_on_writable(struct lws *wsi)
{
	struct golws_thread *thread;
	uintptr_t head;

	if (!golws_runtime_usable() || !golws_wsi_valid(wsi, __func__))
		return -1;
	thread = wsi->thread;
	if (__atomic_load_n(&wsi->answering, __ATOMIC_RELAXED) && golws_thread_is_mine(thread)) {
		wsi->asked = 1;
		return 1;
	}
	if (__atomic_exchange_n(&wsi->writable, 1, __ATOMIC_ACQ_REL))
		return 1; /* requested already */
	if (wsi->parent)
		__atomic_store_n(&wsi->parent->child_pending, 1, __ATOMIC_RELAXED);
	head = __atomic_load_n(&thread->writable, __ATOMIC_RELAXED);
	do
		wsi->next_writable = (struct lws *)head;
	while (!__atomic_compare_exchange_n(&thread->writable, &head, (uintptr_t)wsi, 1, __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED));
	wake_if_foreign(thread);
	return 1;
}

static int request_all(struct lws_vhost *vhost, int index)
{
	struct lws_context *context = vhost->context;
	int i;

	__atomic_store_n(&vhost->writable_all[index], UINT32_MAX, __ATOMIC_RELEASE);
	for (i = 0; i < context->count_threads; i++) {
		__atomic_store_n(&context->threads[i]->scan_all, 1, __ATOMIC_RELEASE);
		wake_if_foreign(context->threads[i]);
	}
	return 0;
}

int lws_callback_on_writable_all_protocol_vhost(const struct lws_vhost *vhost, const struct lws_protocols *protocol)
{
	int index;

	if (!golws_runtime_usable() || !golws_vhost_valid(vhost, __func__))
		return -1;
	index = golws_vhost_protocol_index(vhost, protocol);
	if (index < 0) {
		lwsl_err("%s: protocol %p is not of this vhost\n", __func__, (const void *)protocol);
		return -1;
	}
	return request_all((struct lws_vhost *)vhost, index);
}

int lws_callback_on_writable_all_protocol(const struct lws_context *context, const struct lws_protocols *protocol)
{
	struct lws_vhost *vhost;
	int index, i;

	if (!golws_runtime_usable() || !golws_context_valid(context, __func__))
		return -1;
	if (!protocol) {
		lwsl_err("%s: protocol is NULL\n", __func__);
		return -1;
	}
	/* Two vhosts may have the same list of protocols, or lists that name the same callback. */
	for (vhost = context->vhosts; vhost; vhost = vhost->next) {
		index = golws_vhost_protocol_index(vhost, protocol);
		if (index >= 0) {
			request_all(vhost, index);
			continue;
		}
		for (i = 0; i < vhost->count_protocols; i++)
			if (vhost->protocols[i].callback == protocol->callback && vhost->protocols[i].name &&
			    protocol->name && !strcmp(vhost->protocols[i].name, protocol->name))
				request_all(vhost, i);
	}
	return 0;
}

static int call_all(struct lws_vhost *vhost, const struct lws_protocols *protocol, int reason, void *in, size_t len)
{
	int i;

	for (i = 0; i < vhost->count_protocols; i++)
		if (!protocol || &vhost->protocols[i] == protocol ||
		    (vhost->protocols[i].callback == protocol->callback && vhost->protocols[i].name && protocol->name &&
		     !strcmp(vhost->protocols[i].name, protocol->name)))
			lwsgo_vhost_callback_all(vhost->index, i, reason, in, len);
	return 0;
}

int lws_callback_all_protocol(struct lws_context *context, const struct lws_protocols *protocol, int reason)
{
	struct lws_vhost *vhost;

	if (!golws_enter_context(context, __func__))
		return -1;
	for (vhost = context->vhosts; vhost; vhost = vhost->next)
		call_all(vhost, protocol, reason, NULL, 0);
	golws_leave_context(context);
	return 0;
}

int lws_callback_all_protocol_vhost_args(struct lws_vhost *vhost, const struct lws_protocols *protocol, int reason,
					 void *argp, size_t len)
{
	if (!golws_vhost_valid(vhost, __func__) || !golws_enter_context(vhost->context, __func__))
		return -1;
	call_all(vhost, protocol, reason, argp, len);
	golws_leave_context(vhost->context);
	return 0;
}

int lws_callback_all_protocol_vhost(struct lws_vhost *vhost, const struct lws_protocols *protocol, int reason)
{
	return lws_callback_all_protocol_vhost_args(vhost, protocol, reason, NULL, 0);
}

int lws_callback_vhost_protocols(struct lws *wsi, int reason, void *in, size_t len)
{
	int i;

	if (!golws_runtime_usable() || !golws_wsi_readable(wsi, __func__))
		return 1;
	for (i = 0; i < wsi->vhost->count_protocols; i++)
		if (wsi->vhost->protocols[i].callback &&
		    wsi->vhost->protocols[i].callback(wsi, (enum lws_callback_reasons)reason, NULL, in, len))
			return 1;
	return 0;
}

int lws_callback_vhost_protocols_vhost(struct lws_vhost *vhost, int reason, void *in, size_t len)
{
	int i;

	if (!golws_runtime_usable() || !golws_vhost_valid(vhost, __func__))
		return 1;
	for (i = 0; i < vhost->count_protocols; i++)
		if (golws_vhost_call(vhost, &vhost->protocols[i], reason, in, len))
			return 1;
	return 0;
}
