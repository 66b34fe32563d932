/*
 * The service thread: its lock, its wait, and what other threads may ask of it without waiting.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "event_loop.h"
#include "private.h"
#include "tls.h"

static void own(struct golws_thread *thread, int depth)
{
	__atomic_store_n(&thread->owner, pthread_self(), __ATOMIC_RELAXED);
	__atomic_store_n(&thread->depth, depth, __ATOMIC_RELEASE);
}

/*
 * Whoever waits for the mutex holds the turnstile, so that a service thread that comes back for its next turn queues
 * behind it.
 */
static void acquire(struct golws_thread *thread)
{
	pthread_mutex_lock(&thread->turnstile);
	pthread_mutex_lock(&thread->mutex);
	pthread_mutex_unlock(&thread->turnstile);
}

/*
 * The lock of another service thread of the same context, from inside a callback: two threads that want each other's
 * would wait for ever. So a thread that would have to wait lets go of what it has, and takes all of it again in the order of
 * the threads. What others do meanwhile is what the callback could have done itself by calling the library. Whoever
 * serves one of the threads that were let go waits until its callback has returned (parked).
 *
 * Returns 0 without anything done where this thread has no other lock of the context.
 */
static int acquire_in_order(struct golws_thread *thread)
{
	struct lws_context *context = __atomic_load_n(&thread->context, __ATOMIC_RELAXED);
	int depth[GOLWS_MAX_THREADS], count = context ? context->count_threads : 0, i, any = 0;

	for (i = 0; i < count; i++) {
		struct golws_thread *other = context->threads[i];

		depth[i] = other && golws_thread_is_mine(other) ? other->depth : 0;
		any |= depth[i];
	}
	if (!any)
		return 0;
	if (!pthread_mutex_trylock(&thread->turnstile)) {
		any = pthread_mutex_trylock(&thread->mutex);
		pthread_mutex_unlock(&thread->turnstile);
		if (!any)
			return 1;
	}
	for (i = 0; i < count; i++)
		if (depth[i]) {
			context->threads[i]->parked++;
			__atomic_store_n(&context->threads[i]->depth, 0, __ATOMIC_RELEASE);
			pthread_mutex_unlock(&context->threads[i]->mutex);
		}
	for (i = 0; i < count; i++) {
		struct golws_thread *other = context->threads[i];

		if (!depth[i] && other != thread)
			continue;
		acquire(other);
		if (depth[i]) {
			other->parked--;
			own(other, depth[i]);
		}
	}
	return 1;
}

/*
 * A cancelled thread unwinds its stack, which must not have Go's frames on it nor leave a lock held: while a thread has
 * the service lock it cannot be cancelled, whatever the callbacks call.
 */
void golws_thread_lock(struct golws_thread *thread)
{
	int cancel_state;

	if (golws_thread_is_mine(thread)) {
		__atomic_store_n(&thread->depth, thread->depth + 1, __ATOMIC_RELEASE);
		return;
	}
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
	if (!acquire_in_order(thread))
		acquire(thread);
	thread->cancel_state = cancel_state;
	own(thread, 1);
}

void golws_thread_unlock(struct golws_thread *thread)
{
	int depth = thread->depth - 1, cancel_state = thread->cancel_state;

	__atomic_store_n(&thread->depth, depth, __ATOMIC_RELEASE);
	if (!depth) {
		pthread_mutex_unlock(&thread->mutex);
		pthread_setcancelstate(cancel_state, NULL);
	}
}

void golws_thread_wake(struct golws_thread *thread)
{
	static const uint64_t one = 1;
	int saved = errno;

	if (write(thread->wake_fd, &one, sizeof(one)) < 0) {
		/* EAGAIN: the counter is full, so that a wake-up is pending already */
	}
	errno = saved;
}

int golws_enter_unsent(struct lws *wsi, const char *function)
{
	struct golws_thread *thread;

	if (!golws_runtime_usable() || !golws_wsi_valid(wsi, function))
		return 0;
	thread = wsi->thread;
	golws_thread_lock(thread);
	if (__builtin_expect(wsi->state != GOLWS_LIVE || wsi->thread != thread, 0)) {
		golws_thread_unlock(thread);
		return golws_wsi_valid(wsi, function) && 0; /* closed while this thread waited for the lock */
	}
	/* What is about to happen may end the state in which messages can be deferred. */
	wsi->mirror &= ~(uint32_t)GOLWS_MIRROR_DEFER;
	return 1;
}

