#include <libwebsockets.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <syslog.h>
#include <time.h>

#include "log.h"

/* Also what callers may rely on: lwsl_hexdump_level() writes lines that fit. */
#define LINE_SIZE 1024

typedef void (*emitter)(int level, const char *line);

static _Atomic int enabled_levels = LLL_ERR | LLL_WARN | LLL_NOTICE;
static _Atomic(emitter) emit = lwsl_emit_stderr;

/* One for each level, in order of the bits */
static const struct {
	char letter;
	const char *colour;
} levels[LLL_COUNT] = {
	{ 'E', "\033[31;1m" },
	{ 'W', "\033[36;1m" },
	{ 'N', "\033[35;1m" },
	{ 'I', "\033[32;1m" },
	{ 'D', "\033[34;1m" },
	{ 'P', "\033[33;1m" },
	{ 'H', "\033[33m" },
	{ 'X', "\033[33m" },
	{ 'C', "\033[33m" },
	{ 'L', "\033[33;1m" },
	{ 'U', "\033[0;1m" },
	{ 'T', "\033[31m" },
};

void lws_set_log_level(int level, void (*log_emit_function)(int level, const char *line))
{
	atomic_store_explicit(&enabled_levels, level, memory_order_relaxed);
	if (log_emit_function)
		atomic_store_explicit(&emit, log_emit_function, memory_order_release);
}

int lwsl_visible(int level)
{
	return atomic_load_explicit(&enabled_levels, memory_order_relaxed) & level;
}

static void emit_line(int level, const char *line)
{
	atomic_load_explicit(&emit, memory_order_acquire)(level, line);
}

void _lws_logv(int filter, const char *format, va_list vl)
{
	static const char cut[] = "...\n";
	char line[LINE_SIZE];
	int before = errno;
	int length;

	if (!lwsl_visible(filter))
		return;

	length = vsnprintf(line, sizeof(line), format, vl);
	if (length >= (int)sizeof(line))
		memcpy(line + sizeof(line) - sizeof(cut), cut, sizeof(cut));
	if (length >= 0)
		emit_line(filter, line);

	/* programs log between a system call and the look at why it failed */
	errno = before;
}

void _lws_log(int filter, const char *format, ...)
{
	va_list vl;

	va_start(vl, format);
	_lws_logv(filter, format, vl);
	va_end(vl);
}

void golws_log(int level, const char *text, size_t len)
{
	char small[LINE_SIZE], *line = small;

	if (!lwsl_visible(level))
		return;

	if (len + 2 > sizeof(small)) {
		line = malloc(len + 2);
		if (!line) {
			line = small;
			len = sizeof(small) - 2;
		}
	}

	if (len)
		memcpy(line, text, len);
	if (!len || line[len - 1] != '\n')
		line[len++] = '\n';
	line[len] = '\0';

	emit_line(level, line);

	if (line != small)
		free(line);
}

int lwsl_timestamp(int level, char *p, size_t len)
{
	unsigned int index = 0;
	struct timespec now;
	struct tm local;
	int length;

	if (!len)
		return 0;
	p[0] = '\0';

	while (index < LLL_COUNT && level != (1 << index))
		index++;
	if (index == LLL_COUNT)
		return 0;

	clock_gettime(CLOCK_REALTIME, &now);
	if (localtime_r(&now.tv_sec, &local))
		length = snprintf(p, len, "[%04d/%02d/%02d %02d:%02d:%02d:%04d] %c: ",
				  local.tm_year + 1900, local.tm_mon + 1, local.tm_mday,
				  local.tm_hour, local.tm_min, local.tm_sec,
				  (int)(now.tv_nsec / 100000), levels[index].letter);
	else
		length = snprintf(p, len, "[%lld:%04d] %c: ", (long long)now.tv_sec,
				  (int)(now.tv_nsec / 100000), levels[index].letter);

	return length < (int)len ? length : (int)len - 1;
}

static void write_stderr(int level, const char *stamp, const char *line)
{
	static _Atomic int terminal; /* 0 until looked, then 1 for no and 2 for yes */
	int is_terminal = atomic_load_explicit(&terminal, memory_order_relaxed);
	unsigned int index = LLL_COUNT - 1;

	if (!is_terminal) {
		is_terminal = 1 + !!isatty(STDERR_FILENO);
		atomic_store_explicit(&terminal, is_terminal, memory_order_relaxed);
	}

	/* each is one call, so that lines of several threads do not mix */
	if (is_terminal == 1) {
		fprintf(stderr, "%s%s", stamp, line);
		return;
	}

	while (index && !(level & (1 << index)))
		index--;
	fprintf(stderr, "%s%s%s\033[0m", levels[index].colour, stamp, line);
}

void lwsl_emit_stderr(int level, const char *line)
{
	char stamp[64];

	lwsl_timestamp(level, stamp, sizeof(stamp));
	write_stderr(level, stamp, line);
}

void lwsl_emit_stderr_notimestamp(int level, const char *line)
{
	write_stderr(level, "", line);
}

void lwsl_emit_syslog(int level, const char *line)
{
	int priority = LOG_DEBUG;

	switch (level) {
	case LLL_ERR:
		priority = LOG_ERR;
		break;
	case LLL_WARN:
		priority = LOG_WARNING;
		break;
	case LLL_NOTICE:
		priority = LOG_NOTICE;
		break;
	case LLL_INFO:
		priority = LOG_INFO;
		break;
	}

	syslog(priority, "%s", line);
}

/* Room for an offset of any size, three characters a byte, a gap, the text, a newline and a NUL */
#define DUMP_WIDTH 16
#define DUMP_SIZE (16 + 2 + 3 * DUMP_WIDTH + 3 + DUMP_WIDTH + 2)

static void dump_row(char *row, size_t offset, const unsigned char *bytes, size_t count)
{
	size_t n;

	row += sprintf(row, "%04zX: ", offset);
	for (n = 0; n < DUMP_WIDTH; n++)
		if (n < count)
			row += sprintf(row, "%02X ", bytes[n]);
		else
			row += sprintf(row, "   ");

	row += sprintf(row, "   ");
	for (n = 0; n < DUMP_WIDTH; n++)
		if (n >= count)
			*row++ = ' ';
		else
			*row++ = bytes[n] >= 0x20 && bytes[n] < 0x7f ? (char)bytes[n] : '.';

	*row++ = '\n';
	*row = '\0';
}

void lwsl_hexdump_level(int level, const void *vbuf, size_t len)
{
	const unsigned char *bytes = vbuf;
	char row[DUMP_SIZE];
	size_t offset;

	if (!lwsl_visible(level))
		return;

	if (!len) {
		_lws_log(level, "(hexdump: zero length)\n");
		return;
	}
	if (!bytes) {
		_lws_log(level, "(hexdump: NULL ptr)\n");
		return;
	}

	_lws_log(level, "\n");
	for (offset = 0; offset < len; offset += DUMP_WIDTH) {
		dump_row(row, offset, bytes + offset,
			 len - offset < DUMP_WIDTH ? len - offset : DUMP_WIDTH);
		_lws_log(level, "%s", row);
	}
	_lws_log(level, "\n");
}

void lwsl_hexdump(const void *buf, size_t len)
{
	lwsl_hexdump_level(LLL_DEBUG, buf, len);
}
