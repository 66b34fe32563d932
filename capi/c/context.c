/*
 * Creating and destroying contexts.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "event_loop.h"
#include "keep_connected.h"
#include "private.h"
#include "tls.h"
#include "vfs.h"

/*
 * The memory of service threads, which is used again and never given back: who calls lws_service() while another thread
 * destroys the context may come too late, and finds a lock all the same.
 */
static struct {
	pthread_mutex_t mutex;
	struct golws_thread **threads;
	int used, size;
} unused_threads = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void thread_free(struct golws_thread *thread)
{
	if (!thread)
		return;
	if (thread->suls)
		golws_sul_heap_destroy(thread->suls);
	free(thread->deferred);
	if (thread->timer_fd >= 0)
		close(thread->timer_fd);
	golws_thread_lock(thread);
	__atomic_store_n(&thread->context, NULL, __ATOMIC_RELAXED);
	golws_thread_unlock(thread);
	pthread_mutex_lock(&unused_threads.mutex);
	if (unused_threads.used == unused_threads.size) {
		int size = unused_threads.size ? unused_threads.size * 2 : 8;
		struct golws_thread **bigger = realloc(unused_threads.threads, (size_t)size * sizeof(*bigger));

		if (bigger) {
			unused_threads.threads = bigger;
			unused_threads.size = size;
		}
	}
	if (unused_threads.used < unused_threads.size)
		unused_threads.threads[unused_threads.used++] = thread;
	pthread_mutex_unlock(&unused_threads.mutex);
}

static struct golws_thread *thread_take(void)
{
	struct golws_thread *thread = NULL;

	pthread_mutex_lock(&unused_threads.mutex);
	if (unused_threads.used)
		thread = unused_threads.threads[--unused_threads.used];
	pthread_mutex_unlock(&unused_threads.mutex);
	if (thread)
		return thread;
	thread = calloc(1, sizeof(*thread));
	if (thread) {
		pthread_mutex_init(&thread->mutex, NULL);
		pthread_mutex_init(&thread->turnstile, NULL);
		pthread_mutex_init(&thread->posts_mutex, NULL);
	}
	return thread;
}

static struct golws_thread *thread_create(struct lws_context *context, int tsi)
{
	const size_t kept = offsetof(struct golws_thread, context);
	struct golws_thread *thread = thread_take();

	if (!thread)
		return NULL;
	golws_thread_lock(thread);
	memset((char *)thread + kept, 0, sizeof(*thread) - kept);
	__atomic_store_n(&thread->context, context, __ATOMIC_RELAXED);
	thread->tsi = tsi;
	thread->next_deadline = -1;
	thread->epoll_fd = thread->wake_fd = thread->timer_fd = -1;
	golws_thread_unlock(thread);
	thread->suls = golws_sul_heap_create(context, tsi);
	thread->deferred = malloc(GOLWS_DEFERRED_SIZE);
	if (!thread->suls || !thread->deferred) {
		thread_free(thread);
		return NULL;
	}
	return thread;
}

static void context_free(struct lws_context *context)
{
	struct lws_vhost *vhost;
	int i;

	golws_loops_free(context);
	golws_system_free(context);
	golws_tls_end_ageing(context);
	while ((vhost = context->vhosts)) {
		context->vhosts = vhost->next;
		golws_vhost_free(vhost);
	}
	while ((vhost = context->retired)) {
		context->retired = vhost->next_retired;
		golws_vhost_free(vhost);
	}
	/* The last one first: the next context takes them in the order of this one, in which their locks are taken, too. */
	for (i = context->count_threads - 1; i >= 0; i--)
		thread_free(context->threads[i]);
	free(context->server_string);
	free(context->platform_fops);
	free(context->token_limits);
	free(context->alpn);
	if (context->pcontext)
		*context->pcontext = NULL;
	free(context->external_baggage);
	golws_context_release(context);
}