int golws_enter(struct lws *wsi, const char *function)
{
	if (!golws_enter_unsent(wsi, function))
		return 0;
	if (wsi->thread->deferred_used)
		lwsgo_send_deferred(wsi->thread->context->index, wsi->thread->tsi);
	return 1;
}

void golws_enter_thread(struct golws_thread *thread)
{
	golws_thread_lock(thread);
	if (thread->deferred_used)
		lwsgo_send_deferred(thread->context->index, thread->tsi);
}

/*
 * What a thread that does not serve has left behind is done by the one that does. That may be the same one between two
 * turns, which need not be woken then.
 */
void golws_leave_thread(struct golws_thread *thread)
{
	if (!thread->in_service && thread->depth == 1)
		lwsgo_after_call(thread->context->index, thread->tsi,
				 thread->comes_back && pthread_equal(thread->server, pthread_self()), &thread->next_deadline,
				 &thread->busy);
	golws_thread_unlock(thread);
}

void golws_leave(struct lws *wsi)
{
	golws_leave_thread(wsi->thread);
}

int golws_enter_context(struct lws_context *context, const char *function)
{
	int i;

	if (!golws_runtime_usable() || !golws_context_valid(context, function))
		return 0;
	for (i = 0; i < context->count_threads; i++)
		golws_enter_thread(context->threads[i]);
	return 1;
}

void golws_leave_context(struct lws_context *context)
{
	int i = context->count_threads;

	while (i-- > 0)
		golws_leave_thread(context->threads[i]);
}

static void deliver_wait_cancelled(struct golws_thread *thread)
{
	struct lws_vhost *vhost;
	int i;

	for (vhost = thread->context->vhosts; vhost; vhost = vhost->next)
		for (i = 0; i < vhost->count_protocols && !vhost->being_destroyed; i++)
			golws_vhost_call(vhost, &vhost->protocols[i], LWS_CALLBACK_EVENT_WAIT_CANCELLED, NULL, 0);
}

/* When the thread has something to do that no event announces, monotonic µs; 0: now, INT64_MAX: never. */
static int64_t next_work(struct golws_thread *thread)
{
	int64_t deadline = golws_sul_heap_next(thread->suls);

	if (thread->busy || __atomic_load_n(&thread->writable, __ATOMIC_ACQUIRE) ||
	    __atomic_load_n(&thread->scan_all, __ATOMIC_ACQUIRE) ||
	    __atomic_load_n(&thread->cancelled, __ATOMIC_ACQUIRE) ||
	    __atomic_load_n(&thread->posts, __ATOMIC_ACQUIRE) || thread->context->destroy_requested)
		return 0;
	if (thread->next_deadline >= 0 && thread->next_deadline < deadline)
		deadline = thread->next_deadline;
	return deadline;
}

/* In µs, or -1 for no limit. */
static int64_t wait_time(struct golws_thread *thread, int64_t now)
{
	int64_t deadline = next_work(thread);

	if (deadline == INT64_MAX)
		return -1;
	return deadline <= now ? 0 : deadline - now;
}

/* events are the caller's, as nothing keeps a program from having two threads wait for the same service thread. */
static int wait_events(struct golws_thread *thread, struct epoll_event *events, int64_t us)
{
#if defined(GOLWS_HAVE_EPOLL_PWAIT2)
	static int no_pwait2; /* kernels before 5.11 */

	if (us > 0 && !__atomic_load_n(&no_pwait2, __ATOMIC_RELAXED)) {
		struct timespec ts = {.tv_sec = us / 1000000, .tv_nsec = (us % 1000000) * 1000};
		int n = epoll_pwait2(thread->epoll_fd, events, GOLWS_EVENTS, &ts, NULL);

		if (n >= 0 || (errno != ENOSYS && errno != EPERM))
			return n;
		__atomic_store_n(&no_pwait2, 1, __ATOMIC_RELAXED);
	}
#endif
	if (us > 0)
		us = us > INT64_C(2000000000) * 1000 ? 2000000000 : (us + 999) / 1000;
	return epoll_wait(thread->epoll_fd, events, GOLWS_EVENTS, (int)us);
}

