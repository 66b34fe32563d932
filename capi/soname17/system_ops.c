/*
 * struct lws_system_ops of 4.1.6. The library keeps a pointer to what the program gave, so each gets a lasting
 * counterpart; there are as many of them as a program has constants of that type.
 */
#include <pthread.h>
#include <stdlib.h>

#include "interface_4_1.h"
#include "system_ops.h"

struct counterpart {
	struct counterpart *next;
	const struct golws_4_1_system_ops *given;
	lws_system_ops_t ops;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct counterpart *counterparts;

const lws_system_ops_t *golws_system_ops_from_4_1(const struct golws_4_1_system_ops *given)
{
	struct counterpart *c;

	if (!given)
		return NULL;
	pthread_mutex_lock(&mutex);
	for (c = counterparts; c && c->given != given; c = c->next)
		;
	if (!c) {
		c = calloc(1, sizeof(*c));
		if (c) {
			c->given = given;
			c->next = counterparts;
			counterparts = c;
		}
	}
	if (c) {
		c->ops.reboot = given->reboot;
		c->ops.set_clock = given->set_clock;
		c->ops.attach = given->attach;
		c->ops.captive_portal_detect_request = given->captive_portal_detect_request;
		c->ops.wake_latency_us = given->wake_latency_us;
	}
	pthread_mutex_unlock(&mutex);
	return c ? &c->ops : NULL;
}

const struct golws_4_1_system_ops *golws_4_1_lws_system_get_ops(struct lws_context *context)
{
	const lws_system_ops_t *ops = lws_system_get_ops(context);
	const struct golws_4_1_system_ops *given = NULL;
	struct counterpart *c;

	pthread_mutex_lock(&mutex);
	for (c = counterparts; c; c = c->next)
		if (&c->ops == ops)
			given = c->given;
	pthread_mutex_unlock(&mutex);
	return given;
}
