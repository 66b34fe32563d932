/*
 * Functions that take a length as int in 4.1.6 and as size_t in 4.2. The upper half of a register that holds an int
 * is undefined, so each needs a function that reads no more than the int. Negative lengths mean none.
 */
#include "interface_4_1.h"

static size_t length(int len)
{
	return len > 0 ? (size_t)len : 0;
}

/* deprecated in both interfaces, and used */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
int golws_4_1_lws_callback_vhost_protocols(struct lws *wsi, int reason, void *in, int len)
{
	return lws_callback_vhost_protocols(wsi, reason, in, length(len));
}
#pragma GCC diagnostic pop

int golws_4_1_lws_humanize(char *buf, int len, uint64_t value, const lws_humanize_unit_t *schema)
{
	return lws_humanize(buf, length(len), value, schema);
}

int golws_4_1_lws_plat_read_file(const char *filename, void *buf, int len)
{
	return lws_plat_read_file(filename, buf, length(len));
}

int golws_4_1_lws_plat_write_cert(struct lws_vhost *vhost, int is_key, int fd, void *buf, int len)
{
	return lws_plat_write_cert(vhost, is_key, fd, buf, length(len));
}

int golws_4_1_lws_plat_write_file(const char *filename, void *buf, int len)
{
	return lws_plat_write_file(filename, buf, length(len));
}

const char *golws_4_1_lws_sql_purify(char *escaped, const char *string, int len)
{
	return lws_sql_purify(escaped, string, length(len));
}

int golws_4_1_lwsac_extend(struct lwsac *head, int amount)
{
	return lwsac_extend(head, length(amount));
}

int golws_4_1_lwsl_timestamp(int level, char *p, int len)
{
	return lwsl_timestamp(level, p, length(len));
}