static int create_threads(struct lws_context *context, const struct lws_context_creation_info *info, int count)
{
	struct golws_thread_config configs[GOLWS_MAX_THREADS];
	int i;

	memset(configs, 0, sizeof(configs));
	for (i = 0; i < count; i++) {
		context->threads[i] = thread_create(context, i);
		if (!context->threads[i])
			return -1;
		context->count_threads = i + 1;
		configs[i].writable = &context->threads[i]->writable;
		configs[i].scan_all = &context->threads[i]->scan_all;
		configs[i].deferred = context->threads[i]->deferred;
		configs[i].deferred_used = &context->threads[i]->deferred_used;
	}
	context->index = lwsgo_context_create(context, configs, count, (int)context->pt_serv_buf_size,
					      info->simultaneous_ssl_restriction);
	if (!context->index)
		return -1;
	for (i = 0; i < count; i++) {
		context->threads[i]->epoll_fd = configs[i].epoll_fd;
		context->threads[i]->wake_fd = configs[i].wake_fd;
	}
	return 0;
}

/* Names win over numbers; a name that does not exist is an error, since going on as root would be none's wish. */
static int find_identity(struct lws_context *context, const struct lws_context_creation_info *info)
{
	struct passwd *user;
	struct group *group;

	context->uid = info->uid ? (int)info->uid : -1;
	context->gid = info->gid ? (int)info->gid : -1;
	if (info->groupname) {
		group = getgrnam(info->groupname);
		if (!group) {
			lwsl_err("%s: unknown group '%s'\n", __func__, info->groupname);
			return -1;
		}
		context->gid = (int)group->gr_gid;
	}
	if (info->username) {
		user = getpwnam(info->username);
		if (!user) {
			lwsl_err("%s: unknown user '%s'\n", __func__, info->username);
			return -1;
		}
		context->uid = (int)user->pw_uid;
	}
	return 0;
}

static int drop_privileges(struct lws_context *context)
{
	struct passwd *user;

	if (context->gid != -1 && setgid((gid_t)context->gid)) {
		lwsl_err("%s: setgid(%d): errno %d\n", __func__, context->gid, errno);
		return -1;
	}
	if (context->uid == -1)
		return 0;
	user = getpwuid((uid_t)context->uid);
	if (user && initgroups(user->pw_name, context->gid != -1 ? (gid_t)context->gid : user->pw_gid)) {
		lwsl_err("%s: initgroups(%s): errno %d\n", __func__, user->pw_name, errno);
		return -1;
	}
	if (setuid((uid_t)context->uid)) {
		lwsl_err("%s: setuid(%d): errno %d\n", __func__, context->uid, errno);
		return -1;
	}
	lwsl_notice("now running as uid %d, gid %d\n", (int)getuid(), (int)getgid());
	return 0;
}

static int set_platform_fops(struct lws_context *context, const struct lws_context_creation_info *info)
{
	struct lws_plat_file_ops *fops = calloc(1, sizeof(*fops));

	if (!fops)
		return -1;
	golws_platform_file_ops(fops, info->fops);
	context->fops = context->platform_fops = fops;
	context->own_fops = info->fops != NULL;
	return 0;
}

/* A copy: the program's may be gone when the context makes its next vhost. */
static int copy_token_limits(struct lws_context *context, const struct lws_context_creation_info *info)
{
	if (!info->token_limits)
		return 0;
	context->token_limits = malloc(sizeof(*info->token_limits));
	if (!context->token_limits)
		return -1;
	memcpy(context->token_limits, info->token_limits, sizeof(*info->token_limits));
	return 0;
}

