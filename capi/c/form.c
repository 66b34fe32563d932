#define _GNU_SOURCE /* strcasestr */
#include "form.h"

#include <strings.h>

#include "allocate.h"

#define DEFAULT_STORAGE 512

static void *allocate(const lws_spa_create_info_t *info, size_t size)
{
	return info->ac ? lwsac_use_zero(info->ac, size, info->ac_chunk_size) : golws_zalloc(size, "form");
}

/* The boundary with what comes before it in the body. Nonzero if the header has none, or one that cannot be. */
static int find_boundary(struct lws_spa *spa, const char *content_type)
{
	const char *p = strcasestr(content_type, "boundary=");
	size_t length;

	if (!p)
		return 1;
	p += strlen("boundary=");

	length = *p == '"' ? strcspn(++p, "\"") : strcspn(p, " \t;,");
	if (!length || length + 5 > sizeof(spa->boundary))
		return 1;

	lws_snprintf(spa->boundary, sizeof(spa->boundary), "\r\n--%.*s", (int)length, p);

	return 0;
}

static void find_kind(struct lws_spa *spa, struct lws *wsi)
{
	char content_type[512];

	spa->state = GOLWS_FORM_URL_NAME;
	if (lws_hdr_copy(wsi, content_type, sizeof(content_type), WSI_TOKEN_HTTP_CONTENT_TYPE) <= 0)
		return;
	if (strncasecmp(content_type, "multipart/form-data", 19) && strncasecmp(content_type, "multipart/related", 17))
		return;

	/* the line end before the first boundary is missing if that comes first of all */
	spa->state = GOLWS_FORM_PREAMBLE;
	spa->matched = spa->borrowed = 2;
	if (find_boundary(spa, content_type)) {
		lwsl_notice("%s: a multipart form without a usable boundary\n", __func__);
		spa->state = GOLWS_FORM_FAILED;
	}
}

struct lws_spa *lws_spa_create_via_info(struct lws *wsi, const lws_spa_create_info_t *info)
{
	struct lws_spa *spa = allocate(info, sizeof(*spa));

	if (!spa)
		return NULL;

	spa->info = *info;
	spa->field = -1;
	spa->storage_size = info->max_storage > 0 ? (size_t)info->max_storage : DEFAULT_STORAGE;
	spa->storage = allocate(info, spa->storage_size);
	if (info->count_params > 0)
		spa->values = allocate(info, (size_t)info->count_params * sizeof(*spa->values));

	if (!spa->storage || (info->count_params > 0 && !spa->values)) {
		spa->closed = 1;
		lws_spa_destroy(spa);
		return NULL;
	}

	find_kind(spa, wsi);
	golws_form_begin_value(spa);

	return spa;
}

struct lws_spa *lws_spa_create(struct lws *wsi, const char * const *param_names, int count_params, int max_storage,
			       lws_spa_fileupload_cb opt_cb, void *opt_data)
{
	lws_spa_create_info_t info;

	memset(&info, 0, sizeof(info));
	info.param_names = param_names;
	info.count_params = count_params;
	info.max_storage = max_storage;
	info.opt_cb = opt_cb;
	info.opt_data = opt_data;

	return lws_spa_create_via_info(wsi, &info);
}

static int find_field(const struct lws_spa *spa)
{
	size_t stride = spa->info.param_names_stride ? spa->info.param_names_stride : sizeof(char *);
	const char *at = (const char *)spa->info.param_names;
	int n;

	for (n = 0; n < spa->info.count_params; n++, at += stride)
		if (!strcmp(*(const char * const *)at, spa->name))
			return n;

	return -1;
}

void golws_form_begin_value(struct lws_spa *spa)
{
	spa->present = 0;
	spa->field = find_field(spa);
	/* of several, the first counts */
	if (spa->field >= 0 && spa->values[spa->field].text)
		spa->field = -1;
}

int golws_form_value_char(struct lws_spa *spa, char c)
{
	if (spa->field < 0)
		return 0;

	/* one more is for the NUL */
	if (spa->stored + spa->present + 1 >= spa->storage_size) {
		lwsl_info("%s: the values exceed %zu bytes\n", __func__, spa->storage_size);
		return 1;
	}
	spa->storage[spa->stored + spa->present++] = c;

	return 0;
}

int golws_form_end_value(struct lws_spa *spa)
{
	char *text = spa->storage + spa->stored;
	struct golws_form_value *value;

	if (spa->field < 0 || !spa->present)
		return 0;

	text[spa->present] = '\0';
	value = &spa->values[spa->field];
	if (spa->info.ac) {
		value->text = lwsac_use(spa->info.ac, spa->present + 1, spa->info.ac_chunk_size);
		if (!value->text)
			return 1;
		memcpy(value->text, text, spa->present + 1);
	} else {
		value->text = text;
		spa->stored += spa->present + 1;
	}
	value->length = (int)spa->present;
	spa->present = 0;
	spa->field = -1;

	return 0;
}

int golws_form_file(struct lws_spa *spa, enum lws_spa_fileupload_states state)
{
	size_t length = spa->piece_length;

	if (!spa->info.opt_cb)
		return 0;

	spa->piece_length = 0;
	spa->piece[length] = '\0';

	return spa->info.opt_cb(spa->info.opt_data, spa->name, spa->filename, spa->piece, (int)length, state) < 0;
}

int lws_spa_process(struct lws_spa *spa, const char *in, int len)
{
	int failed;

	if (!spa) {
		lwsl_err("%s: no parser\n", __func__);
		return -1;
	}
	if (spa->state == GOLWS_FORM_FAILED)
		return -1;
	if (spa->finalized || spa->state == GOLWS_FORM_DONE || len <= 0)
		return 0;

	if (spa->state == GOLWS_FORM_URL_NAME || spa->state == GOLWS_FORM_URL_VALUE)
		failed = golws_form_url(spa, in, (size_t)len);
	else
		failed = golws_form_multipart(spa, in, (size_t)len);
	if (failed)
		spa->state = GOLWS_FORM_FAILED;

	return failed ? -1 : 0;
}

static int end(struct lws_spa *spa)
{
	int failed = 0;

	if (spa->state == GOLWS_FORM_URL_NAME || spa->state == GOLWS_FORM_URL_VALUE)
		failed = golws_form_url_end(spa);
	else
		failed = spa->state != GOLWS_FORM_DONE;

	return failed;
}

static int close_files(struct lws_spa *spa)
{
	if (spa->closed)
		return 0;
	spa->closed = 1;

	if (!spa->info.opt_cb)
		return 0;

	return spa->info.opt_cb(spa->info.opt_data, spa->name, spa->filename, NULL, 0, LWS_UFS_CLOSE) < 0;
}

int lws_spa_finalize(struct lws_spa *spa)
{
	int failed;

	if (!spa || spa->finalized)
		return 0;

	spa->finalized = 1;
	failed = end(spa);
	failed |= close_files(spa);

	return failed ? -1 : 0;
}

int lws_spa_get_length(struct lws_spa *spa, int n)
{
	return n >= 0 && n < spa->info.count_params ? spa->values[n].length : 0;
}

const char *lws_spa_get_string(struct lws_spa *spa, int n)
{
	return n >= 0 && n < spa->info.count_params ? spa->values[n].text : NULL;
}

int lws_spa_destroy(struct lws_spa *spa)
{
	if (!spa)
		return 0;

	close_files(spa);
	golws_free(spa->piece);

	if (spa->info.ac) {
		lwsac_free(spa->info.ac);
		return 0;
	}

	golws_free(spa->values);
	golws_free(spa->storage);
	golws_free(spa);

	return 0;
}
