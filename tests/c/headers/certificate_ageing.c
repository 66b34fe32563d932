/*
 * Certificates are looked at every day. The file under test is part of this program, so that a day passes when the test
 * says so.
 */
#include "check.h"

#include "tls_ageing.c"

static lws_sorted_usec_list_t *scheduled;
static sul_cb_t scheduled_cb;
static lws_usec_t scheduled_in;
static int told, schedules;
static long days;
static int64_t valid_to;
static char log_line[256];

void lws_sul_schedule(struct lws_context *ctx, int tsi, lws_sorted_usec_list_t *sul, sul_cb_t _cb, lws_usec_t _us)
{
	(void)ctx;
	CHECK_INT(tsi, 0);
	scheduled = sul;
	scheduled_cb = _cb;
	scheduled_in = _us;
	schedules++;
}

void lws_sul_cancel(lws_sorted_usec_list_t *sul)
{
	CHECK_PTR(sul, scheduled);
	scheduled = NULL;
}

int golws_vhost_call(struct lws_vhost *vhost, const struct lws_protocols *protocol, int reason, void *in, size_t len)
{
	CHECK_INT(reason, LWS_CALLBACK_VHOST_CERT_AGING);
	CHECK_PTR(((struct lws_acme_cert_aging_args *)in)->vh, vhost);
	CHECK_PTR(protocol, vhost->protocols);
	days = (long)len;
	told++;
	return 1;
}

int lwsgo_vhost_certificate_info(uint32_t vhost, int type, struct golws_certificate_answer *answer, char *buffer, size_t room)
{
	CHECK_INT(vhost, 7);
	CHECK_INT(type, LWS_TLS_CERT_INFO_VALIDITY_TO);
	CHECK_PTR(buffer, NULL);
	CHECK_INT(room, 0);
	answer->time = valid_to;
	return valid_to ? 0 : -1;
}

void _lws_log(int filter, const char *format, ...)
{
	va_list arguments;

	(void)filter;
	va_start(arguments, format);
	vsnprintf(log_line, sizeof(log_line), format, arguments);
	va_end(arguments);
}

static void every_day(void)
{
	static struct lws_protocols protocols[2];
	static struct golws_tls tls;
	static struct lws_vhost vhost;
	static struct lws_context context;

	vhost.context = &context;
	vhost.index = 7;
	vhost.name = (char *)"shop";
	vhost.protocols = protocols;
	vhost.count_protocols = 1;
	context.vhosts = &vhost;

	/* No TLS, no timer */
	golws_tls_check_ageing(&context);
	CHECK_INT(told + schedules, 0);

	vhost.tls = &tls;
	valid_to = (int64_t)time(NULL) + 10 * DAY_SECONDS + 60;
	golws_tls_check_ageing(&context);
	CHECK_INT(told, 1);
	CHECK_INT(days, 10);
	CHECK_STR(log_line, "vhost shop: the certificate is valid for 10 days\n");
	REQUIRE(scheduled != NULL);
	CHECK_INT(scheduled_in, 86400ll * LWS_US_PER_SEC);

	valid_to -= DAY_SECONDS;
	scheduled_cb(scheduled);
	CHECK_INT(told, 2);
	CHECK_INT(days, 9);
	CHECK_INT(schedules, 2);
	CHECK_INT(scheduled_in, 86400ll * LWS_US_PER_SEC);

	valid_to -= 11 * DAY_SECONDS;
	scheduled_cb(scheduled);
	CHECK_INT(days, -1);
	CHECK(strstr(log_line, "has expired") != NULL);

	/* None at all */
	valid_to = 0;
	scheduled_cb(scheduled);
	CHECK_INT(days, 0);
	vhost.being_destroyed = 1;
	scheduled_cb(scheduled);
	CHECK_INT(told, 4);
	CHECK_INT(schedules, 5);

	golws_tls_end_ageing(&context);
	CHECK_PTR(scheduled, NULL);
	golws_tls_end_ageing(&context);
}

TEST_MAIN({ "every_day", every_day })
