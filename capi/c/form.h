/*
 * What lws_spa_ is made of: the values of a form, and the two parsers that fill them.
 */
#ifndef GOLWS_FORM_H
#define GOLWS_FORM_H

#include <libwebsockets.h>

#define GOLWS_FORM_NAME 256
#define GOLWS_FORM_LINE 1024
#define GOLWS_FORM_BOUNDARY 80 /* CR, LF, two dashes, at most 70 of the sender's (RFC 2046, 5.1.1) and a NUL */

enum golws_form_state {
	/* urlencoded */
	GOLWS_FORM_URL_NAME,
	GOLWS_FORM_URL_VALUE,

	/* multipart */
	GOLWS_FORM_PREAMBLE,
	GOLWS_FORM_BOUNDARY_END, /* behind a boundary, in its line */
	GOLWS_FORM_HEADER,
	GOLWS_FORM_CONTENT,

	GOLWS_FORM_DONE,
	GOLWS_FORM_FAILED,
};

struct golws_form_value {
	char *text;
	int length;
};

struct lws_spa {
	lws_spa_create_info_t info;
	struct golws_form_value *values; /* count_params */

	/* Values stand one behind the other in storage; with info.ac, only the present one does */
	char *storage;
	size_t storage_size, stored;
	size_t present; /* length of the present value, which begins at storage + stored */
	int field;	/* index of the present one in info.param_names, -1 if nobody wants it */

	enum golws_form_state state;
	char name[GOLWS_FORM_NAME];
	size_t name_length;
	int percent; /* how many digits of a %XX were read, and one for the '%'; 0 outside */
	int percent_value;

	/* multipart */
	char boundary[GOLWS_FORM_BOUNDARY];
	size_t matched; /* how much of it was read */
	size_t borrowed; /* how much of that is not of the content, should it turn out to be no boundary */
	char line[GOLWS_FORM_LINE];
	size_t line_length;
	char filename[GOLWS_FORM_NAME];
	char *piece; /* of a file, storage_size bytes and a NUL */
	size_t piece_length;

	int closed;
	int finalized;
};

/* The parsers, form_url.c and form_multipart.c. Nonzero if the body is wrong or a function of the program fails. */
int golws_form_url(struct lws_spa *spa, const char *in, size_t len);
int golws_form_url_end(struct lws_spa *spa);
int golws_form_multipart(struct lws_spa *spa, const char *in, size_t len);

/* What they do with what they find, form.c. Nonzero on failure. */
void golws_form_begin_value(struct lws_spa *spa);	/* of the field called spa->name */
int golws_form_value_char(struct lws_spa *spa, char c);
int golws_form_end_value(struct lws_spa *spa);
int golws_form_file(struct lws_spa *spa, enum lws_spa_fileupload_states state);

#endif