/*
 * The timer that makes the pollable descriptor readable when no event will. One that is armed too early stays: the turn
 * that it leads to arms it again, and timers that move into the future, as timeouts do with each message, cost nothing.
 */
static void arm_timer(struct golws_thread *thread)
{
	struct itimerspec spec = {0};
	int64_t deadline = next_work(thread), now = lws_now_usecs();

	if (thread->armed <= now ? deadline <= now : deadline >= thread->armed)
		return;
	thread->armed = deadline;
	if (deadline != INT64_MAX) {
		/* All zero would disarm it, and 0 means at once here. */
		spec.it_value.tv_sec = deadline / 1000000;
		spec.it_value.tv_nsec = deadline % 1000000 * 1000 + (deadline ? 0 : 1);
	}
	if (timerfd_settime(thread->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL))
		lwsl_err("%s: timerfd_settime: errno %d\n", __func__, errno);
}

/* The Go side knows nothing of the timer. Setting it anew ends its event. */
static int without_timer(struct epoll_event *events, int count)
{
	int i;

	for (i = 0; i < count; i++)
		if (events[i].data.u64 == GOLWS_TIMER_EVENT) {
			memmove(&events[i], &events[i + 1], (size_t)(count - i - 1) * sizeof(events[0]));
			return count - 1;
		}
	return count;
}

static void remove_frame(struct golws_frame *frame)
{
	struct golws_frame **place;

	for (place = &frame->thread->frames; *place; place = &(*place)->next)
		if (*place == frame) {
			*place = frame->next;
			return;
		}
}

static void frame_cancelled(void *argument)
{
	struct golws_frame *frame = argument;

	if (__atomic_load_n(&frame->gone, __ATOMIC_ACQUIRE))
		return;
	golws_thread_lock(frame->thread);
	remove_frame(frame);
	golws_thread_unlock(frame->thread);
}

void golws_service_let_go(struct golws_thread *thread)
{
	struct golws_frame *frame;

	while ((frame = thread->frames)) {
		thread->frames = frame->next;
		__atomic_store_n(&frame->gone, 1, __ATOMIC_RELEASE);
	}
}

/* Whether lws_service is under way on another thread than the destroyer; the destroyer's own calls let go. */
static int others_serve(struct golws_thread *thread, pthread_t destroyer)
{
	struct golws_frame *frame;

	for (frame = thread->frames; frame; frame = frame->next)
		if (!pthread_equal(frame->self, destroyer))
			return 1;
	golws_service_let_go(thread);
	return 0;
}

void golws_service_end(struct lws_context *context, pthread_t destroyer)
{
	int i, serving;

	for (i = 0; i < context->count_threads; i++)
		for (;;) {
			golws_thread_lock(context->threads[i]);
			serving = others_serve(context->threads[i], destroyer);
			golws_thread_unlock(context->threads[i]);
			if (!serving)
				break;
			golws_thread_wake(context->threads[i]);
			usleep(100);
		}
}

static void lock_between_turns(struct golws_thread *thread)
{
	int cancel_state;

	golws_thread_lock(thread);
	while (thread->parked) {
		golws_thread_unlock(thread);
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
		usleep(100);
		pthread_setcancelstate(cancel_state, NULL);
		golws_thread_lock(thread);
	}
}

enum { CONTEXT_GONE = -2 };

/* The program was called since the Go side was asked last when it has something to do. */
static void look_again(struct golws_thread *thread)
{
	lwsgo_after_call(thread->context->index, thread->tsi, 1, &thread->next_deadline, &thread->busy);
}

void golws_service_leave_child(struct golws_thread *thread)
{
	struct golws_frame *frame;

	for (frame = thread->frames; frame; frame = frame->next)
		if (frame->leave && pthread_equal(frame->self, pthread_self()))
			longjmp(*frame->leave, 1);
}

