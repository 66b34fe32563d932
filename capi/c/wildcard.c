#include <libwebsockets.h>

int lws_strcmp_wildcard(const char *wildcard, size_t len, const char *check)
{
	const char *end = wildcard + len, *after_star = NULL, *retry = NULL;

	while (*check) {
		if (wildcard < end && *wildcard == '*') {
			after_star = ++wildcard;
			retry = check;
		} else if (wildcard < end && *wildcard == *check) {
			wildcard++;
			check++;
		} else if (after_star) {
			/* let the last star stand for one character more; earlier ones need not change */
			wildcard = after_star;
			check = ++retry;
		} else {
			return 1;
		}
	}

	while (wildcard < end && *wildcard == '*')
		wildcard++;

	return wildcard < end;
}
