#include <libwebsockets.h>

#include "hex.h"

const char *lws_urlencode(char *escaped, const char *string, int len)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = escaped, *end = escaped + len - 1;

	if (len <= 0)
		return escaped;

	for (; *string; string++) {
		unsigned char c = (unsigned char)*string;

		if (c == ' ' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
			if (end - out < 1)
				break;
			*out++ = c == ' ' ? '+' : (char)c;
		} else {
			if (end - out < 3)
				break;
			*out++ = '%';
			*out++ = digits[c >> 4];
			*out++ = digits[c & 15];
		}
	}
	*out = '\0';

	return escaped;
}

int lws_urldecode(char *string, const char *escaped, int len)
{
	while (*escaped && len > 0) {
		char c = *escaped++;

		if (c == '+')
			c = ' ';
		else if (c == '%') {
			int high, low;

			if (!escaped[0])
				break;
			high = golws_hex_digit(escaped[0]);
			if (high < 0)
				return -1;
			if (!escaped[1])
				break;
			low = golws_hex_digit(escaped[1]);
			if (low < 0)
				return -1;
			c = (char)(high << 4 | low);
			escaped += 2;
		}

		*string++ = c;
		len--;
	}
	*string = '\0';

	return 0;
}
