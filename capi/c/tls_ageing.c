/*
 * How long the certificates of vhosts are good for: LWS_CALLBACK_VHOST_CERT_AGING.
 */
#include <time.h>

#include "tls.h"

#define DAY_SECONDS (24 * 3600)

/* A clock that stands before the time of this code has not been set yet, and nothing can be said. */
#define CLOCK_IS_SET 1542933698

struct ageing {
	struct lws_context *context;
	lws_sorted_usec_list_t sul;
};

static void tell(struct lws_vhost *subject, long days)
{
	/* One for all: a protocol sets in it what those that come after it are to use. */
	struct lws_acme_cert_aging_args args = {.vh = subject};
	struct lws_vhost *vhost;
	int i;

	for (vhost = subject->context->vhosts; vhost; vhost = vhost->next)
		for (i = 0; i < vhost->count_protocols && !vhost->being_destroyed; i++)
			golws_vhost_call(vhost, &vhost->protocols[i], LWS_CALLBACK_VHOST_CERT_AGING, &args,
					 (size_t)days);
}

/* A vhost without a certificate counts as one whose certificate is good for no day more. */
static void check(struct lws_vhost *vhost, time_t now)
{
	struct golws_certificate_answer answer;
	long days = 0;

	if (vhost->tls && !lwsgo_vhost_certificate_info(vhost->index, LWS_TLS_CERT_INFO_VALIDITY_TO, &answer, NULL, 0)) {
		days = (long)((answer.time - (int64_t)now) / DAY_SECONDS);
		if (answer.time <= (int64_t)now)
			lwsl_err("vhost %s: the certificate has expired %ld days ago: clients refuse it\n", vhost->name, -days);
		else
			lwsl_notice("vhost %s: the certificate is valid for %ld days\n", vhost->name, days);
	}
	tell(vhost, days);
}

static void check_all(struct lws_context *context)
{
	struct lws_vhost *vhost;
	time_t now = time(NULL);

	if (now < CLOCK_IS_SET)
		return;
	for (vhost = context->vhosts; vhost; vhost = vhost->next)
		if (!vhost->being_destroyed)
			check(vhost, now);
}

static void daily(lws_sorted_usec_list_t *sul)
{
	struct ageing *ageing = lws_container_of(sul, struct ageing, sul);

	lws_sul_schedule(ageing->context, 0, sul, daily, (lws_usec_t)DAY_SECONDS * LWS_US_PER_SEC);
	check_all(ageing->context);
}

void golws_tls_check_ageing(struct lws_context *context)
{
	struct ageing *ageing = context->ageing;
	struct lws_vhost *vhost;

	for (vhost = context->vhosts; vhost && !vhost->tls; vhost = vhost->next)
		;
	if (!vhost)
		return;
	if (!ageing) {
		ageing = calloc(1, sizeof(*ageing));
		if (!ageing)
			return;
		ageing->context = context;
		context->ageing = ageing;
	}
	lws_sul_schedule(context, 0, &ageing->sul, daily, (lws_usec_t)DAY_SECONDS * LWS_US_PER_SEC);
	check_all(context);
}

void golws_tls_end_ageing(struct lws_context *context)
{
	struct ageing *ageing = context->ageing;

	if (!ageing)
		return;
	lws_sul_cancel(&ageing->sul);
	free(ageing);
	context->ageing = NULL;
}