static void set_file_limit(const struct lws_context_creation_info *info)
{
	struct rlimit limit;

	if (info->rlimit_nofile <= 0 || getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = (rlim_t)info->rlimit_nofile;
	if (limit.rlim_max < limit.rlim_cur)
		limit.rlim_max = limit.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		lwsl_warn("lws_create_context: cannot set RLIMIT_NOFILE to %d: errno %d\n", info->rlimit_nofile, errno);
}

struct lws_context *lws_create_context(const struct lws_context_creation_info *info)
{
	struct lws_context *context;
	int threads;

	if (!info) {
		lwsl_err("%s: info is NULL\n", __func__);
		return NULL;
	}
	/* Programs that ask for a loop fall back on another way when they get NULL. */
	if (!golws_loops_usable(info) || golws_runtime_start() || golws_handles_init())
		return NULL;
	golws_runtime_ignore_sigpipe();
	set_file_limit(info);
	context = golws_context_allocate();
	if (!context)
		return NULL;
	context->user = info->user;
	context->options = info->options;
	context->signal_cb = info->signal_cb;
	context->external_poll = !!(info->options & LWS_SERVER_OPTION_EXTERNAL_POLL);
	context->pcontext = info->pcontext;
	context->pt_serv_buf_size = info->pt_serv_buf_size ? info->pt_serv_buf_size : 4096;
	context->fd_limit_per_thread = info->fd_limit_per_thread;
	context->max_http_header_data =
		info->max_http_header_data ? info->max_http_header_data : (int)info->max_http_header_data2;
	context->reject_service_keywords = info->reject_service_keywords;
	context->timeout_secs = info->timeout_secs ? (int)info->timeout_secs : 20;
	context->secs_since_valid_ping = 300;
	context->secs_since_valid_hangup = 310;
	if (info->retry_and_idle_policy) {
		context->secs_since_valid_ping = info->retry_and_idle_policy->secs_since_valid_ping;
		context->secs_since_valid_hangup = info->retry_and_idle_policy->secs_since_valid_hangup;
	}
	if (info->server_string)
		context->server_string = strdup(info->server_string);
	if (info->alpn)
		context->alpn = strdup(info->alpn);
	threads = info->count_threads ? (int)info->count_threads : 1;
	if (threads > GOLWS_MAX_THREADS) {
		lwsl_warn("%s: count_threads %d is reduced to %d\n", __func__, threads, GOLWS_MAX_THREADS);
		threads = GOLWS_MAX_THREADS;
	}
	if (gethostname(context->canonical_hostname, sizeof(context->canonical_hostname) - 1))
		lws_strncpy(context->canonical_hostname, "unknown", sizeof(context->canonical_hostname));
	if (copy_token_limits(context, info) || set_platform_fops(context, info) || find_identity(context, info) ||
	    create_threads(context, info, threads) || golws_system_create(context, info))
		goto failed;
	if (!(info->options & LWS_SERVER_OPTION_EXPLICIT_VHOSTS)) {
		if (!golws_vhost_create(context, info) || drop_privileges(context))
			goto failed;
	}
	if (golws_loops_create(context, info))
		goto failed;
	context->external_baggage = info->external_baggage_free_on_destroy;
	if (context->pcontext)
		*context->pcontext = context;
	golws_poll_announce(context);
	return context;

failed:
	context->pcontext = NULL;
	if (context->index)
		lwsgo_context_destroy(context->index);
	context_free(context);
	return NULL;
}

int lws_finalize_startup(struct lws_context *context)
{
	if (!golws_runtime_usable() || !golws_context_valid(context, __func__))
		return -1;
	return context->options & LWS_SERVER_OPTION_EXPLICIT_VHOSTS ? drop_privileges(context) : 0;
}

void golws_context_gone(struct lws_context *context)
{
	lwsl_info("lws_context_destroy: the last handle of the program is closed\n");
	context_free(context);
}

void golws_context_destroy_now(struct lws_context *context, pthread_t destroyer)
{
	struct lws_vhost *vhost;
	int i, cancel_state;

	if (__atomic_exchange_n(&context->ending, 1, __ATOMIC_ACQ_REL))
		return;
	/* Half a context would be left. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
	golws_service_end(context, destroyer);
	if (!golws_enter_context(context, "lws_context_destroy")) {
		pthread_setcancelstate(cancel_state, NULL);
		return;
	}
	context->being_destroyed = 1;
	context->destroy_requested = 0;
	for (i = 0; i < context->count_threads; i++)
		context->threads[i]->in_service = 1;
	for (i = 0; i < context->count_threads; i++)
		golws_posts_end(context->threads[i]);
	golws_system_end(context);
	golws_poll_withdraw(context, NULL);
	golws_loops_detach(context);
	lwsgo_context_destroy(context->index);
	golws_keep_connected_abandon(context, NULL);
	for (vhost = context->vhosts; vhost; vhost = vhost->next)
		golws_vhost_destroy_protocols(vhost);
	for (i = 0; i < context->count_threads; i++) {
		context->threads[i]->in_service = 0;
		golws_thread_unlock(context->threads[i]);
	}
	if (golws_loops_wait(context))
		context->lingering = 1;
	else
		context_free(context);
	pthread_setcancelstate(cancel_state, NULL);
}

static int on_signal_stack(void)
{
	stack_t stack;

	return !sigaltstack(NULL, &stack) && (stack.ss_flags & SS_ONSTACK);
}

struct request {
	struct lws_context *context;
	pthread_t destroyer;
};

static void *destroy(void *argument)
{
	const struct request *request = argument;

	golws_context_destroy_now(request->context, request->destroyer);
	return NULL;
}

/*
 * A signal handler that takes the program down runs on the thread's alternative stack. Go code leaves that stack for
 * one of its own, whereupon the next signal would be handled at its top, over the frames of this handler. So another
 * thread does it, and this one waits here, where the stack is known to be in use.
 */
static void destroy_for_handler(struct lws_context *context)
{
	struct request request = {context, pthread_self()};
	sigset_t all, before;
	pthread_t thread;
	int cancel_state, error;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, NULL, destroy, &request);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error)
		lwsl_err("lws_context_destroy: in a signal handler, and no thread to be had: errno %d\n", error);
	else
		pthread_join(thread, NULL);
	pthread_setcancelstate(cancel_state, NULL);
}

