/*
 * Variables in pages: $name becomes what the program says, wherever the pieces of the page happen to be cut.
 */
#include <libwebsockets.h>
#include <stdio.h>

struct text {
	char *at;
	size_t length;
	size_t size;
};

static int append(struct text *t, const char *from, size_t length)
{
	if (length > t->size - t->length)
		return -1;
	memcpy(t->at + t->length, from, length);
	t->length += length;
	return 0;
}

/*
 * The longest variable that the text begins with, or -1. *incomplete says that a longer one may follow when the text goes on, which has to be
 * short enough to be kept until then.
 */
static int match(const struct lws_process_html_state *s, const char *text, size_t length, int *incomplete)
{
	size_t best = 0;
	int i, found = -1;

	*incomplete = 0;
	for (i = 0; i < s->count_vars; i++) {
		size_t n = strlen(s->vars[i]);

		if (n <= length) {
			if (n > best && !memcmp(s->vars[i], text, n)) {
				best = n;
				found = i;
			}
		} else if (length < sizeof(s->swallow) && !memcmp(s->vars[i], text, length))
			*incomplete = 1;
	}
	return found;
}

static int replace(struct lws_process_html_state *s, const char *in, size_t length, int final, struct text *out)
{
	const char *end = in + length;

	s->pos = 0;
	while (in < end) {
		const char *dollar = memchr(in, '$', (size_t)(end - in));
		const char *value;
		int incomplete, variable;

		if (!dollar)
			return append(out, in, (size_t)(end - in));
		if (append(out, in, (size_t)(dollar - in)))
			return -1;
		in = dollar;

		variable = match(s, in, (size_t)(end - in), &incomplete);
		if (incomplete && !final) {
			s->pos = (int)(end - in);
			memcpy(s->swallow, in, (size_t)s->pos);
			return 0;
		}
		if (variable < 0) {
			if (append(out, in++, 1))
				return -1;
			continue;
		}
		value = s->replace(s->data, variable);
		if (!value)
			value = "NULL";
		if (append(out, value, strlen(value)))
			return -1;
		in += strlen(s->vars[variable]);
	}
	return 0;
}

/* The size goes in front of the text, where the caller has left room for it. */
static void make_chunk(struct lws_process_html_args *args)
{
	char size[16];
	int n;

	if (args->len) {
		n = snprintf(size, sizeof(size), "%X\r\n", (unsigned int)args->len);
		memcpy(args->p + args->len, "\r\n", 2);
		args->p -= n;
		memcpy(args->p, size, (size_t)n);
		args->len += n + 2;
	}
	/* An empty chunk is the last one: a piece from which nothing came is not sent as a chunk. */
	if (args->final) {
		memcpy(args->p + args->len, "0\r\n\r\n", 5);
		args->len += 5;
	}
}

int lws_chunked_html_process(struct lws_process_html_args *args, struct lws_process_html_state *s)
{
	const int ending = args->chunked ? 7 : 0;
	size_t kept = (size_t)s->pos, length = kept + (size_t)args->len;
	struct text out;
	char *work;
	int result;

	if (args->len < 0 || args->max_len < ending || kept > sizeof(s->swallow))
		return -1;
	work = malloc(length + (size_t)args->max_len + 1);
	if (!work)
		return -1;
	memcpy(work, s->swallow, kept);
	memcpy(work + kept, args->p, (size_t)args->len);
	out = (struct text){.at = work + length, .size = (size_t)(args->max_len - ending)};

	result = replace(s, work, length, args->final, &out);
	if (result)
		lwsl_err("%s: the values need more than the %d bytes there are\n", __func__, args->max_len);
	else {
		memcpy(args->p, out.at, out.length);
		args->len = (int)out.length;
		s->start = args->p;
		if (args->chunked)
			make_chunk(args);
	}
	free(work);
	return result;
}
