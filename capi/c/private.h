/*
 * What the C shims share: entering the library, the service thread, the Go side's functions.
 */
#ifndef GOLWS_PRIVATE_H
#define GOLWS_PRIVATE_H

#include <libwebsockets.h>
#include <pthread.h>
#include <setjmp.h>
#include <sys/epoll.h>

#include "handles.h"
#include "runtime.h"
#include "sul.h"
#include "lwsgo.h"

#define GOLWS_EVENTS 64 /* more connections at a time fall out of the processor's cache between input and answer */
#define GOLWS_DEFERRED_SIZE 65536

/* In place of what the Go side puts into its epoll events, where the lower half is an index, or -1. */
#define GOLWS_TIMER_EVENT ((uint64_t)(uint32_t)-2)

/* A call of lws_service that is under way. The one that destroys the context meanwhile says so here. */
struct golws_frame {
	struct golws_thread *thread;
	pthread_t self;
	int gone; /* the context is no longer to be touched; atomic */
	jmp_buf *leave; /* see golws_service_leave_child; NULL: Go is not serving */
	struct golws_frame *next;
};

/* One service thread; upstream calls it pt. Its memory is used again, and never given back, so that it can be locked. */
struct golws_thread {
	pthread_mutex_t mutex;	   /* the service lock: held while anything of this thread is touched */
	pthread_mutex_t turnstile; /* held while waiting for mutex, so that a busy service thread lets others in */
	pthread_t owner;	   /* valid while depth > 0; atomic */
	int depth;		   /* how often owner has entered */
	int cancel_state;	   /* what owner's was before it entered */
	pthread_mutex_t posts_mutex; /* for posts, last_post and posts_closed */
	int parked;		   /* callbacks that are under way while their thread waits for the lock of another one */

	struct lws_context *context; /* NULL: none has it now */
	int tsi;
	int epoll_fd;
	int wake_fd;
	int timer_fd;		   /* in the epoll set once lws_service_pollable_fd was called, -1 before */
	int64_t armed;		   /* what timer_fd is set to, monotonic µs; INT64_MAX: not */
	int in_service;		   /* lws_service is under way and not waiting */
	int cancelled;		   /* lws_cancel_service was called; atomic */
	pthread_t server;	   /* whom comes_back is about */
	int comes_back;		   /* between two turns of lws_service: the next one will look before it waits */
	int asked_id;		   /* LWS_CALLBACK_GET_THREAD_ID was delivered */
	int busy;		   /* the Go side has work left: do not wait */
	int64_t next_deadline;	   /* of the Go side's timers, monotonic µs, or -1 */
	uintptr_t writable;	   /* stack of struct lws with a writable request; atomic */
	uint32_t scan_all;	   /* some protocol's writable_all has this thread's bit; atomic */
	struct lws *current;	   /* whose callback the Go side has called */
	struct golws_frame *frames; /* of lws_service, under the lock */
	struct golws_post *posts, *last_post; /* post.c; the first one is read without the mutex */
	int posts_closed;
	struct lws_vhost *announced_by; /* external_poll.c: whose first protocol was told of epoll_fd */
	struct golws_loop *loop;    /* of another library, or NULL */
	int runs;		    /* that loop runs in lws_service... ; atomic */
	pthread_t runner;	    /* ... of this thread */
	uint32_t deferred_used;	   /* bytes of deferred */
	unsigned char *deferred;   /* struct golws_deferred and their payloads, GOLWS_DEFERRED_SIZE */
	struct golws_sul_heap *suls;
};

/*
 * The service lock, recursive. A thread that serves has it already when its callbacks call the library, which costs
 * a comparison then.
 */
void golws_thread_lock(struct golws_thread *thread);
void golws_thread_unlock(struct golws_thread *thread);

/*
 * The order matters to a thread that had the lock before: with the depth that another thread has set it must not see
 * itself still as the owner, as ARM and RISC-V would let it.
 */
