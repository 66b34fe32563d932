#include <libwebsockets.h>
#include <strings.h>

static const struct {
	const char *suffix;
	const char *type;
} built_in[] = {
	{".html", "text/html"},
	{".htm", "text/html"},
	{".js", "text/javascript"},
	{".mjs", "text/javascript"},
	{".css", "text/css"},
	{".json", "application/json"},
	{".txt", "text/plain"},
	{".xml", "application/xml"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".jpg", "image/jpeg"},
	{".jpeg", "image/jpeg"},
	{".gif", "image/gif"},
	{".ico", "image/x-icon"},
	{".ttf", "application/x-font-ttf"},
	{".otf", "application/font-woff"},
	{".woff", "application/font-woff"},
	{".woff2", "application/font-woff2"},
	{".gz", "application/gzip"},
};

/* A name that is nothing but the suffix does not have that suffix. */
static int ends_with(const char *name, size_t length, const char *suffix)
{
	size_t n = strlen(suffix);

	return length > n && !strcasecmp(name + length - n, suffix);
}

const char *lws_get_mimetype(const char *file, const struct lws_http_mount *m)
{
	const struct lws_protocol_vhost_options *own = m ? m->extra_mimetypes : NULL;
	const char *any = NULL;
	size_t length, i;

	if (!file)
		return NULL;
	length = strlen(file);

	for (; own; own = own->next) {
		if (own->name[0] == '*') {
			if (!any)
				any = own->value;
		} else if (ends_with(file, length, own->name))
			return own->value;
	}
	for (i = 0; i < sizeof(built_in) / sizeof(built_in[0]); i++)
		if (ends_with(file, length, built_in[i].suffix))
			return built_in[i].type;
	return any;
}
