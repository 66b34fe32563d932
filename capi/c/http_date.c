/* Dates of HTTP, RFC 9110, 5.6.7 */
#define _GNU_SOURCE /* timegm */
#include <libwebsockets.h>

#include <time.h>

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char days[] = "SunMonTueWedThuFriSat";
static const char * const long_days[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };

int lws_http_date_render_from_unix(char *buf, size_t len, const time_t *t)
{
	char text[64];
	struct tm tm;

	if (!gmtime_r(t, &tm) || tm.tm_year < -1900 || tm.tm_year > 9999 - 1900)
		return -1;

	lws_snprintf(text, sizeof(text), "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * tm.tm_wday, tm.tm_mday,
		     months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (strlen(text) >= len)
		return -1;
	memcpy(buf, text, strlen(text) + 1);

	return 0;
}

/* Index of the three letters at p in a table of such, -1 if they are not there. */
static int find(const char *table, const char *p)
{
	int n;

	for (n = 0; table[3 * n]; n++)
		if (!memcmp(table + 3 * n, p, 3))
			return n;

	return -1;
}

/*
 * Reads text as pattern says: D is a day of the month, B the name of a month, Y a year of four digits, y one of two, h m s the time, d
 * a digit or a space before one-digit days; anything else stands for itself. Nonzero if it does not fit.
 */
static int match(const char *text, const char *pattern, struct tm *tm)
{
	memset(tm, 0, sizeof(*tm));

	for (; *pattern; pattern++) {
		int digits = strchr("Y", *pattern) ? 4 : strchr("Dydhms", *pattern) ? 2 : 0, value = 0;

		if (*pattern == 'B') {
			tm->tm_mon = find(months, text);
			if (tm->tm_mon < 0)
				return 1;
			text += 3;
			continue;
		}
		if (!digits) {
			if (*text++ != *pattern)
				return 1;
			continue;
		}

		for (; digits; digits--, text++) {
			if (*pattern == 'd' && digits == 2 && *text == ' ')
				continue;
			if (*text < '0' || *text > '9')
				return 1;
			value = 10 * value + *text - '0';
		}

		switch (*pattern) {
		case 'D':
		case 'd':
			tm->tm_mday = value;
			break;
		case 'Y':
			tm->tm_year = value - 1900;
			break;
		case 'y':
			tm->tm_year = value;
			break;
		case 'h':
			tm->tm_hour = value;
			break;
		case 'm':
			tm->tm_min = value;
			break;
		case 's':
			tm->tm_sec = value;
			break;
		}
	}

	return 0;
}

/* A year of two digits that would be more than 50 years ahead is in the past century. */
static int full_year(int two_digits)
{
	time_t now = time(NULL);
	struct tm tm;
	int year;

	if (!gmtime_r(&now, &tm))
		return two_digits;

	year = tm.tm_year - tm.tm_year % 100 + two_digits;

	return year > tm.tm_year + 50 ? year - 100 : year;
}

static int in_range(const struct tm *tm)
{
	static const int month_days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	/* 60 is a leap second */
	return tm->tm_mday >= 1 && tm->tm_mday <= month_days[tm->tm_mon] && tm->tm_hour < 24 && tm->tm_min < 60 &&
	       tm->tm_sec <= 60;
}

int lws_http_date_parse_unix(const char *b, size_t len, time_t *t)
{
	char text[40];
	struct tm tm;
	unsigned int n;
	int wrong = 1;

	/* the copy ends in NULs, so that nothing reads behind it */
	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memset(text, 0, sizeof(text));
	memcpy(text, b, strnlen(b, len));

	/* "Sun, 06 Nov 1994 08:49:37 GMT", and "Sun Nov  6 08:49:37 1994" */
	if (find(days, text) >= 0)
		wrong = text[3] == ',' ? match(text + 3, ", D B Y h:m:s GMT", &tm) :
					 match(text + 3, " B d h:m:s Y", &tm);

	/* "Sunday, 06-Nov-94 08:49:37 GMT" */
	for (n = 0; wrong && n < sizeof(long_days) / sizeof(long_days[0]); n++) {
		size_t length = strlen(long_days[n]);

		if (strncmp(text, long_days[n], length))
			continue;
		wrong = match(text + length, ", D-B-y h:m:s GMT", &tm);
		if (!wrong)
			tm.tm_year = full_year(tm.tm_year);
	}

	if (wrong || !in_range(&tm))
		return -1;

	*t = timegm(&tm);

	return 0;
}
