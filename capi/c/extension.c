/*
 * WebSocket extensions as the C interface sees them. The one there is lives in the engine.
 */
#include <libwebsockets.h>

/* A cursor over the text behind the name of an extension */
struct offer {
	const char *at;
	const char *end;
};

static int more(const struct offer *o)
{
	return o->at < o->end && *o->at != ',';
}

static void skip_space(struct offer *o)
{
	while (o->at < o->end && (*o->at == ' ' || *o->at == '\t'))
		o->at++;
}

/* Up to the next byte that ends a name or a value */
static size_t word(struct offer *o)
{
	const char *from = o->at;

	while (o->at < o->end && !strchr("=;, \t\"", *o->at))
		o->at++;
	return (size_t)(o->at - from);
}

static int find_option(const struct lws_ext_options *opts, const char *name, size_t length)
{
	int i;

	for (i = 0; opts[i].name; i++)
		if (strlen(opts[i].name) == length && !memcmp(opts[i].name, name, length))
			return i;
	return -1;
}

static int all_digits(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (text[i] < '0' || text[i] > '9')
			return 0;
	return length > 0;
}

/* What follows a =, decimal digits in quotes or without */
static int parse_value(struct offer *o, struct lws_ext_option_arg *arg)
{
	int quoted;

	skip_space(o);
	quoted = o->at < o->end && *o->at == '"';
	o->at += quoted;
	arg->start = o->at;
	arg->len = (int)word(o);
	if (!all_digits(arg->start, (size_t)arg->len))
		return -1;
	if (quoted) {
		if (o->at == o->end || *o->at != '"')
			return -1;
		o->at++;
	}
	return 0;
}

int lws_ext_parse_options(const struct lws_extension *ext, struct lws *wsi, void *ext_user, const struct lws_ext_options *opts,
			  const char *o, int len)
{
	struct offer offer = {.at = o, .end = o + (len > 0 ? len : 0)};

	for (skip_space(&offer); more(&offer); skip_space(&offer)) {
		struct lws_ext_option_arg arg = {.option_index = -1};
		const char *name = offer.at;
		size_t length = word(&offer);

		arg.option_index = find_option(opts, name, length);
		if (arg.option_index < 0)
			return -1;

		skip_space(&offer);
		if (more(&offer) && *offer.at == '=') {
			offer.at++;
			if (opts[arg.option_index].type == EXTARG_NONE || parse_value(&offer, &arg))
				return -1;
			skip_space(&offer);
		} else if (opts[arg.option_index].type == EXTARG_DEC)
			return -1;
		if (more(&offer) && *offer.at++ != ';')
			return -1;

		ext->callback(wsi ? lws_get_context(wsi) : NULL, ext, wsi, LWS_EXT_CB_OPTION_SET, ext_user, &arg, 0);
	}
	return 0;
}

int lws_extension_callback_pm_deflate(struct lws_context *context, const struct lws_extension *ext, struct lws *wsi,
				      enum lws_extension_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)context;
	(void)ext;
	(void)wsi;
	(void)user;
	(void)in;
	(void)len;
	lwsl_err("%s: reason %d: the extension works inside the library and cannot be called\n", __func__, (int)reason);
	return -1;
}
