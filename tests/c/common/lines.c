#include "lines.h"

#include <libwebsockets.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char lines[65536], copy[65536];

static void keep(int level, const char *line)
{
	size_t used;

	pthread_mutex_lock(&mutex);
	used = strlen(lines);
	snprintf(lines + used, sizeof(lines) - used, "%d %s", level, line);
	pthread_mutex_unlock(&mutex);
}

void lines_keep(void)
{
	pthread_mutex_lock(&mutex);
	lines[0] = '\0';
	pthread_mutex_unlock(&mutex);
	lws_set_log_level(LLL_ERR | LLL_WARN | LLL_NOTICE, keep);
}

void lines_end(void)
{
	lws_set_log_level(0, keep);
}

const char *lines_all(void)
{
	pthread_mutex_lock(&mutex);
	memcpy(copy, lines, sizeof(copy));
	pthread_mutex_unlock(&mutex);
	return copy;
}

bool lines_have(int level, const char *a, const char *b)
{
	const char *at = lines_all(), *end;
	char start[16], line[2048];

	snprintf(start, sizeof(start), "%d ", level);
	for (; (end = strchr(at, '\n')); at = end + 1) {
		snprintf(line, sizeof(line), "%.*s", (int)(end - at), at);
		if (!strncmp(line, start, strlen(start)) && strstr(line, a) && strstr(line, b))
			return true;
	}
	return false;
}