static inline int golws_thread_is_mine(struct golws_thread *thread)
{
	return __atomic_load_n(&thread->depth, __ATOMIC_ACQUIRE) &&
	       pthread_equal(__atomic_load_n(&thread->owner, __ATOMIC_RELAXED), pthread_self());
}

/*
 * In a child that was forked inside a callback and returns from it: Go, which would be returned to, may wait for threads that do
 * not exist here. lws_service() fails in place of that. Returns where it is not under way.
 */
void golws_service_leave_child(struct golws_thread *thread);

/* Ends the wait of the service thread. Async-signal-safe. */
void golws_thread_wake(struct golws_thread *thread);

/*
 * Every function that takes a wsi and crosses into Go begins with golws_enter and ends with golws_leave. Zero means
 * that the handle is not usable (logged) or that this is a forked child.
 */
int golws_enter(struct lws *wsi, const char *function);
void golws_leave(struct lws *wsi);

/* golws_enter for functions whose Go side sends itself what lws_write deferred */
int golws_enter_unsent(struct lws *wsi, const char *function);

/* The same for a service thread where there is no wsi yet. */
void golws_enter_thread(struct golws_thread *thread);
void golws_leave_thread(struct golws_thread *thread);

/* The same for all service threads of a context, in order, for what concerns a vhost or the context. */
int golws_enter_context(struct lws_context *context, const char *function);
void golws_leave_context(struct lws_context *context);

/* version.c: whether the interface has LWS_CALLBACK_CONNECTING, which that of soname 17 has not */
extern const int golws_has_connecting;

/* vhost.c */
struct lws_vhost *golws_vhost_create(struct lws_context *context, const struct lws_context_creation_info *info);
int golws_vhost_initialise_protocols(struct lws_vhost *vhost);
void golws_vhost_destroy_protocols(struct lws_vhost *vhost);
void golws_vhost_free(struct lws_vhost *vhost);
int golws_vhost_protocol_index(const struct lws_vhost *vhost, const struct lws_protocols *protocol);

/* A callback that concerns a protocol and no connection. */
int golws_vhost_call(struct lws_vhost *vhost, const struct lws_protocols *protocol, int reason, void *in, size_t len);

/* system.c */
int golws_system_create(struct lws_context *context, const struct lws_context_creation_info *info);
void golws_system_free(struct lws_context *context);
/* Brings the system up as far as the program's notifiers let it, on the first turn. */
void golws_system_start_now(struct lws_context *context);
/* The notifiers hear that the context ends. */
void golws_system_end(struct lws_context *context);
/* Calls what was attached to this thread and whose state is reached. */
void golws_system_attached(struct golws_thread *thread);

/* service.c, for loops of other libraries: a turn that does not wait */
void golws_service_ready(struct golws_thread *thread);
/* The calls of lws_service() for this thread that are under way will not touch the context any more. It is locked. */
void golws_service_let_go(struct golws_thread *thread);
/*
 * Has all service threads leave the context but for calls that are under way on the given thread, which find it gone
 * when they return.
 */
void golws_service_end(struct lws_context *context, pthread_t destroyer);

/* external_poll.c; all with the locks of the context held but the last one */
void golws_poll_announce(struct lws_context *context);
void golws_poll_withdraw(struct lws_context *context, const struct lws_vhost *vhost); /* NULL: all */
void golws_poll_asked_for(struct lws_context *context);

/* post.c; both with the lock held, and the second one at the end of the context */
void golws_posts_run(struct golws_thread *thread);
void golws_posts_end(struct golws_thread *thread);

/* deprecate.c */
void golws_deprecated_turn(struct lws_context *context);

/* context.c; destroyer is the thread that asks for it */
void golws_context_destroy_now(struct lws_context *context, pthread_t destroyer);
/* The end of a context that has lingered. */
void golws_context_gone(struct lws_context *context);

#endif
