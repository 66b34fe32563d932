#define _GNU_SOURCE /* dladdr */
/*
 * Loops of other libraries: finding the library, and a context's loops from beginning to end.
 */
#include <dlfcn.h>
#include <signal.h>

#include "event_loop.h"

static const struct golws_loop_kind *const kinds[] = {
	&golws_loop_libuv, &golws_loop_libevent, &golws_loop_libev, &golws_loop_glib, &golws_loop_sdevent,
};

const int golws_loop_signals[3] = { SIGINT, SIGTERM, 0 };

/*
 * Loops of our own that the program ran by itself, so that they stay. Leak checkers find them here; nobody else looks, so
 * that it would be optimised away.
 */
static struct golws_loop *volatile abandoned[64];
static unsigned int count_abandoned;

/*
 * All of them have to be of one library: libev has some functions of libevent's under their names, and comes first in
 * some programs that use both.
 */
static int find_all(void *library, const struct golws_loop_symbol *symbols, int store)
{
	void *first = NULL;
	Dl_info info;

	for (; symbols->name; symbols++) {
		void *address = dlsym(library, symbols->name);

		if (!address || !dladdr(address, &info))
			return -1;
		if (!first)
			first = info.dli_fbase;
		if (info.dli_fbase != first)
			return -1;
		if (store)
			*symbols->place = address;
	}
	return 0;
}

int golws_loop_load(const char *name, const char *const *libraries, const struct golws_loop_symbol *symbols)
{
	static const int flags[] = { RTLD_NOW | RTLD_NOLOAD, RTLD_NOW };
	const char *const *library;
	void *handle;
	size_t i;

	if (!find_all(RTLD_DEFAULT, symbols, 0))
		return find_all(RTLD_DEFAULT, symbols, 1);
	/* A plugin of the program may have loaded it for itself only. */
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		for (library = libraries; *library; library++) {
			handle = dlopen(*library, flags[i]);
			if (!handle)
				continue;
			/* It is not closed: what was found is used as long as the process lives. */
			if (!find_all(handle, symbols, 0))
				return find_all(handle, symbols, 1);
			dlclose(handle);
		}
	lwsl_err("lws_create_context: the option asks for the event loop of %s, and the library is not there: install %s, "
		 "or leave the option out\n", name, libraries[0]);
	return -1;
}

static const struct golws_loop_kind *kind_of(uint64_t options)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (options & kinds[i]->option)
			return kinds[i];
	return NULL;
}

int golws_loops_usable(const struct lws_context_creation_info *info)
{
	const struct golws_loop_kind *kind = kind_of(info->options);
	uint64_t all = LWS_SERVER_OPTION_ULOOP;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		all |= kinds[i]->option;
	if (info->options & LWS_SERVER_OPTION_ULOOP) {
		lwsl_err("lws_create_context: there is no support for uloop. A program's own loop can watch "
			 "lws_service_pollable_fd()\n");
		return 0;
	}
	if (kind && (info->options & all) != kind->option) {
		lwsl_err("lws_create_context: options ask for two kinds of event loops\n");
		return 0;
	}
	return !kind || !kind->load();
}

static int create(struct golws_thread *thread, const struct golws_loop_kind *kind, void *foreign)
{
	struct golws_loop *l = calloc(1, sizeof(*l));

	if (!l)
		return -1;
	l->kind = kind;
	l->thread = thread;
	l->references = 1;
	l->own = !foreign;
	l->descriptor = lws_service_pollable_fd(thread->context, thread->tsi);
	l->loop = foreign ? foreign : kind->create(thread->tsi);
	if (!l->loop || l->descriptor < 0 || kind->attach(l)) {
		lwsl_err("lws_create_context: cannot use a loop of %s\n", kind->name);
		if (l->own && l->loop)
			kind->destroy(l->loop);
		free(l);
		return -1;
	}
	l->attached = 1;
	thread->loop = l;
	return 0;
}

int golws_loops_create(struct lws_context *context, const struct lws_context_creation_info *info)
{
	const struct golws_loop_kind *kind = kind_of(info->options);
	int i;

	for (i = 0; kind && i < context->count_threads; i++)
		if (create(context->threads[i], kind, info->foreign_loops ? info->foreign_loops[i] : NULL)) {
			golws_loops_detach(context);
			golws_loops_free(context);
			return -1;
		}
	return 0;
}

static void detach(struct golws_loop *l)
{
	if (!l->attached)
		return;
	l->attached = 0;
	l->kind->detach(l);
	if (l->own && l->dispatching)
		l->kind->stop(l->loop);
}

void golws_loops_detach(struct lws_context *context)
{
	int i;

	for (i = 0; i < context->count_threads; i++)
		if (context->threads[i] && context->threads[i]->loop)
			detach(context->threads[i]->loop);
}

void golws_loop_release(struct golws_loop *l)
{
	if (__atomic_sub_fetch(&l->references, 1, __ATOMIC_ACQ_REL))
		return;
	if (l->own && (l->dispatching || l->program_runs)) {
		unsigned int place = __atomic_fetch_add(&count_abandoned, 1, __ATOMIC_RELAXED);

		abandoned[place % (sizeof(abandoned) / sizeof(abandoned[0]))] = l;
		return;
	}
	if (l->own)
		l->kind->destroy(l->loop);
	free(l);
}

void golws_loops_free(struct lws_context *context)
{
	int i;

	for (i = 0; i < context->count_threads; i++) {
		struct golws_loop *l = context->threads[i]->loop;

		if (!l)
			continue;
		context->threads[i]->loop = NULL;
		l->thread = NULL;
		golws_loop_release(l);
	}
}

static void hold(struct golws_loop *l)
{
	__atomic_add_fetch(&l->references, 1, __ATOMIC_RELAXED);
}

/*
 * The library that calls has things on the stack that its loop refers to. So a thread that is to be cancelled gets as far as
 * the loop's own wait.
 */
void golws_loop_ready(struct golws_loop *l)
{
	struct golws_thread *thread = l->thread;
	int cancel_state;

	/* A forked child that runs on with its parent's loop, whose descriptors it shares: nothing of them is touched. */
	if (!golws_runtime_usable())
		return;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
	hold(l);
	l->dispatching++;
	if (l->own && !__atomic_load_n(&thread->runs, __ATOMIC_RELAXED))
		l->program_runs = 1;
	if (__atomic_load_n(&thread->context->ending, __ATOMIC_ACQUIRE)) {
		/* Another thread destroys the context and waits for this one to let go of it. */
		golws_thread_lock(thread);
		detach(l);
		golws_service_let_go(thread);
		golws_thread_unlock(thread);
	} else
		golws_service_ready(thread);
	l->dispatching--;
	golws_loop_release(l);
	pthread_setcancelstate(cancel_state, NULL);
}

void golws_loop_signal(struct golws_loop *l, void *handle, int number)
{
	struct lws_context *context = l->thread->context;

	hold(l);
	l->dispatching++;
	if (context->signal_cb)
		context->signal_cb(handle, number);
	else
		lws_context_destroy(context);
	l->dispatching--;
	golws_loop_release(l);
}

int golws_loops_wait(struct lws_context *context)
{
	int i, left = 0;

	for (i = 0; i < context->count_threads; i++) {
		struct golws_loop *l = context->threads[i]->loop;

		if (!l)
			continue;
		if (l->handles && l->own && !l->dispatching && !l->program_runs && l->kind->drain)
			l->kind->drain(l);
		left += l->handles;
	}
	return left;
}
