/*
 * multipart/form-data (RFC 7578, RFC 2046)
 */
#include "form.h"

#include <strings.h>

#include "allocate.h"

static int is_file(const struct lws_spa *spa)
{
	return spa->filename[0];
}

static int content_char(struct lws_spa *spa, char c)
{
	if (spa->state == GOLWS_FORM_PREAMBLE)
		return 0;
	if (!is_file(spa))
		return golws_form_value_char(spa, c);
	if (!spa->info.opt_cb)
		return 0;

	spa->piece[spa->piece_length++] = c;
	if (spa->piece_length < spa->storage_size)
		return 0;

	return golws_form_file(spa, LWS_UFS_CONTENT);
}

static int end_part(struct lws_spa *spa)
{
	int failed = 0;

	if (spa->state == GOLWS_FORM_CONTENT)
		failed = is_file(spa) ? golws_form_file(spa, LWS_UFS_FINAL_CONTENT) : golws_form_end_value(spa);

	spa->state = GOLWS_FORM_BOUNDARY_END;
	spa->matched = spa->borrowed = 0;
	spa->line_length = 0;

	return failed;
}

/*
 * Content and boundary cannot be told apart before the boundary is complete. If it turns out to be content, what was held back
 * is delivered. Only the boundary's first character is a CR, so nothing of it can be the start of another.
 */
static int body_char(struct lws_spa *spa, char c)
{
	size_t matched = spa->matched, n = spa->borrowed;

	if (c == spa->boundary[matched]) {
		spa->matched++;
		return spa->boundary[spa->matched] ? 0 : end_part(spa);
	}

	spa->matched = spa->borrowed = 0;
	for (; n < matched; n++)
		if (content_char(spa, spa->boundary[n]))
			return 1;

	if (c == spa->boundary[0]) {
		spa->matched = 1;
		return 0;
	}

	return content_char(spa, c);
}

/* The line behind a boundary: "--" ends the form, anything else is white space. */
static int boundary_end_char(struct lws_spa *spa, char c)
{
	if (c == '\n') {
		spa->state = GOLWS_FORM_HEADER;
		spa->line_length = 0;
		spa->name[0] = spa->filename[0] = '\0';
		return 0;
	}

	if (c == '-' && ++spa->line_length == 2)
		spa->state = GOLWS_FORM_DONE;

	return 0;
}

/* Copies a parameter's value, up to where it ends; returns where. */
static const char *copy_value(const char *p, char *value, size_t size)
{
	int in_quotes = *p == '"';
	size_t length = 0;

	for (p += in_quotes; *p && (in_quotes ? *p != '"' : *p != ';'); p++) {
		/* senders escape quotes, but not backslashes */
		if (in_quotes && p[0] == '\\' && p[1] == '"')
			p++;
		if (length + 1 < size)
			value[length++] = *p;
	}
	value[length] = '\0';

	return p + (in_quotes && *p == '"');
}

static void disposition(struct lws_spa *spa, const char *p)
{
	char ignored[8];

	p += strcspn(p, ";");
	while (*p) {
		p += strspn(p, "; \t");
		if (!strncasecmp(p, "name=", 5))
			p = copy_value(p + 5, spa->name, sizeof(spa->name));
		else if (!strncasecmp(p, "filename=", 9))
			p = copy_value(p + 9, spa->filename, sizeof(spa->filename));
		else {
			p += strcspn(p, "=;");
			if (*p == '=')
				p = copy_value(p + 1, ignored, sizeof(ignored));
		}
	}
}

static int begin_content(struct lws_spa *spa)
{
	spa->state = GOLWS_FORM_CONTENT;
	/* the line end of the empty line may be that of a boundary: an empty part */
	spa->matched = spa->borrowed = 2;

	if (!is_file(spa)) {
		golws_form_begin_value(spa);
		return 0;
	}

	spa->piece_length = 0;
	if (spa->info.opt_cb && !spa->piece) {
		spa->piece = golws_realloc(NULL, spa->storage_size + 1, "form file");
		if (!spa->piece)
			return 1;
	}

	return golws_form_file(spa, LWS_UFS_OPEN);
}

static int header_char(struct lws_spa *spa, char c)
{
	static const char name[] = "content-disposition:";

	if (c != '\n') {
		if (spa->line_length + 1 >= sizeof(spa->line)) {
			lwsl_notice("%s: a header of a part is too long\n", __func__);
			return 1;
		}
		spa->line[spa->line_length++] = c;
		return 0;
	}

	if (spa->line_length && spa->line[spa->line_length - 1] == '\r')
		spa->line_length--;
	spa->line[spa->line_length] = '\0';
	if (!spa->line_length)
		return begin_content(spa);

	spa->line_length = 0;
	if (!strncasecmp(spa->line, name, sizeof(name) - 1))
		disposition(spa, spa->line + sizeof(name) - 1);

	return 0;
}

int golws_form_multipart(struct lws_spa *spa, const char *in, size_t len)
{
	for (; len; in++, len--) {
		int failed = 0;

		switch (spa->state) {
		case GOLWS_FORM_PREAMBLE:
		case GOLWS_FORM_CONTENT:
			failed = body_char(spa, *in);
			break;
		case GOLWS_FORM_BOUNDARY_END:
			failed = boundary_end_char(spa, *in);
			break;
		case GOLWS_FORM_HEADER:
			failed = header_char(spa, *in);
			break;
		default:
			return 0;
		}
		if (failed)
			return 1;
	}

	return 0;
}
