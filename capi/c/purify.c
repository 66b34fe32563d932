#include <libwebsockets.h>

const char *lws_sql_purify(char *escaped, const char *string, size_t len)
{
	char *out = escaped, *end = escaped + len - 1;

	if (!len)
		return escaped;

	for (; *string; string++) {
		int size = *string == '\'' ? 2 : 1;

		if (end - out < size)
			break;
		if (size == 2)
			*out++ = '\'';
		*out++ = *string;
	}
	*out = '\0';

	return escaped;
}

int lws_sql_purify_len(const char *p)
{
	int length = 0;

	for (; *p; p++)
		length += *p == '\'' ? 2 : 1;

	return length;
}

/* What stands behind the backslash, 0 if the character is not escaped so. */
static char json_short_escape(char c)
{
	switch (c) {
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\\':
		return '\\';
	}

	return 0;
}

static int json_size(char c)
{
	if (json_short_escape(c))
		return 2;

	return c == '"' || (unsigned char)c < 0x20 ? 6 : 1;
}

const char *lws_json_purify(char *escaped, const char *string, int len, int *in_used)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = escaped, *end = escaped + len - 1;
	const char *in = string ? string : "";

	if (in_used)
		*in_used = 0;
	if (len <= 0)
		return escaped;

	for (; *in; in++) {
		int size = json_size(*in);

		if (end - out < size)
			break;

		if (size == 1) {
			*out++ = *in;
			continue;
		}
		*out++ = '\\';
		if (size == 2) {
			*out++ = json_short_escape(*in);
			continue;
		}
		*out++ = 'u';
		*out++ = '0';
		*out++ = '0';
		*out++ = digits[*in >> 4 & 15];
		*out++ = digits[*in & 15];
	}
	*out = '\0';

	if (in_used && string)
		*in_used = (int)(in - string);

	return escaped;
}

int lws_json_purify_len(const char *string)
{
	int length = 0;

	for (; *string; string++)
		length += json_size(*string);

	return length;
}

void lws_filename_purify_inplace(char *filename)
{
	for (; *filename; filename++) {
		if (filename[0] == '.' && filename[1] == '.')
			filename[0] = filename[1] = '_';
		if (strchr(":\\$%", *filename))
			*filename = '_';
	}
}