/* 0 in a child that was forked in a callback. The lock is its own for ever, and nothing can be called any more. */
static int process_events(struct golws_thread *thread, int64_t now, struct epoll_event *events, int count,
			  struct golws_frame *frame)
{
	jmp_buf leave;

	if (setjmp(leave))
		return 0;
	frame->leave = &leave;
	lwsgo_service(thread->context->index, thread->tsi, now, events, count, &thread->next_deadline, &thread->busy);
	frame->leave = NULL;
	return 1;
}

/*
 * Runs with the service lock held; the wait in the middle does not, and is where the thread can be cancelled. It is not
 * held where the result is CONTEXT_GONE.
 */
static int service_turn(struct golws_thread *thread, int timeout_ms, struct golws_frame *frame)
{
	struct lws_context *context = thread->context;
	struct epoll_event events[GOLWS_EVENTS];
	int n, called, saved;
	int64_t us, now;

	now = lws_now_usecs();
	called = golws_sul_heap_service(thread->suls, now);
	if (golws_runtime_forked)
		return CONTEXT_GONE;
	us = __atomic_load_n(&context->ending, __ATOMIC_ACQUIRE) || context->destroy_requested || timeout_ms < 0 || called
		     ? 0
		     : wait_time(thread, now);
	thread->in_service = 0;
	golws_thread_unlock(thread);
	pthread_cleanup_push(frame_cancelled, frame);
	n = wait_events(thread, events, us);
	saved = errno;
	pthread_cleanup_pop(0);
	if (__atomic_load_n(&frame->gone, __ATOMIC_ACQUIRE) || golws_runtime_forked)
		return CONTEXT_GONE;
	lock_between_turns(thread);
	if (__atomic_load_n(&context->ending, __ATOMIC_ACQUIRE))
		return -1;
	thread->in_service = 1;
	if (n < 0 && saved != EINTR) {
		lwsl_err("%s: epoll_wait: errno %d\n", __func__, saved);
		return -1;
	}
	if (thread->timer_fd >= 0)
		n = without_timer(events, n);
	if (__atomic_exchange_n(&thread->cancelled, 0, __ATOMIC_ACQ_REL)) {
		deliver_wait_cancelled(thread);
		golws_system_attached(thread);
	}
	golws_posts_run(thread);
	now = lws_now_usecs();
	if (golws_runtime_forked || !process_events(thread, now, events, n > 0 ? n : 0, frame))
		return CONTEXT_GONE;
	if (golws_sul_heap_next(thread->suls) <= now && golws_sul_heap_service(thread->suls, now)) {
		if (golws_runtime_forked)
			return CONTEXT_GONE;
		look_again(thread);
	}
	if (thread->timer_fd >= 0)
		arm_timer(thread);
	return 0;
}

static struct golws_thread *find_thread(struct lws_context *context, int tsi, const char *function)
{
	if (!golws_runtime_usable() || !golws_context_valid(context, function))
		return NULL;
	if (tsi < 0 || tsi >= context->count_threads) {
		lwsl_err("%s: no service thread %d, count_threads is %d\n", function, tsi, context->count_threads);
		return NULL;
	}
	return context->threads[tsi];
}

/* What the program answers is of no use here, but some note the thread by it. */
static void ask_id(struct golws_thread *thread)
{
	struct lws_vhost *vhost = thread->context->vhosts;

	if (thread->asked_id || !vhost)
		return;
	thread->asked_id = 1;
	golws_vhost_call(vhost, &vhost->protocols[0], LWS_CALLBACK_GET_THREAD_ID, NULL, 0);
}

/*
 * What the first turn does: the protocols, the thread's identity, then the states of the system. No other thread serves
 * before that is done, so the callback of a connection never comes before PROTOCOL_INIT.
 */
