/*
 * Functions that take an enum lws_token_indexes. 4.2 has one more request header in it, before the tokens that
 * describe a client's request.
 */
#include "interface_4_1.h"

static enum lws_token_indexes token(int token_4_1)
{
	return (enum lws_token_indexes)(token_4_1 < GOLWS_4_1_TOKEN_CLIENT_SENT_PROTOCOLS ? token_4_1 : token_4_1 + 1);
}

const unsigned char *golws_4_1_lws_token_to_string(int h)
{
	return lws_token_to_string(token(h));
}

int golws_4_1_lws_hdr_total_length(struct lws *wsi, int h)
{
	return lws_hdr_total_length(wsi, token(h));
}

int golws_4_1_lws_hdr_fragment_length(struct lws *wsi, int h, int frag_idx)
{
	return lws_hdr_fragment_length(wsi, token(h), frag_idx);
}

int golws_4_1_lws_hdr_copy(struct lws *wsi, char *dest, int len, int h)
{
	return lws_hdr_copy(wsi, dest, len, token(h));
}

int golws_4_1_lws_hdr_copy_fragment(struct lws *wsi, char *dest, int len, int h, int frag_idx)
{
	return lws_hdr_copy_fragment(wsi, dest, len, token(h), frag_idx);
}

int golws_4_1_lws_add_http_header_by_token(struct lws *wsi, int h, const unsigned char *value, int length,
					   unsigned char **p, unsigned char *end)
{
	return lws_add_http_header_by_token(wsi, token(h), value, length, p, end);
}
