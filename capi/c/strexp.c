#include <libwebsockets.h>

enum state {
	LITERAL, /* the zeroed struct starts here */
	DOLLAR,	 /* a '$' was read and not written */
	NAME,	 /* inside of ${ } */
	VALUE,	 /* the name is complete, the '}' is used when the whole value is written */
};

void lws_strexp_init(lws_strexp_t *exp, void *priv, lws_strexp_expand_cb cb, char *out, size_t olen)
{
	memset(exp, 0, sizeof(*exp));
	exp->cb = cb;
	exp->priv = priv;
	exp->out = out;
	exp->olen = olen;
}

void lws_strexp_reset_out(lws_strexp_t *exp, char *out, size_t olen)
{
	exp->out = out;
	exp->olen = olen;
	exp->pos = 0;
}

/* Nonzero if there was no room. */
static int write_char(lws_strexp_t *exp, char c)
{
	if (exp->pos >= exp->olen)
		return 1;

	if (exp->out)
		exp->out[exp->pos] = c;
	exp->pos++;

	return 0;
}

/* Uses one character. 0, or a result other than LSTRX_DONE if it could not be used. */
static int use(lws_strexp_t *exp, char c)
{
	int result;

	switch ((enum state)exp->state) {
	case DOLLAR:
		if (c == '{') {
			exp->state = NAME;
			exp->name_pos = 0;
			return 0;
		}
		if (write_char(exp, '$'))
			return LSTRX_FILLED_OUT;
		exp->state = LITERAL;
		/* fallthrough */
	case LITERAL:
		if (c == '$')
			exp->state = DOLLAR;
		else if (write_char(exp, c))
			return LSTRX_FILLED_OUT;
		return 0;

	case NAME:
		if (c != '}') {
			if (exp->name_pos == sizeof(exp->name) - 1)
				return LSTRX_FATAL_NAME_TOO_LONG;
			exp->name[exp->name_pos++] = c;
			return 0;
		}
		exp->name[exp->name_pos] = '\0';
		exp->exp_ofs = 0;
		exp->state = VALUE;
		/* fallthrough */
	case VALUE:
		result = exp->cb(exp->priv, exp->name, exp->out, &exp->pos, exp->olen, &exp->exp_ofs);
		if (result == LSTRX_FILLED_OUT || result < 0)
			return result;
		exp->state = LITERAL;
		return 0;
	}

	return LSTRX_FATAL_NAME_UNKNOWN;
}

int lws_strexp_expand(lws_strexp_t *exp, const char *in, size_t len, size_t *pused_in, size_t *pused_out)
{
	int result = LSTRX_DONE;
	size_t used = 0;

	while (used < len) {
		result = use(exp, in[used]);
		if (result)
			break;
		used++;
		/* full is full, also at the end: there is no room for the NUL */
		if (exp->pos >= exp->olen) {
			result = LSTRX_FILLED_OUT;
			break;
		}
	}

	if (exp->out && exp->pos < exp->olen)
		exp->out[exp->pos] = '\0';
	*pused_in = used;
	*pused_out = exp->pos;

	return result;
}