static int start(struct golws_thread *thread)
{
	struct lws_context *context = thread->context;
	struct lws_vhost *vhost;

	if ((__atomic_load_n(&context->system_started, __ATOMIC_ACQUIRE) && (thread->asked_id || !context->vhosts)) ||
	    !golws_enter_context(context, "lws_service"))
		return 0;
	if (!context->protocols_initialised) {
		context->protocols_initialised = 1;
		for (vhost = context->vhosts; vhost; vhost = vhost->next)
			golws_vhost_initialise_protocols(vhost);
		golws_tls_check_ageing(context);
	}
	ask_id(thread);
	if (!context->system_started)
		golws_system_start_now(context);
	golws_leave_context(context);
	return 1;
}

struct loop_run {
	struct golws_frame *frame;
	struct golws_loop *loop;
};

/* The context can be destroyed afterwards. Whether its loop can be run once more is up to the loop's library. */
static void run_cancelled(void *argument)
{
	const struct loop_run *run = argument;

	if (!__atomic_load_n(&run->frame->gone, __ATOMIC_ACQUIRE))
		__atomic_store_n(&run->frame->thread->runs, 0, __ATOMIC_RELEASE);
	frame_cancelled(run->frame);
	/* What the library had on the stack, a reference to its loop for one, is nowhere else: the loop stays. */
	run->loop->program_runs = 1;
	golws_loop_release(run->loop);
}

/*
 * The loop of another library until somebody stops it. The lock is held before, and afterwards unless the result is
 * CONTEXT_GONE.
 */
static int run_loop(struct golws_thread *thread, struct golws_frame *frame)
{
	struct golws_loop *l = thread->loop;
	struct loop_run under_way = { frame, l };
	int gone;

	__atomic_add_fetch(&l->references, 1, __ATOMIC_RELAXED);
	thread->runner = pthread_self();
	__atomic_store_n(&thread->runs, 1, __ATOMIC_RELEASE);
	golws_thread_unlock(thread);
	pthread_cleanup_push(run_cancelled, &under_way);
	l->kind->run(l->loop);
	pthread_cleanup_pop(0);
	if (golws_runtime_forked)
		return CONTEXT_GONE;
	gone = __atomic_load_n(&frame->gone, __ATOMIC_ACQUIRE);
	if (!gone) {
		golws_thread_lock(thread);
		__atomic_store_n(&thread->runs, 0, __ATOMIC_RELEASE);
	} else if (l->own && l->kind->drain)
		l->kind->drain(l);
	golws_loop_release(l);
	return gone ? CONTEXT_GONE : 1;
}

static int serve(struct golws_thread *thread, int timeout_ms)
{
	struct lws_context *context = thread->context;
	struct golws_frame frame = {.thread = thread, .self = pthread_self(), .next = thread->frames};
	int result;

	thread->frames = &frame;
	if (thread->loop && timeout_ms >= 0)
		result = run_loop(thread, &frame);
	else {
		thread->in_service = 1;
		thread->comes_back = 0;
		if (start(thread))
			look_again(thread);
		result = service_turn(thread, timeout_ms, &frame);
	}
	if (result == CONTEXT_GONE)
		return -1;
	if (__atomic_load_n(&context->deprecated, __ATOMIC_ACQUIRE))
		golws_deprecated_turn(context);
	thread->in_service = 0;
	/* Who polls, or watches the pollable descriptor, waits elsewhere. */
	thread->comes_back = timeout_ms >= 0 && thread->timer_fd < 0;
	thread->server = pthread_self();
	remove_frame(&frame);
	if (!context->destroy_requested) {
		golws_thread_unlock(thread);
		return result;
	}
	golws_thread_unlock(thread);
	golws_context_destroy_now(context, pthread_self());
	return -1;
}

int lws_service_tsi(struct lws_context *context, int timeout_ms, int tsi)
{
	struct golws_thread *thread = find_thread(context, tsi, __func__);

	if (!thread)
		return -1;
	if (golws_thread_is_mine(thread) && thread->in_service) {
		lwsl_err("%s: called inside a callback of the same context\n", __func__);
		return -1;
	}
	golws_runtime_check_signal_handlers();
	lock_between_turns(thread);
	/* It may have ended while this thread waited for the lock. */
	if (thread->context != context || __atomic_load_n(&context->ending, __ATOMIC_ACQUIRE)) {
		golws_thread_unlock(thread);
		return -1;
	}
	return serve(thread, timeout_ms);
}

