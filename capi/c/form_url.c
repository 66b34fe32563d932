/*
 * application/x-www-form-urlencoded (https://url.spec.whatwg.org/#application/x-www-form-urlencoded)
 */
#include "form.h"

#include "hex.h"

static int name_char(struct lws_spa *spa, char c)
{
	if (spa->name_length + 1 >= sizeof(spa->name)) {
		lwsl_notice("%s: the name of a field is too long\n", __func__);
		return 1;
	}
	spa->name[spa->name_length++] = c;

	return 0;
}

static int put(struct lws_spa *spa, char c)
{
	return spa->state == GOLWS_FORM_URL_NAME ? name_char(spa, c) : golws_form_value_char(spa, c);
}

static void end_name(struct lws_spa *spa)
{
	spa->name[spa->name_length] = '\0';
	spa->state = GOLWS_FORM_URL_VALUE;
	golws_form_begin_value(spa);
}

static int end_field(struct lws_spa *spa)
{
	int failed;

	if (spa->state == GOLWS_FORM_URL_NAME)
		end_name(spa);

	failed = golws_form_end_value(spa);
	spa->state = GOLWS_FORM_URL_NAME;
	spa->name_length = 0;

	return failed;
}

static int percent_digit(struct lws_spa *spa, char c)
{
	int digit = golws_hex_digit(c);

	if (digit < 0)
		return 1;

	spa->percent_value = spa->percent_value << 4 | digit;
	if (++spa->percent < 3)
		return 0;

	spa->percent = 0;

	return put(spa, (char)spa->percent_value);
}

static int use(struct lws_spa *spa, char c)
{
	if (spa->percent)
		return percent_digit(spa, c);

	switch (c) {
	case '&':
		return end_field(spa);
	case '%':
		spa->percent = 1;
		spa->percent_value = 0;
		return 0;
	case '+':
		return put(spa, ' ');
	case '=':
		if (spa->state == GOLWS_FORM_URL_NAME) {
			end_name(spa);
			return 0;
		}
		break;
	}

	return put(spa, c);
}

int golws_form_url(struct lws_spa *spa, const char *in, size_t len)
{
	for (; len; in++, len--)
		if (use(spa, *in))
			return 1;

	return 0;
}

int golws_form_url_end(struct lws_spa *spa)
{
	int incomplete = spa->percent;

	return end_field(spa) || incomplete;
}
