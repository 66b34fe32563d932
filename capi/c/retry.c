#include <libwebsockets.h>

/* Without a policy */
#define DEFAULT_DELAY_MS 3000
/* Without a percentage in the policy */
#define DEFAULT_JITTER_PERCENT 30

unsigned int lws_retry_get_delay_ms(struct lws_context *context, const lws_retry_bo_t *retry, uint16_t *ctry,
				    char *conceal)
{
	uint64_t ms = DEFAULT_DELAY_MS, percent = DEFAULT_JITTER_PERCENT;
	uint16_t random = 0, first = 0;

	if (!ctry)
		ctry = &first;
	if (retry && retry->retry_ms_table && retry->retry_ms_table_count)
		ms = retry->retry_ms_table[*ctry < retry->retry_ms_table_count ? *ctry :
										  retry->retry_ms_table_count - 1];
	if (retry && retry->jitter_percent)
		percent = retry->jitter_percent;

	/* the plain delay serves if there is no randomness */
	lws_get_random(context, &random, sizeof(random));
	ms += ms * percent * random / 100 / 65536;

	if (*ctry < UINT16_MAX)
		(*ctry)++;

	if (conceal)
		*conceal = retry && *ctry <= retry->conceal_count;

	return ms < UINT32_MAX ? (unsigned int)ms : UINT32_MAX;
}

int lws_retry_sul_schedule(struct lws_context *context, int tid, lws_sorted_usec_list_t *sul,
			   const lws_retry_bo_t *retry, sul_cb_t cb, uint16_t *ctry)
{
	unsigned int ms;
	char conceal;

	if (!sul || !cb) {
		lwsl_err("%s: %s is NULL\n", __func__, sul ? "cb" : "sul");
		return 1;
	}
	/* logged for a context that is none */
	if (tid < 0 || tid >= lws_get_count_threads(context)) {
		lwsl_err("%s: no service thread %d\n", __func__, tid);
		return 1;
	}
	ms = lws_retry_get_delay_ms(context, retry, ctry, &conceal);
	if (!conceal)
		return 1;

	lws_sul_schedule(context, tid, sul, cb, (lws_usec_t)ms * LWS_US_PER_MS);

	return 0;
}