void golws_service_ready(struct golws_thread *thread)
{
	if (golws_thread_is_mine(thread) && thread->in_service)
		return; /* the program runs the loop inside a callback of ours: later */
	golws_runtime_check_signal_handlers();
	lock_between_turns(thread);
	serve(thread, -1);
}

int lws_service(struct lws_context *context, int timeout_ms)
{
	return lws_service_tsi(context, timeout_ms, 0);
}

int lws_service_pollable_fd(struct lws_context *context, int tsi)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = GOLWS_TIMER_EVENT};
	struct golws_thread *thread = find_thread(context, tsi, __func__);
	int timer_fd, result = -1;

	if (!thread)
		return -1;
	golws_thread_lock(thread);
	if (thread->timer_fd < 0) {
		timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
		if (timer_fd < 0 || epoll_ctl(thread->epoll_fd, EPOLL_CTL_ADD, timer_fd, &event)) {
			lwsl_err("%s: no timer descriptor: errno %d\n", __func__, errno);
			if (timer_fd >= 0)
				close(timer_fd);
			golws_thread_unlock(thread);
			return -1;
		}
		/* It means nothing for an epoll instance, but libevent's debug mode insists. */
		fcntl(thread->epoll_fd, F_SETFL, O_NONBLOCK);
		/* What is pending already, PROTOCOL_INIT for one, is done in a first turn at once. */
		thread->armed = 0;
		timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &(struct itimerspec){.it_value.tv_nsec = 1}, NULL);
		thread->timer_fd = timer_fd;
		thread->comes_back = 0;
	}
	result = thread->epoll_fd;
	golws_thread_unlock(thread);
	return result;
}

int lws_service_adjust_timeout(struct lws_context *context, int timeout_ms, int tsi)
{
	struct golws_thread *thread = find_thread(context, tsi, __func__);
	int64_t us;

	if (!thread)
		return 1;
	golws_poll_asked_for(context);
	golws_thread_lock(thread);
	if (!thread->in_service)
		if (start(thread))
			look_again(thread);
	us = wait_time(thread, lws_now_usecs());
	golws_thread_unlock(thread);
	/* Rounded up: a wait that ends before the timer is due would be repeated until it is. */
	if (us >= 0 && (timeout_ms < 0 || us < (int64_t)timeout_ms * 1000))
		return us > INT64_C(2000000000) * 1000 ? 2000000000 : (int)((us + 999) / 1000);
	return timeout_ms;
}

static void cancel_thread(struct golws_thread *thread)
{
	__atomic_store_n(&thread->cancelled, 1, __ATOMIC_RELEASE);
	golws_thread_wake(thread);
}

/* Called from signal handlers too: nothing here locks, allocates or logs unless the handle is wrong. */
void lws_cancel_service(struct lws_context *context)
{
	int i;

	if (golws_runtime_forked || !golws_context_valid(context, __func__))
		return;
	for (i = 0; i < context->count_threads; i++)
		cancel_thread(context->threads[i]);
}

void lws_cancel_service_pt(struct lws *wsi)
{
	if (golws_runtime_forked || !golws_wsi_readable(wsi, __func__))
		return;
	if (wsi->thread)
		cancel_thread(wsi->thread);
	else
		lws_cancel_service(wsi->context);
}

struct golws_sul_heap *golws_context_sul_heap(struct lws_context *context, int tsi)
{
	if (!golws_context_valid(context, __func__))
		return NULL;
	if (tsi < 0 || tsi >= context->count_threads) {
		lwsl_err("%s: no service thread %d\n", __func__, tsi);
		return NULL;
	}
	return context->threads[tsi]->suls;
}

void golws_context_lock(struct lws_context *context, int tsi)
{
	golws_thread_lock(context->threads[tsi]);
}

void golws_context_unlock(struct lws_context *context, int tsi)
{
	golws_thread_unlock(context->threads[tsi]);
}

void golws_context_wake(struct lws_context *context, int tsi)
{
	if (!context->threads[tsi]->in_service)
		golws_thread_wake(context->threads[tsi]);
}