void lws_context_destroy(struct lws_context *context)
{
	int i;

	if (!context || !golws_runtime_usable() || !golws_context_valid(context, __func__) ||
	    __atomic_load_n(&context->ending, __ATOMIC_ACQUIRE))
		return;
	for (i = 0; i < context->count_threads; i++) {
		struct golws_thread *thread = context->threads[i];

		if (golws_thread_is_mine(thread)) {
			/* Inside a callback: done when lws_service is about to return, which then fails. */
			context->destroy_requested = 1;
			return;
		}
		if (__atomic_load_n(&thread->runs, __ATOMIC_ACQUIRE) && pthread_equal(thread->runner, pthread_self())) {
			/*
			 * Inside what a loop of another library calls, or in a signal handler in the middle of it: done
			 * when the loop looks at us the next time.
			 */
			context->destroy_requested = 1;
			golws_thread_wake(thread);
			return;
		}
	}
	if (on_signal_stack())
		destroy_for_handler(context);
	else
		golws_context_destroy_now(context, pthread_self());
}

int lws_context_is_being_destroyed(struct lws_context *context)
{
	return !golws_context_valid(context, __func__) || context->being_destroyed || context->destroy_requested;
}

void *lws_context_user(struct lws_context *context)
{
	return golws_context_valid(context, __func__) ? context->user : NULL;
}

int lws_get_count_threads(struct lws_context *context)
{
	return golws_context_valid(context, __func__) ? context->count_threads : 0;
}

const char *lws_canonical_hostname(struct lws_context *context)
{
	return golws_context_valid(context, __func__) ? context->canonical_hostname : NULL;
}

void lws_get_effective_uid_gid(struct lws_context *context, uid_t *uid, gid_t *gid)
{
	if (!golws_context_valid(context, __func__))
		return;
	*uid = context->uid != -1 ? (uid_t)context->uid : getuid();
	*gid = context->gid != -1 ? (gid_t)context->gid : getgid();
}

struct lws_plat_file_ops *lws_get_fops(struct lws_context *context)
{
	return golws_context_valid(context, __func__) ? (struct lws_plat_file_ops *)context->fops : NULL;
}

void lws_set_fops(struct lws_context *context, const struct lws_plat_file_ops *fops)
{
	if (golws_context_valid(context, __func__)) {
		context->fops = fops;
		context->own_fops = fops != context->platform_fops || fops->next;
	}
}
