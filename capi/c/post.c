/*
 * Functions that the program has run on a service thread.
 */
#include "private.h"

struct golws_post {
	struct golws_post *next;
	lws_service_post_callback *callback;
	void *opaque;
};

int lws_service_post(struct lws_context *context, int tsi, lws_service_post_callback *callback, void *opaque)
{
	struct golws_thread *thread;
	struct golws_post *post;
	int refused, first;

	if (!golws_runtime_usable() || !golws_context_valid(context, __func__))
		return -1;
	if (!callback || tsi < 0 || tsi >= context->count_threads) {
		lwsl_err("%s: %s\n", __func__, callback ? "no such service thread" : "callback is NULL");
		return -1;
	}
	post = malloc(sizeof(*post));
	if (!post) {
		lwsl_err("%s: out of memory\n", __func__);
		return -1;
	}
	*post = (struct golws_post){.callback = callback, .opaque = opaque};
	thread = context->threads[tsi];
	/* A lock for a few instructions, in which nothing is called: the caller may hold whatever it likes. */
	pthread_mutex_lock(&thread->posts_mutex);
	refused = thread->posts_closed;
	first = !thread->posts;
	if (!refused) {
		if (first)
			__atomic_store_n(&thread->posts, post, __ATOMIC_RELEASE);
		else
			thread->last_post->next = post;
		thread->last_post = post;
		if (first)
			golws_thread_wake(thread);
	}
	pthread_mutex_unlock(&thread->posts_mutex);
	if (refused) {
		lwsl_info("%s: the context is being destroyed\n", __func__);
		free(post);
		return -1;
	}
	return 0;
}

static struct golws_post *take(struct golws_thread *thread, int close)
{
	struct golws_post *posts;

	pthread_mutex_lock(&thread->posts_mutex);
	posts = thread->posts;
	__atomic_store_n(&thread->posts, NULL, __ATOMIC_RELEASE);
	if (close && !posts)
		thread->posts_closed = 1;
	pthread_mutex_unlock(&thread->posts_mutex);
	return posts;
}

static void run(struct golws_thread *thread, struct golws_post *posts)
{
	while (posts) {
		struct golws_post *post = posts;

		posts = post->next;
		post->callback(thread->context, thread->tsi, post->opaque);
		free(post);
	}
}

void golws_posts_run(struct golws_thread *thread)
{
	if (__atomic_load_n(&thread->posts, __ATOMIC_ACQUIRE))
		run(thread, take(thread, 0));
}

void golws_posts_end(struct golws_thread *thread)
{
	struct golws_post *posts;

	while ((posts = take(thread, 1)))
		run(thread, posts);
}
