/*
 * Dates of HTTP, RFC 9110 section 5.6.7, in the form that is to be sent. The locale must not matter, so strftime() and strptime()
 * are of no use.
 */
#include <libwebsockets.h>
#include <stdio.h>
#include <time.h>

#define DATE_LENGTH 29

static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int lws_http_date_render_from_unix(char *buf, size_t len, const time_t *t)
{
	struct tm tm;

	if (len <= DATE_LENGTH || !gmtime_r(t, &tm) || tm.tm_year < -1900 || tm.tm_year > 9999 - 1900)
		return -1;
	snprintf(buf, len, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
		 tm.tm_hour, tm.tm_min, tm.tm_sec);
	return 0;
}

static int find(const char (*names)[4], int count, const char *text)
{
	int i;

	for (i = 0; i < count; i++)
		if (!memcmp(names[i], text, 3))
			return i;
	return -1;
}

/* The number, or -1 where a byte is no digit or the number is above limit */
static int number(const char *text, int digits, int limit)
{
	int i, n = 0;

	for (i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = n * 10 + text[i] - '0';
	}
	return n > limit ? -1 : n;
}

int lws_http_date_parse_unix(const char *b, size_t len, time_t *t)
{
	static const char punctuation[DATE_LENGTH + 1] = "???, ?? ??? ???? ??:??:?? GMT";
	struct tm tm, check;
	time_t seconds;
	int i;

	if (len < DATE_LENGTH)
		return -1;
	for (i = 0; i < DATE_LENGTH; i++)
		if (punctuation[i] != '?' && punctuation[i] != b[i])
			return -1;

	memset(&tm, 0, sizeof(tm));
	tm.tm_mday = number(b + 5, 2, 31);
	tm.tm_mon = find(months, 12, b + 8);
	tm.tm_year = number(b + 12, 4, 9999);
	tm.tm_hour = number(b + 17, 2, 23);
	tm.tm_min = number(b + 20, 2, 59);
	tm.tm_sec = number(b + 23, 2, 60); /* a leap second */
	if (find(days, 7, b) < 0 || tm.tm_mday < 1 || tm.tm_mon < 0 || tm.tm_year < 1900 || tm.tm_hour < 0 || tm.tm_min < 0 || tm.tm_sec < 0)
		return -1;
	tm.tm_year -= 1900;

	/* The 31st of a month that has 30 days becomes another day: then there is no such date. */
	check = tm;
	check.tm_hour = check.tm_min = check.tm_sec = 0;
	timegm(&check);
	if (check.tm_mday != tm.tm_mday)
		return -1;

	seconds = timegm(&tm);
	if (seconds == (time_t)-1)
		return -1;
	*t = seconds;
	return 0;
}
