#include <libwebsockets.h>

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static int encode(const char *alphabet, const char *in, int in_len, char *out, int out_size)
{
	const unsigned char *bytes = (const unsigned char *)in;
	int length;

	if (in_len < 0 || (in_len + 2LL) / 3 * 4 >= out_size)
		return -1;
	length = (in_len + 2) / 3 * 4;

	for (; in_len > 0; in_len -= 3, bytes += 3, out += 4) {
		unsigned int group = (unsigned int)bytes[0] << 16;

		if (in_len > 1)
			group |= (unsigned int)bytes[1] << 8;
		if (in_len > 2)
			group |= bytes[2];

		out[0] = alphabet[group >> 18];
		out[1] = alphabet[group >> 12 & 63];
		out[2] = in_len > 1 ? alphabet[group >> 6 & 63] : '=';
		out[3] = in_len > 2 ? alphabet[group & 63] : '=';
	}
	*out = '\0';

	return length;
}

int lws_b64_encode_string(const char *in, int in_len, char *out, int out_size)
{
	return encode(standard, in, in_len, out, out_size);
}

int lws_b64_encode_string_url(const char *in, int in_len, char *out, int out_size)
{
	return encode(url_safe, in, in_len, out, out_size);
}

/* -1 for what is not in either alphabet */
static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;

	return -1;
}

void lws_b64_decode_state_init(struct lws_b64state *state)
{
	memset(state, 0, sizeof(*state));
}

/* Writes the bytes that the characters collected so far stand for: one less than there are characters. */
static uint8_t *flush(struct lws_b64state *s, uint8_t *out)
{
	if (s->i > 1)
		*out++ = (uint8_t)(s->quad[0] << 2 | s->quad[1] >> 4);
	if (s->i > 2)
		*out++ = (uint8_t)(s->quad[1] << 4 | s->quad[2] >> 2);
	if (s->i > 3)
		*out++ = (uint8_t)(s->quad[2] << 6 | s->quad[3]);
	s->i = 0;

	return out;
}

int lws_b64_decode_stateful(struct lws_b64state *s, const char *in, size_t *in_len, uint8_t *out, size_t *out_size,
			    int final)
{
	const char *start = in, *end = in + *in_len;
	uint8_t *out_start = out, *out_end = out + *out_size;

	while (in < end && *in && out_end - out > 4) {
		int value = value_of(*in++);

		if (value < 0)
			continue;
		s->quad[s->i++] = (unsigned char)value;
		if (s->i == 4)
			out = flush(s, out);
	}

	if (final && (in == end || !*in) && out_end - out > 2)
		out = flush(s, out);
	if (out < out_end)
		*out = '\0';

	*in_len = (size_t)(in - start);
	*out_size = (size_t)(out - out_start);
	s->done += *out_size;

	return 0;
}

int lws_b64_decode_string_len(const char *in, int in_len, char *out, int out_size)
{
	size_t length = in_len < 0 ? strlen(in) : (size_t)in_len, size = out_size < 0 ? 0 : (size_t)out_size;
	struct lws_b64state state;

	lws_b64_decode_state_init(&state);
	lws_b64_decode_stateful(&state, in, &length, (uint8_t *)out, &size, 1);

	return (int)size;
}

int lws_b64_decode_string(const char *in, char *out, int out_size)
{
	return lws_b64_decode_string_len(in, -1, out, out_size);
}
