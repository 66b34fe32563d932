/* When a client tries again: the policy of its connection, and what the server asks for. */
#include "client.h"

/* What a connection has whose program gave none */
static const uint32_t default_delays[] = {1000, 3000, 9000, 17000};
static const lws_retry_bo_t default_policy = {
	.retry_ms_table = default_delays,
	.retry_ms_table_count = LWS_ARRAY_SIZE(default_delays),
	.conceal_count = LWS_ARRAY_SIZE(default_delays),
	.jitter_percent = 20,
};

int lws_retry_sul_schedule_retry_wsi(struct lws *wsi, lws_sorted_usec_list_t *sul, sul_cb_t cb, uint16_t *ctry)
{
	lws_usec_t us;
	char conceal;

	if (!golws_wsi_valid(wsi, __func__))
		return 1;
	if (!sul || !cb) {
		lwsl_err("%s: %s is NULL\n", __func__, sul ? "cb" : "sul");
		return 1;
	}
	us = (lws_usec_t)lws_retry_get_delay_ms(wsi->context, wsi->client && wsi->client->retry ? wsi->client->retry : &default_policy, ctry, &conceal) *
	     LWS_US_PER_MS;
	if (!conceal)
		return 1;
	lws_http_check_retry_after(wsi, &us);
	lws_sul_schedule(wsi->context, wsi->thread->tsi, sul, cb, us);

	return 0;
}

/* Seconds from now, or an error */
static int64_t retry_after_seconds(struct lws *wsi, char *text, size_t size)
{
	int n = lws_hdr_copy(wsi, text, (int)size, WSI_TOKEN_HTTP_RETRY_AFTER);
	time_t until, now;
	int64_t seconds = 0;

	if (n <= 0)
		return -1;
	if ((int)strspn(text, "0123456789") == n) {
		/* more than a year is as good as any */
		for (; *text && seconds < 365 * 86400; text++)
			seconds = seconds * 10 + *text - '0';
		return seconds;
	}
	if (lws_http_date_parse_unix(text, (size_t)n, &until))
		return -1;
	/* It is meant by the server's clock. */
	n = lws_hdr_copy(wsi, text, (int)size, WSI_TOKEN_HTTP_DATE);
	if (n <= 0 || lws_http_date_parse_unix(text, (size_t)n, &now))
		now = time(NULL);

	return (int64_t)until - (int64_t)now;
}

int lws_http_check_retry_after(struct lws *wsi, lws_usec_t *us_interval_in_out)
{
	char text[64];
	lws_usec_t us;

	if (!us_interval_in_out || !golws_wsi_valid(wsi, __func__))
		return 1;
	us = (lws_usec_t)retry_after_seconds(wsi, text, sizeof(text)) * LWS_US_PER_SEC;
	if (us <= *us_interval_in_out)
		return 1;
	*us_interval_in_out = us;

	return 0;
}
