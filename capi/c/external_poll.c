/*
 * Poll loops of the program: the callbacks that tell which descriptors to poll, and lws_service_fd().
 *
 * There is one descriptor for each service thread, its epoll instance, which announces everything. It is told to the first
 * protocol of a vhost once the program asks for it: by LWS_SERVER_OPTION_EXTERNAL_POLL, or by one of the calls that
 * only such programs make. Others never hear of it, and have no timer descriptor to keep.
 */
#include "private.h"

static void tell(struct lws_vhost *vhost, int reason, int fd, int events)
{
	struct lws_pollargs arguments = {.fd = fd, .events = events};

	/* What the program does with its list is its own affair: a refusal changes nothing here. */
	golws_vhost_call(vhost, vhost->protocols, LWS_CALLBACK_LOCK_POLL, &arguments, 1);
	golws_vhost_call(vhost, vhost->protocols, reason, &arguments, 0);
	golws_vhost_call(vhost, vhost->protocols, LWS_CALLBACK_UNLOCK_POLL, &arguments, 1);
}

static void announce(struct golws_thread *thread)
{
	struct lws_vhost *vhost = thread->context->vhosts;

	while (vhost && vhost->being_destroyed)
		vhost = vhost->next;
	thread->announced_by = vhost;
	if (vhost)
		tell(vhost, LWS_CALLBACK_ADD_POLL_FD, thread->epoll_fd, LWS_POLLIN);
}

static void withdraw(struct golws_thread *thread)
{
	struct lws_vhost *vhost = thread->announced_by;

	thread->announced_by = NULL;
	if (vhost)
		tell(vhost, LWS_CALLBACK_DEL_POLL_FD, thread->epoll_fd, 0);
}

void golws_poll_announce(struct lws_context *context)
{
	int i;

	if (!context->external_poll || context->being_destroyed)
		return;
	for (i = 0; i < context->count_threads; i++)
		if (!context->threads[i]->announced_by && lws_service_pollable_fd(context, i) >= 0)
			announce(context->threads[i]);
}

void golws_poll_withdraw(struct lws_context *context, const struct lws_vhost *vhost)
{
	int i;

	for (i = 0; i < context->count_threads; i++)
		if (context->threads[i]->announced_by && (!vhost || context->threads[i]->announced_by == vhost))
			withdraw(context->threads[i]);
	/* The rest of the vhosts goes on. */
	if (vhost)
		golws_poll_announce(context);
}

void golws_poll_asked_for(struct lws_context *context)
{
	int i;

	if (__atomic_load_n(&context->external_poll, __ATOMIC_ACQUIRE))
		return;
	for (i = 0; i < context->count_threads; i++)
		if (context->threads[i]->loop || golws_thread_is_mine(context->threads[i]))
			return; /* another library's loop does it, or this is a callback, whose thread serves already */
	if (!golws_enter_context(context, "lws_service_fd"))
		return;
	__atomic_store_n(&context->external_poll, 1, __ATOMIC_RELEASE);
	golws_poll_announce(context);
	golws_leave_context(context);
}

static struct golws_thread *find(struct lws_context *context, int fd)
{
	int i;

	for (i = 0; i < context->count_threads; i++)
		if (context->threads[i]->epoll_fd == fd)
			return context->threads[i];
	return NULL;
}

int lws_service_fd_tsi(struct lws_context *context, struct lws_pollfd *pollfd, int tsi)
{
	struct golws_thread *thread;

	if (!golws_runtime_usable() || !golws_context_valid(context, __func__))
		return -1;
	if (tsi < 0 || tsi >= context->count_threads) {
		lwsl_err("%s: no service thread %d, count_threads is %d\n", __func__, tsi, context->count_threads);
		return -1;
	}
	golws_poll_asked_for(context);
	/* Old programs call it without a descriptor now and then, for the timers. */
	thread = pollfd ? find(context, pollfd->fd) : context->threads[tsi];
	if (!thread)
		return 0; /* the program's own */
	if (lws_service_tsi(context, -1, thread->tsi) < 0)
		return -1;
	if (pollfd)
		pollfd->revents = 0;
	return 0;
}

int lws_handle_POLLOUT_event(struct lws *wsi, struct lws_pollfd *pollfd)
{
	struct golws_thread *thread;
	int ends;

	(void)pollfd;
	if (!golws_enter(wsi, __func__))
		return -1;
	thread = wsi->thread;
	ends = lwsgo_writable_now(wsi->slot);
	golws_leave_thread(thread);
	return ends;
}

int lws_service_fd(struct lws_context *context, struct lws_pollfd *pollfd)
{
	return lws_service_fd_tsi(context, pollfd, 0);
}
