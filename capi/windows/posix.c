#include <winsock2.h>

#include <windows.h>
#include <ntsecapi.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <syslog.h>

#include "posix.h"

struct tm *gmtime_r(const time_t *time, struct tm *result)
{
	return gmtime_s(result, time) ? NULL : result;
}

struct tm *localtime_r(const time_t *time, struct tm *result)
{
	return localtime_s(result, time) ? NULL : result;
}

void *memmem(const void *bytes, size_t length, const void *wanted, size_t wanted_length)
{
	const char *at = bytes, *end = at + length;

	if (!wanted_length)
		return (void *)at;
	for (; (size_t)(end - at) >= wanted_length; at++) {
		at = memchr(at, *(const char *)wanted, (size_t)(end - at) - wanted_length + 1);
		if (!at)
			return NULL;
		if (!memcmp(at, wanted, wanted_length))
			return (void *)at;
	}

	return NULL;
}

ssize_t getrandom(void *buffer, size_t length, unsigned int flags)
{
	ULONG part = length > 1 << 20 ? 1 << 20 : (ULONG)length;

	(void)flags;

	return RtlGenRandom(buffer, part) ? (ssize_t)part : -1;
}

void syslog(int priority, const char *format, ...)
{
	char line[1024];
	va_list arguments;

	(void)priority;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	OutputDebugStringA(line);
}
